//! `#[variants(…)]`.

use super::{Attribute, Bare};

/// `#[variants(…)]`.
pub(crate) const VARIANTS: Attribute = Attribute {
    name: "variants",
    place: "a stream's struct",
    doc: "The struct describes several streams, which differ in a few values. Each variant is a struct of its own, with these fields and \
        attributes; it is listed and named by its name. Where an attribute says `variant.kind`, or a string in one `{variant.kind}`, \
        the variant's literal stands.",
    example: r#"#[variants(Sales(kind = "s", day = 1), Returns(kind = "r", day = 2))]"#,
    open: true,
    bare: Bare::No,
    keys: &[],
};
