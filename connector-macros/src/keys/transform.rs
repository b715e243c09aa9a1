//! `#[transform(…)]`.

use super::{Attribute, Bare, Key, Shape, key};

const fn empty(name: &'static str, words: &'static [&'static str], doc: &'static str, example: &'static str) -> Key {
    key(name, Shape::Choice(words), doc, "they stay", example)
}

const EMPTY: &[Key] = &[
    empty("strings", &["null", "drop"], "What becomes of fields that are `\"\"`.", "strings = null"),
    empty("lists", &["null", "drop"], "What becomes of fields that are `[]`.", "lists = drop"),
    empty("objects", &["null", "drop"], "What becomes of fields that are `{}`.", "objects = drop"),
    empty("nulls", &["drop"], "Fields that are null go.", "nulls = drop"),
];

/// `#[transform(…)]`.
pub(crate) const TRANSFORM: Attribute = Attribute {
    name: "transform",
    place: "a stream's struct",
    doc: "What is made of each record before it is compared with its struct, in the order of this table: the struct describes what leaves. \
        Numbers and strings that are not touched keep their bytes. Paging reads the records as they came.",
    example: r#"#[transform(explode = "lines", copy(order_id = "id"), cast)]"#,
    open: false,
    bare: Bare::No,
    keys: &[
        key(
            "entries",
            Shape::Text,
            "What was found is an object whose values are the records; their keys stand under this name in them. A list there is several records.",
            "",
            r#"entries = "currency""#,
        ),
        key(
            "explode",
            Shape::Text,
            "Each element of the list at this path becomes a record, which keeps the fields around the list; of two of one name, the element's own. A record without the list is an error, unless `records_optional`.",
            "",
            r#"explode = "lines""#,
        ),
        key(
            "copy",
            Shape::Names,
            "Of the fields around an exploded list only these are kept, under these names.",
            "all, under their own",
            r#"copy(order_id = "id", customer = "by.name")"#,
        ),
        key(
            "wrap",
            Shape::Text,
            "What was found stands under this name in its record: an object, or a number or a string, which is no record alone.",
            "",
            r#"wrap = "tag""#,
        ),
        key(
            "lift",
            Shape::Texts,
            "The fields of the objects at these paths stand in the record itself.",
            "",
            r#"lift("attributes")"#,
        ),
        key(
            "flatten",
            Shape::Text,
            "Objects in the record become fields of it, whose names are joined by this. Lists stay.",
            "",
            r#"flatten = "_""#,
        ),
        key(
            "rename",
            Shape::Names,
            "The values at these paths become fields of these names.",
            "",
            r#"rename(owner_id = "relationships.owner.id")"#,
        ),
        key(
            "replace_in_keys",
            Shape::Names,
            "Texts in keys, at any depth, and what they are replaced by.",
            "",
            r#"replace_in_keys("$" = "")"#,
        ),
        key(
            "keys",
            Shape::Choice(&["snake_case", "lower_case"]),
            "All keys, at any depth, are written so. Of two that become one, the last stays.",
            "as they came",
            "keys = snake_case",
        ),
        key(
            "empty",
            Shape::Keys(EMPTY),
            "What becomes of empty values, at any depth.",
            "they stay",
            "empty(strings = null)",
        ),
        key(
            "cast",
            Shape::Flag,
            "Values become what the struct says where that is beyond doubt: `\"12.50\"` a number, to the last digit; a number a string; `\"true\"`, `\"yes\"`, `1` true; a value where a list is due a list of one. What does not stays, and does not fit.",
            "as they came",
            "cast",
        ),
        key(
            "dates",
            Shape::Texts,
            "Forms, as in `#[cursor]`, that dates and date-times of the struct may have besides; they leave in RFC 3339.",
            "none",
            r#"dates("%d/%m/%Y", "epoch_seconds")"#,
        ),
    ],
};
