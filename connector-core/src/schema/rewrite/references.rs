//! References: each is replaced by what it refers to.

use serde_json::{Map, Value, json};

use super::{children, merge};

/// Inlines all references to definitions, and drops the definitions. A definition inside itself becomes a plain object.
pub(super) fn inline(mut raw: Value) -> Value {
    let mut definitions = Map::new();
    for keyword in ["$defs", "definitions"] {
        if let Some(Value::Object(found)) = raw.as_object_mut().and_then(|schema| schema.remove(keyword)) {
            definitions.extend(found);
        }
    }
    inlined(raw, &definitions, &mut Vec::new())
}

fn inlined(schema: Value, definitions: &Map<String, Value>, above: &mut Vec<String>) -> Value {
    let Value::Object(mut schema) = schema else { return json!({}) };
    children(&mut schema, |child| *child = inlined(child.take(), definitions, above));
    if let Some(Value::String(reference)) = schema.remove("$ref") {
        let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
        let target = match definitions.get(&name) {
            Some(target) if !above.contains(&name) => {
                above.push(name);
                let target = inlined(target.clone(), definitions, above);
                above.pop();
                target
            }
            _ => json!({ "type": "object" }),
        };
        // What stands beside a reference is said of this place: it goes before what the definition says of itself.
        merge::onto(&mut schema, target);
    }
    Value::Object(schema)
}
