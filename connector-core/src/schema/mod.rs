//! JSON schemas: of records, from their constant table; of the config, from what schemars gives.
//!
//! Both go through one rewriter (`rewrite`), because the same readers read both: draft 7; no `$ref`, `allOf`, `anyOf`,
//! `not` or `definitions`; an option is its type or null; a choice of objects is a `oneOf` with one common constant.

mod document;
mod fields;
mod record;
mod rewrite;
mod words;

pub use document::Schema;
pub use fields::SchemaFields;
pub use record::of_record;
pub use rewrite::of_config;
