//! `#[state(…)]`.

use super::{Attribute, Bare, CRATE, Shape, key};

/// `#[state(…)]`.
pub(crate) const STATE: Attribute = Attribute {
    name: "state",
    place: "a struct or enum under `#[derive(StateType)]`",
    doc: "A type that a stream's state is, `#[http(state = …)]`, in one of its versions. serde reads and writes it; the newest one has a `Default`, which a first sync begins with. The \
          document is `{\"version\":2,\"state\":…}`; one of an older version is read as the type of that version and made into the newest by `From`, one of a newer version is refused.",
    example: "#[state(version = 2, from = SyncTokenV1)]",
    open: false,
    bare: Bare::No,
    keys: &[
        key(
            "version",
            Shape::Value,
            "Its version: 1, and one more whenever what was written is not read any more.",
            "an error",
            "version = 2",
        ),
        key(
            "from",
            Shape::Type,
            "The type of the version before, which this one implements `From` of. What that one is made of is known through it.",
            "there is none",
            "from = SyncTokenV1",
        ),
        key(
            "unversioned",
            Shape::Type,
            "The type of a state without a version, such as another connector's, which this one implements `From` of; `Self` if that has the same form.",
            "such a state is refused",
            "unversioned = PythonState",
        ),
        CRATE,
    ],
};
