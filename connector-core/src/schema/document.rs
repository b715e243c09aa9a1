//! A schema that remembers the order of its properties.

use std::fmt;
use std::ops::Deref;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// The order of a property that is not shown (records); the config's is `order`, which platforms sort their forms by.
pub(super) const HIDDEN_ORDER: &str = "x-order";

/// The keywords that come first, in this order; the others follow by name, the big ones last.
const FIRST: &[&str] =
    &["$schema", "title", "description", "type", "format", "airbyte_type", "const", "enum", "default"];
const LAST: &[&str] = &["required", "properties", "oneOf", "items", "additionalProperties"];

/// The keywords whose values are values, not schemas.
const VALUES: &[&str] = &["default", "const", "enum", "examples"];

/// A JSON schema; reads like the `serde_json::Value` that it holds, and is written with its properties in the order of
/// the struct's fields.
///
/// The order is kept within: properties without an `order` of their own have the keyword `x-order`, which is never written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema(Value);

impl Schema {
    /// The schema as a value, without any order.
    #[must_use]
    pub fn into_value(mut self) -> Value {
        forget_order(&mut self.0);
        self.0
    }
}

impl From<Value> for Schema {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl Deref for Schema {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

fn forget_order(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove(HIDDEN_ORDER);
            fields.values_mut().for_each(forget_order);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_order),
        _ => {}
    }
}

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Node(&self.0).serialize(serializer)
    }
}

/// A schema, or a list of schemas.
struct Node<'a>(&'a Value);

/// The value of `properties`: names to schemas.
struct Properties<'a>(&'a Map<String, Value>);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                let mut keys: Vec<&String> = fields.keys().filter(|key| *key != HIDDEN_ORDER).collect();
                keys.sort_by_key(|key| place_of(key));
                let mut map = serializer.serialize_map(Some(keys.len()))?;
                for key in keys {
                    match (key.as_str(), &fields[key]) {
                        ("properties", Value::Object(properties)) => {
                            map.serialize_entry(key, &Properties(properties))?;
                        }
                        (keyword, value) if VALUES.contains(&keyword) => map.serialize_entry(key, value)?,
                        (_, value) => map.serialize_entry(key, &Node(value))?,
                    }
                }
                map.end()
            }
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Node(item))?;
                }
                list.end()
            }
            other => other.serialize(serializer),
        }
    }
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries: Vec<(&String, &Value)> = self.0.iter().collect();
        entries.sort_by_key(|(_, schema)| order_of(schema));
        serializer.collect_map(entries.into_iter().map(|(name, schema)| (name, Node(schema))))
    }
}

/// The sort key of a keyword: a stable sort leaves the others as they are, by name.
fn place_of(key: &str) -> usize {
    let of = |list: &[&str]| list.iter().position(|known| *known == key);
    of(FIRST).or_else(|| of(LAST).map(|place| 1000 + place)).unwrap_or(FIRST.len())
}

/// The place of a property among its siblings; one without a place goes last.
pub(super) fn order_of(schema: &Value) -> u64 {
    schema.get(HIDDEN_ORDER).or_else(|| schema.get("order")).and_then(Value::as_u64).unwrap_or(u64::MAX)
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reader { names: false }.deserialize(deserializer).map(Self)
    }
}

/// Reads a schema and notes the order of properties. `names`: it is the value of `properties`, its keys are names.
#[derive(Clone, Copy)]
struct Reader {
    names: bool,
}

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON schema")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = if !self.names && VALUES.contains(&key.as_str()) {
                entries.next_value()?
            } else {
                let mut value = entries.next_value_seed(Self { names: !self.names && key == "properties" })?;
                if let (true, Value::Object(schema)) = (self.names, &mut value)
                    && !schema.contains_key("order")
                {
                    schema.insert(HIDDEN_ORDER.to_owned(), fields.len().into());
                }
                value
            };
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self { names: false })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}
