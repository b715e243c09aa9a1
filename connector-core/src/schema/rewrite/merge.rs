//! Two schemas made one.

use serde_json::{Map, Value, json};

/// Merges the parts of an `allOf`.
pub(super) fn all_of(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(parts)) = schema.remove("allOf") {
        parts.into_iter().for_each(|part| onto(schema, part));
    }
}

/// Adds what another schema says to one; where both say something, the first stays.
pub(super) fn onto(schema: &mut Map<String, Value>, other: Value) {
    let Value::Object(other) = other else { return };
    for (keyword, theirs) in other {
        match (keyword.as_str(), schema.get_mut(&keyword), theirs) {
            (_, None, theirs) => {
                schema.insert(keyword, theirs);
            }
            ("properties", Some(Value::Object(ours)), Value::Object(theirs)) => {
                for (name, property) in theirs {
                    ours.entry(name).or_insert(property);
                }
            }
            ("required", Some(Value::Array(ours)), Value::Array(theirs)) => {
                let new: Vec<_> = theirs.into_iter().filter(|name| !ours.contains(name)).collect();
                ours.extend(new);
            }
            // Two choices at one level (two flattened enums): the second's fields stay known, none of them required.
            ("oneOf" | "anyOf", Some(_), Value::Array(variants)) => loosely(schema, variants),
            _ => {}
        }
    }
}

/// Adds the properties of variants without requiring any: for a choice that cannot be expressed. Their constants become
/// lists of the values that are possible.
pub(super) fn loosely(schema: &mut Map<String, Value>, variants: Vec<Value>) {
    let mut known = Map::new();
    for variant in variants {
        let Value::Object(mut variant) = variant else { continue };
        if let Some(Value::Array(inner)) = variant.remove("oneOf") {
            let mut flat = Map::new();
            loosely(&mut flat, inner);
            onto(&mut variant, Value::Object(flat));
        }
        let Some(Value::Object(properties)) = variant.remove("properties") else { continue };
        for (name, mut property) in properties {
            let constant = property.as_object_mut().and_then(|property| property.remove("const"));
            let values = property.get("enum").and_then(Value::as_array).cloned();
            let values = values.or_else(|| constant.map(|value| vec![value])).unwrap_or_default();
            let entry = known.entry(name).or_insert(property);
            if let (Some(entry), false) = (entry.as_object_mut(), values.is_empty()) {
                let list = entry.entry("enum").or_insert_with(|| json!([]));
                if let Some(list) = list.as_array_mut() {
                    list.extend(values);
                    super::keywords::distinct(list);
                }
            }
        }
    }
    onto(schema, json!({ "type": "object", "properties": known }));
}
