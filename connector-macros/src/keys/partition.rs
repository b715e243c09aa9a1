//! `#[partition(…)]`.

use super::{Attribute, Bare};

/// `#[partition(…)]`.
pub(crate) const PARTITION: Attribute = Attribute {
    name: "partition",
    place: "a stream's struct",
    doc: "Lists that the stream is read along, under names of your own: once for each combination. A list is an array, a `Vec`, a range, or an option of one. \
          `partition.name` is the value. In a stream with a `parent` each of its records is read along the lists, which may be fields of it: `#[partition(tag = parent.tags)]`.",
    example: r#"#[partition(region = config.regions, kind = ["open", "closed"])]"#,
    open: true,
    bare: Bare::No,
    keys: &[],
};
