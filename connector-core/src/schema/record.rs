//! The schema of a stream's records, from the constant table of their type.

use serde_json::{Map, Value, json};

use super::document::HIDDEN_ORDER;
use super::rewrite::{Dialect, rewrite};
use super::{Schema, words};
use crate::cursor::CursorFormat;
use crate::record::{Field, Format, Record, Shape};
use crate::stream::{DELETED_AT, StreamDescriptor};

/// A table that refers to itself is found by its address; should the compiler have made two of it, these bounds end the
/// descent.
const DEEPEST: usize = 32;
const MOST_FIELDS: usize = 20_000;

/// What a record has that tells of a deleted one.
static DELETED: &[Field] = &[Field::new(
    DELETED_AT,
    "When the record was found to be deleted; such a record has its primary key and this field only.",
    &<Option<chrono::DateTime<chrono::Utc>> as Record>::SHAPE,
)];

/// The schema of a stream's records: draft 7, properties in the order of the struct's fields, doc comments as
/// descriptions, options as their type or null, any further field allowed. A struct inside itself becomes a plain object.
///
/// No field is `required`: a record without one is kept, and counted as one that does not fit ([`crate::record`]).
#[must_use]
pub fn of_record(descriptor: &StreamDescriptor) -> Schema {
    let mut table = Table { above: Vec::new(), fields: 0 };
    let mut schema = table.object((descriptor.fields)());
    for (cursor, formats) in [descriptor.cursor, descriptor.then].into_iter().zip(descriptor.cursor_formats) {
        if let (Some(cursor), false) = (cursor, formats.is_empty()) {
            write_as(&mut schema, cursor.path, formats);
        }
    }
    for path in descriptor.edits.removed {
        remove(&mut schema, path);
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        table.properties(descriptor.edits.added, properties);
        if descriptor.deletions {
            table.properties(DELETED, properties);
        }
    }
    schema.insert("title".to_owned(), words::title(descriptor.name).into());
    describe(&mut schema, descriptor.doc);
    Schema::from(rewrite(Value::Object(schema), Dialect::Record))
}

/// The schema of one value.
pub(super) fn of_shape(shape: &'static Shape) -> Value {
    let mut schema = rewrite(Value::Object(Table { above: Vec::new(), fields: 0 }.shape(shape)), Dialect::Record);
    if let Value::Object(keywords) = &mut schema {
        keywords.remove("$schema");
    }
    schema
}

/// Takes the field at a path out of a schema.
fn remove(schema: &mut Map<String, Value>, path: &[&str]) {
    let Some((name, below)) = path.split_first() else { return };
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    if below.is_empty() {
        properties.remove(*name);
    } else if let Some(Value::Object(inner)) = properties.get_mut(*name) {
        remove(inner, below);
    }
}

/// Says of a date or date-time at a path that it stands in records in other forms than that of its type. Fields of other types say
/// already how they stand there.
fn write_as(schema: &mut Map<String, Value>, path: &[&str], formats: &[&str]) {
    if let Some(Value::Array(any)) = schema.get_mut("anyOf") {
        any.iter_mut().filter_map(Value::as_object_mut).for_each(|schema| write_as(schema, path, formats));
        return;
    }
    if let Some((name, below)) = path.split_first() {
        let property = schema.get_mut("properties").and_then(|properties| properties.get_mut(*name));
        if let Some(Value::Object(property)) = property {
            write_as(property, below, formats);
        }
        return;
    }
    let (Some(format), airbyte_type) = (schema.remove("format"), schema.remove("airbyte_type")) else { return };
    let forms: Vec<_> = formats.iter().filter_map(|name| CursorFormat::parse(name).ok()).collect();
    let is_number = |form: &CursorFormat| !matches!(form, CursorFormat::Rfc3339 | CursorFormat::Pattern(_));
    let numbers = forms.iter().filter(|form| is_number(form)).count();
    if numbers > 0 {
        // A field has one type; what has two may be anything.
        let only = (numbers == forms.len()).then(|| json!("number"));
        schema.remove("type");
        schema.extend(only.map(|only| ("type".to_owned(), only)));
        return;
    }
    let dates = format == "date" && formats.iter().all(|format| *format == "%Y-%m-%d");
    if dates || forms.iter().all(|form| *form == CursorFormat::Rfc3339) {
        schema.insert("format".to_owned(), format);
        schema.extend(airbyte_type.map(|of| ("airbyte_type".to_owned(), of)));
    }
}

