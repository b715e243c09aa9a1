//! Properties: their titles, their order, and which of them are required.

use serde_json::{Map, Value};

use super::super::document::order_of;
use super::{Dialect, words};

pub(super) fn settle(schema: &mut Map<String, Value>, dialect: Dialect) {
    let required = required(schema);
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    if dialect == Dialect::Config {
        for (name, property) in properties.iter_mut() {
            if let Value::Object(property) = property {
                property.entry("title").or_insert_with(|| words::title(name).into());
            }
        }
        order(properties, &required);
    }
}

/// The names in `required` that are properties; the keyword goes if there are none.
fn required(schema: &mut Map<String, Value>) -> Vec<String> {
    let Some(Value::Array(mut names)) = schema.remove("required") else { return Vec::new() };
    super::keywords::distinct(&mut names);
    let names: Vec<String> = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if !names.is_empty() {
        schema.insert("required".to_owned(), names.clone().into());
    }
    names
}

/// Numbers the properties from 0: the tag of a variant first, then by the order they were given, then required ones in
/// the order in which they are listed (schemars lists them as they are declared), then by name.
fn order(properties: &mut Map<String, Value>, required: &[String]) {
    let mut names: Vec<(bool, u64, usize, String)> = properties
        .iter()
        .map(|(name, property)| {
            let listed = required.iter().position(|other| other == name).unwrap_or(usize::MAX);
            (property.get("const").is_none(), order_of(property), listed, name.clone())
        })
        .collect();
    names.sort();
    for (place, (_, _, _, name)) in names.iter().enumerate() {
        if let Some(Value::Object(property)) = properties.get_mut(name) {
            property.insert("order".to_owned(), place.into());
        }
    }
}
