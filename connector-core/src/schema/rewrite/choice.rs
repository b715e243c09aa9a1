//! Choices: `anyOf` and `oneOf`, as types, enums or a `oneOf` of objects.

use serde_json::{Map, Value, json};

use super::{Dialect, has_type, merge, words};

/// Settles the choices of a schema; tells whether null is one of them.
pub(super) fn settle(schema: &mut Map<String, Value>, dialect: Dialect) -> bool {
    let mut nullable = false;
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(variants)) = schema.remove(keyword) {
            nullable |= among(schema, variants, dialect);
        }
    }
    nullable
}

fn among(schema: &mut Map<String, Value>, mut variants: Vec<Value>, dialect: Dialect) -> bool {
    let count = variants.len();
    variants.retain(|variant| !has_type(variant, "null"));
    let nullable = variants.len() < count;
    let open = variants.iter().any(|variant| variant.as_object().is_some_and(Map::is_empty));
    variants.retain(|variant| variant.as_object().is_some_and(|variant| !variant.is_empty()));
    // `T or anything` in a config is how schemars writes a flattened enum that may be absent.
    if open && !variants.is_empty() && variants.iter().all(|variant| has_type(variant, "object")) {
        merge::loosely(schema, variants);
        return nullable;
    }
    if open {
        return nullable; // anything goes, so nothing can be said
    }
    if variants.len() <= 1 {
        variants.into_iter().for_each(|variant| merge::onto(schema, variant));
        return nullable;
    }
    if let Some(values) = constants(&variants) {
        let kinds = variants.iter().filter_map(|variant| variant.get("type")).collect::<Vec<_>>();
        if let Some(&kind) = kinds.first().filter(|kind| kinds.iter().all(|other| other == *kind)) {
            schema.insert("type".to_owned(), kind.clone());
        }
        schema.insert("enum".to_owned(), Value::Array(values));
    } else if variants.iter().all(|variant| has_type(variant, "object")) {
        objects(schema, variants, dialect);
    } else if let Some(kind) = common_type(&variants) {
        schema.insert("type".to_owned(), kind);
    }
    nullable
}

/// The values of variants that each are one value or a list of values (an enum without data).
fn constants(variants: &[Value]) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    for variant in variants {
        match (variant.get("const"), variant.get("enum")) {
            (Some(value), _) => values.push(value.clone()),
            (None, Some(Value::Array(list))) => values.extend(list.iter().cloned()),
            _ => return None,
        }
    }
    Some(values)
}

/// A choice of objects (credentials): platforms show it as a drop-down, by the variants' titles.
fn objects(schema: &mut Map<String, Value>, mut variants: Vec<Value>, dialect: Dialect) {
    if dialect == Dialect::Record {
        // Tables have no variants: a column for each field that any of them has.
        return merge::loosely(schema, variants);
    }
    for variant in &mut variants {
        let title = tag(variant).map(words::title);
        if let (Some(variant), Some(title)) = (variant.as_object_mut(), title) {
            variant.entry("title").or_insert(title.into());
        }
    }
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("oneOf".to_owned(), Value::Array(variants));
}

/// The value of the constant property of a variant.
fn tag(variant: &Value) -> Option<&str> {
    let properties = variant.get("properties")?.as_object()?;
    properties.values().find_map(|property| property.get("const")?.as_str())
}

fn common_type(variants: &[Value]) -> Option<Value> {
    let first = variants.first()?.get("type")?;
    if variants.iter().all(|variant| variant.get("type") == Some(first)) {
        return Some(first.clone());
    }
    let numeric = |variant: &Value| has_type(variant, "number") || has_type(variant, "integer");
    variants.iter().all(numeric).then(|| json!("number"))
}