/// A walk over a table of shapes.
struct Table {
    /// The structs on the way down.
    above: Vec<&'static [Field]>,
    /// How many fields were rendered.
    fields: usize,
}

impl Table {
    fn object(&mut self, fields: &'static [Field]) -> Map<String, Value> {
        let mut schema = Map::from_iter([("type".to_owned(), json!("object"))]);
        let seen = self.above.iter().any(|known| std::ptr::eq(*known, fields));
        if !seen && self.above.len() < DEEPEST && self.fields < MOST_FIELDS {
            self.above.push(fields);
            let mut properties = Map::new();
            self.properties(fields, &mut properties);
            self.above.pop();
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        schema
    }

    fn properties(&mut self, fields: &'static [Field], properties: &mut Map<String, Value>) {
        for field in fields {
            self.fields += 1;
            if field.flatten {
                self.flattened(field.shape, properties);
                continue;
            }
            let mut schema = self.shape(field.shape);
            describe(&mut schema, field.doc);
            schema.insert(HIDDEN_ORDER.to_owned(), properties.len().into());
            properties.insert(field.name.to_owned(), Value::Object(schema));
        }
    }

    /// The fields of a flattened struct stand among its parent's; a flattened map has none that are known.
    fn flattened(&mut self, shape: &'static Shape, properties: &mut Map<String, Value>) {
        match shape {
            Shape::Option(inner) => self.flattened(inner, properties),
            Shape::Struct(fields) => {
                let fields = fields();
                if !self.above.iter().any(|known| std::ptr::eq(*known, fields)) && self.above.len() < DEEPEST {
                    self.above.push(fields);
                    self.properties(fields, properties);
                    self.above.pop();
                }
            }
            _ => {}
        }
    }

    fn shape(&mut self, shape: &'static Shape) -> Map<String, Value> {
        let schema = match shape {
            Shape::Any | Shape::Typed(_) => json!({}),
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::Int { .. } => json!({ "type": "integer" }),
            Shape::Number | Shape::Decimal => json!({ "type": "number" }),
            Shape::Str => json!({ "type": "string" }),
            Shape::Format(format) => of_format(*format),
            Shape::Option(inner) => json!({ "anyOf": [self.shape(inner), { "type": "null" }] }),
            Shape::List(inner) => json!({ "type": "array", "items": self.shape(inner) }),
            // The keys of a map are data; the protocol's tests allow no schema for them.
            Shape::Map(_) => json!({ "type": "object" }),
            Shape::Struct(fields) => return self.object(fields()),
            Shape::Choice(names) => json!({ "type": "string", "enum": names }),
        };
        if let Value::Object(schema) = schema { schema } else { Map::new() }
    }
}

/// Formats as the protocol's types want them: what has no zone says so.
fn of_format(format: Format) -> Value {
    match format {
        Format::DateTime => {
            json!({ "type": "string", "format": "date-time", "airbyte_type": "timestamp_with_timezone" })
        }
        Format::NaiveDateTime => {
            json!({ "type": "string", "format": "date-time", "airbyte_type": "timestamp_without_timezone" })
        }
        Format::Date => json!({ "type": "string", "format": "date" }),
        Format::Time => json!({ "type": "string", "format": "time", "airbyte_type": "time_without_timezone" }),
    }
}

fn describe(schema: &mut Map<String, Value>, doc: &str) {
    let (title, description) = words::of_doc(doc);
    if let Some(title) = title {
        schema.insert("title".to_owned(), title.into());
    }
    if !description.is_empty() {
        schema.insert("description".to_owned(), description.into());
    }
}
