//! The rules that every schema has to keep, whoever wrote it: those of the platform's acceptance tests.

use serde_json::{Map, Value};

const FORBIDDEN: &[&str] = &[
    "$ref",
    "$defs",
    "definitions",
    "not",
    "anyOf",
    "allOf",
    "patternProperties",
    "prefixItems",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependentRequired",
    "nullable",
];

/// All broken rules, with the JSON pointer.
pub(crate) fn broken(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if schema["$schema"] != "http://json-schema.org/draft-07/schema#" || schema["type"] != "object" {
        found.push("the root is no draft 7 schema of an object".to_owned());
    }
    node(schema, "", &mut found);
    found
}

fn node(schema: &Value, at: &str, found: &mut Vec<String>) {
    let Some(fields) = schema.as_object() else { return found.push(format!("{at}: no schema")) };
    let mut wrong = |what: String| found.push(format!("{at}: {what}"));
    for keyword in FORBIDDEN.iter().filter(|keyword| fields.contains_key(**keyword)) {
        wrong(format!("has {keyword}"));
    }
    if fields.get("additionalProperties").is_some_and(|value| value != true) {
        wrong("additionalProperties is not true".to_owned());
    }
    if let Some(Value::Array(kinds)) = fields.get("type")
        && (kinds.len() != 2 || kinds[1] != "null")
    {
        wrong(format!("type is {kinds:?}"));
    }
    if let Some(Value::Array(values)) = fields.get("enum") {
        let mut texts: Vec<String> = values.iter().map(Value::to_string).collect();
        texts.sort();
        texts.dedup();
        if texts.len() != values.len() {
            wrong("an enum has a value twice".to_owned());
        }
    }
    if let Some(Value::Array(variants)) = fields.get("oneOf") {
        if fields.get("type").is_none_or(|kind| kind != "object") {
            wrong("oneOf without type object".to_owned());
        }
        let constants = |variant: &Value| -> Vec<String> {
            let none = Map::new();
            let properties = variant["properties"].as_object().unwrap_or(&none);
            properties
                .iter()
                .filter(|(_, property)| property.get("const").is_some())
                .map(|(name, _)| name.clone())
                .collect()
        };
        let common =
            constants(&variants[0]).into_iter().filter(|tag| variants.iter().all(|v| constants(v).contains(tag)));
        if common.count() != 1 {
            wrong("oneOf without one common constant".to_owned());
        }
        if variants.iter().any(|variant| variant.get("title").is_none()) {
            wrong("a variant without a title".to_owned());
        }
    }
    for (index, variant) in fields.get("oneOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
        node(variant, &format!("{at}/oneOf/{index}"), found);
    }
    for (name, property) in fields.get("properties").and_then(Value::as_object).into_iter().flatten() {
        node(property, &format!("{at}/properties/{name}"), found);
    }
    if let Some(items) = fields.get("items") {
        node(items, &format!("{at}/items"), found);
    }
}
