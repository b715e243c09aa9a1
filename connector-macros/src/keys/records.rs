//! What is said of the records: `#[primary_key]`, `#[add(…)]`, `#[remove(…)]`.

use super::{Attribute, Bare};

/// `#[primary_key]`.
pub(crate) const PRIMARY_KEY: Attribute = Attribute {
    name: "primary_key",
    place: "a field, or with field paths the struct",
    doc: "The field, or fields, that identify a record. On the struct it names nested fields: `#[primary_key(account.id, day)]`.",
    example: "#[primary_key]",
    open: false,
    bare: Bare::Fields,
    keys: &[],
};

/// `#[add(…)]`.
pub(crate) const ADD: Attribute = Attribute {
    name: "add",
    place: "a stream's struct",
    doc: "Fields that are added to each record, under names of your own. A value may read all that a request's may but the `page`, and fields of the `record`; `now()` is one \
          moment for a whole slice. Its type makes the field's schema. What the record has under the same name gives way. An added field may stand in \
          `#[primary_key(user_id, id)]` on the struct.",
    example: r#"#[add(user_id = parent.id, region = config.region, full_name = "{record.first} {record.last}")]"#,
    open: true,
    bare: Bare::No,
    keys: &[],
};

/// `#[remove(…)]`.
pub(crate) const REMOVE: Attribute = Attribute {
    name: "remove",
    place: "a stream's struct",
    doc: "Fields that do not leave. They are checked, and may be read by children and by added fields, all the same.",
    example: "#[remove(secret, owner.email)]",
    open: false,
    bare: Bare::Fields,
    keys: &[],
};
