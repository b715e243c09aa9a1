//! The secrets of a config, found by its schema.

use serde_json::Value;

use super::Mask;

impl Mask {
    /// Adds every value of the config that the schema marks `airbyte_secret`: in nested objects, in lists, in all variants
    /// of a choice (which of them the config means is no matter here; a secret too many does no harm).
    pub fn collect(&self, schema: &Value, config: &Value) {
        if schema.get("airbyte_secret") == Some(&Value::Bool(true)) {
            self.add_all(config);
            return;
        }
        for keyword in ["oneOf", "anyOf", "allOf"] {
            for variant in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                self.collect(variant, config);
            }
        }
        if let (Some(properties), Some(fields)) =
            (schema.get("properties").and_then(Value::as_object), config.as_object())
        {
            for (name, property) in properties {
                if let Some(value) = fields.get(name) {
                    self.collect(property, value);
                }
            }
        }
        if let (Some(items), Some(values)) = (schema.get("items"), config.as_array()) {
            values.iter().for_each(|value| self.collect(items, value));
        }
        if let (Some(each), Some(fields)) =
            (schema.get("additionalProperties").filter(|each| each.is_object()), config.as_object())
        {
            fields.values().for_each(|value| self.collect(each, value));
        }
    }

    /// A secret that is no string is one all the same.
    fn add_all(&self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Number(number) => self.add(&number.to_string()),
            Value::Array(values) => values.iter().for_each(|value| self.add_all(value)),
            Value::Object(fields) => fields.values().for_each(|value| self.add_all(value)),
            Value::Null | Value::Bool(_) => {}
        }
    }
}
