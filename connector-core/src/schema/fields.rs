//! Fields that a schema has besides those of its struct: what only the API knows.

use serde_json::{Map, Value, json};

use super::Schema;
use super::document::HIDDEN_ORDER;
use super::record::of_shape;
use crate::record::Record;

/// Fields that a stream's schema gets at run time, such as the custom fields of an account.
///
/// A field that the struct has already stays as the struct says. The records are not touched: unknown fields always leave
/// with them, and are checked against nothing.
///
/// ```
/// use connector_core::schema::SchemaFields;
/// let mut fields = SchemaFields::within(["properties"]);
/// for (name, kind) in [("age", "number"), ("note", "text")] {
///     match kind {
///         "number" => fields.field::<Option<f64>>(name),
///         _ => fields.field::<Option<String>>(name),
///     }
/// }
/// assert_eq!(fields.len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SchemaFields {
    within: Vec<String>,
    fields: Vec<(String, Value)>,
}

impl SchemaFields {
    /// No fields yet, of the record itself.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No fields yet, of an object at this path inside the record.
    #[must_use]
    pub fn within<T: Into<String>>(path: impl IntoIterator<Item = T>) -> Self {
        Self { within: path.into_iter().map(Into::into).collect(), fields: Vec::new() }
    }

    /// Adds a field whose values look as those of a Rust type: `field::<Option<DateTime<Utc>>>("closed_at")`.
    pub fn field<T: Record>(&mut self, name: impl Into<String>) {
        self.schema(name, of_shape(const { &T::SHAPE }));
    }

    /// Adds a field with a JSON schema (draft 7) of its own.
    pub fn schema(&mut self, name: impl Into<String>, schema: Value) {
        self.fields.push((name.into(), schema));
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The schema with these fields.
    pub(crate) fn add_to(self, schema: Schema) -> Schema {
        let mut schema = Value::clone(&schema);
        let mut at = Some(&mut schema);
        for step in &self.within {
            at = at.and_then(properties).map(|properties| entry(properties, step, json!({ "type": "object" })));
        }
        if let Some(properties) = at.and_then(properties) {
            for (name, schema) in self.fields {
                entry(properties, &name, schema);
            }
        }
        Schema::from(schema)
    }
}

/// The properties of a schema, which gets some if it has none. A schema that is no object (`true`) has none.
fn properties(schema: &mut Value) -> Option<&mut Map<String, Value>> {
    schema.as_object_mut()?.entry("properties").or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}

/// A property, added as the last one if it is not there.
fn entry<'a>(properties: &'a mut Map<String, Value>, name: &str, mut schema: Value) -> &'a mut Value {
    if let Value::Object(keywords) = &mut schema {
        keywords.insert(HIDDEN_ORDER.to_owned(), properties.len().into());
    }
    properties.entry(name).or_insert(schema)
}
