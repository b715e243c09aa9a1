//! Types, formats and the keywords that readers do not accept.

use serde_json::{Map, Value, json};

use super::{Dialect, words};

/// Keywords that are gone once references and choices are settled, or that draft 7 or the acceptance tests do not have.
const DROPPED: &[&str] = &[
    "$ref",
    "$defs",
    "definitions",
    "$id",
    "$anchor",
    "$comment",
    "allOf",
    "anyOf",
    "not",
    "if",
    "then",
    "else",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "dependencies",
    "dependentSchemas",
    "dependentRequired",
    "unevaluatedProperties",
    "unevaluatedItems",
    "nullable",
];

/// The formats of strings that readers know; `int64`, `double` and the like say nothing to them.
const FORMATS: &[&str] = &["date-time", "date", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "password"];

pub(super) fn settle(schema: &mut Map<String, Value>, mut nullable: bool, dialect: Dialect) {
    DROPPED.iter().for_each(|keyword| drop(schema.remove(*keyword)));
    nullable |= single_type(schema);
    format(schema, dialect);
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        nullable |= values.iter().any(Value::is_null);
        values.retain(|value| !value.is_null());
        distinct(values);
    }
    if schema.get("default").is_some_and(Value::is_null) {
        schema.remove("default");
    }
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = words::running(description);
    }
    if schema.get("items").is_some_and(|items| !items.is_object()) {
        schema.remove("items"); // a tuple: each item has its own type
    }
    open(schema, dialect);
    if nullable && dialect == Dialect::Record {
        or_null(schema);
    }
}

/// Leaves one type besides null; tells whether null was among them.
fn single_type(schema: &mut Map<String, Value>) -> bool {
    let Some(Value::Array(kinds)) = schema.get("type") else { return false };
    let nullable = kinds.iter().any(|kind| kind == "null");
    let kinds: Vec<Value> = kinds.iter().filter(|kind| *kind != "null").cloned().collect();
    let has = |name: &str| kinds.iter().any(|kind| kind == name);
    let single = match kinds.as_slice() {
        [single] => Some(single.clone()),
        // A decimal may be written either way; the pattern is that of its string form.
        _ if has("string") && has("number") && kinds.len() == 2 && schema.contains_key("pattern") => {
            schema.remove("pattern");
            Some(json!("number"))
        }
        _ => None,
    };
    match single {
        Some(single) => schema.insert("type".to_owned(), single),
        None => schema.remove("type"),
    };
    nullable
}

fn format(schema: &mut Map<String, Value>, dialect: Dialect) {
    let Some(format) = schema.get("format").and_then(Value::as_str) else { return };
    if FORMATS.contains(&format) {
        return;
    }
    // schemars' names for what has no zone; `date-time` would ask for one.
    let naive = match format {
        "partial-date-time" => {
            Some(("date-time", "timestamp_without_timezone", "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?$"))
        }
        "partial-time" => Some(("time", "time_without_timezone", "^\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?$")),
        _ => None,
    };
    schema.remove("format");
    match naive {
        Some((format, airbyte_type, _)) if dialect == Dialect::Record => {
            schema.insert("format".to_owned(), format.into());
            schema.insert("airbyte_type".to_owned(), airbyte_type.into());
        }
        Some((_, _, pattern)) => drop(schema.entry("pattern").or_insert(pattern.into())),
        None => {}
    }
}

/// Nothing is forbidden: a record may have fields that its struct does not name, a config keys of a later version.
fn open(schema: &mut Map<String, Value>, dialect: Dialect) {
    let values = schema.remove("additionalProperties");
    // A map of secrets: the mark goes to the map, since readers accept no schema for its values.
    if values.is_some_and(|values| values.get("airbyte_secret") == Some(&json!(true))) {
        schema.insert("airbyte_secret".to_owned(), json!(true));
    }
    if dialect == Dialect::Record && schema.get("type").is_some_and(|kind| kind == "object") {
        schema.insert("additionalProperties".to_owned(), json!(true));
    }
}

/// An option: its type or null, and null among the values of an enum.
fn or_null(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get("type").filter(|kind| kind.is_string()).cloned() {
        schema.insert("type".to_owned(), json!([kind, "null"]));
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
}

/// Removes what is in a list already.
pub(super) fn distinct(values: &mut Vec<Value>) {
    let mut seen: Vec<Value> = Vec::new();
    values.retain(|value| {
        let new = !seen.contains(value);
        if new {
            seen.push(value.clone());
        }
        new
    });
}
