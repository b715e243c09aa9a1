//! The one rewriter: any schema that schemars or our own tables make, to what readers of a spec and a catalog accept.
//!
//! Rules (the platform's acceptance tests and PyAirbyte ask for them): draft 7; references inlined; `allOf` merged; a
//! choice is an `enum`, or a `oneOf` of objects with one common `const` property; an option is its type or null in a
//! record, and merely not required in a config; formats of numbers go; nothing is forbidden by `additionalProperties`.

mod choice;
mod keywords;
mod merge;
mod properties;
mod references;

use serde_json::{Map, Value, json};

use super::{Schema, words};

/// Whose schema it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// The config's: forms are made of it.
    Config,
    /// A record's: tables are made of it.
    Record,
}

/// The spec's schema, from what schemars makes of the config's type.
///
/// Titles are the field's name in words unless its doc comment begins with a heading; descriptions are the doc comment.
/// `order` is kept where fields have it (`#[schemars(extend("order" = 0))]`, which `#[source]` and `#[config]` write);
/// otherwise required fields come first, in their order.
///
/// ```
/// use connector_core::{Secret, schema};
/// #[derive(schemars::JsonSchema)]
/// struct Config {
///     /// From Settings → API.
///     api_token: Secret,
///     page_size: Option<u32>,
/// }
/// let spec = schema::of_config(schemars::schema_for!(Config).to_value());
/// assert_eq!(spec["properties"]["api_token"], serde_json::json!({
///     "title": "API token", "description": "From Settings → API.", "type": "string", "airbyte_secret": true, "order": 0
/// }));
/// assert_eq!(spec["properties"]["page_size"]["type"], "integer");
/// assert_eq!(spec["required"], serde_json::json!(["api_token"]));
/// ```
#[must_use]
pub fn of_config(raw: Value) -> Schema {
    let mut schema = rewrite(raw, Dialect::Config);
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("type".to_owned(), json!("object"));
        fields.insert("additionalProperties".to_owned(), json!(true));
        // A config without fields still wants a form.
        fields.entry("properties").or_insert_with(|| json!({}));
    }
    Schema::from(schema)
}

/// Rewrites a whole document.
pub(super) fn rewrite(raw: Value, dialect: Dialect) -> Value {
    let mut schema = node(references::inline(raw), dialect);
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    Value::Object(schema)
}

/// Rewrites a schema whose references are inlined, inner ones first.
fn node(schema: Value, dialect: Dialect) -> Map<String, Value> {
    let Value::Object(mut schema) = schema else { return Map::new() }; // `true`: anything goes
    children(&mut schema, |child| *child = Value::Object(node(child.take(), dialect)));
    merge::all_of(&mut schema);
    let nullable = choice::settle(&mut schema, dialect);
    keywords::settle(&mut schema, nullable, dialect);
    properties::settle(&mut schema, dialect);
    schema
}

/// Goes over the schemas inside a schema, and over nothing that is a value or a name.
fn children(schema: &mut Map<String, Value>, mut each: impl FnMut(&mut Value)) {
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => properties.values_mut().for_each(&mut each),
            ("oneOf" | "anyOf" | "allOf" | "prefixItems", Value::Array(parts)) => parts.iter_mut().for_each(&mut each),
            ("items" | "additionalProperties", value @ Value::Object(_)) => each(value),
            _ => {}
        }
    }
}

/// Whether a schema is of one type.
fn has_type(schema: &Value, name: &str) -> bool {
    schema.get("type").is_some_and(|found| found == name)
}
