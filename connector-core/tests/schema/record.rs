//! The schema of records, from the constant table.

use connector_core::record::{Field, Format, Record, Shape};
use connector_core::schema::{self, Schema};
use connector_core::stream::StreamDescriptor;
use serde_json::json;

use crate::rules::broken;

/// A foreign type that only serde knows.
fn typed(_: &[u8]) -> Result<(), String> {
    Ok(())
}

fn address() -> &'static [Field] {
    static FIELDS: [Field; 2] = [
        Field::new("street", "Street\nand number.", &<Option<String> as Record>::SHAPE),
        Field::new("city", "", &<String as Record>::SHAPE),
    ];
    &FIELDS
}

fn node() -> &'static [Field] {
    static FIELDS: [Field; 2] =
        [Field::new("label", "", &Shape::Str), Field::new("children", "", &Shape::List(&Shape::Struct(node)))];
    &FIELDS
}

fn user() -> &'static [Field] {
    static FIELDS: [Field; 21] = [
        Field::new("zip", "First field,\nlast letter.\n\n- a list", &Shape::Str),
        Field::new("id", "", &<u64 as Record>::SHAPE),
        Field::new("created", "", &<chrono::DateTime<chrono::Utc> as Record>::SHAPE),
        Field::new("local", "", &Shape::Option(&Shape::Format(Format::NaiveDateTime))),
        Field::new("day", "", &Shape::Format(Format::Date)),
        Field::new("hour", "", &Shape::Format(Format::Time)),
        Field::new("total", "", &<Option<rust_decimal::Decimal> as Record>::SHAPE),
        Field::new("ratio", "", &<f64 as Record>::SHAPE),
        Field::new("active", "", &<Option<bool> as Record>::SHAPE),
        Field::new("kind", "", &Shape::Option(&Shape::Choice(&["a", "b"]))),
        Field::new("level", "", &Shape::Choice(&["x"])),
        Field::new("address", "Home.", &Shape::Option(&Shape::Struct(address))),
        Field::new("others", "", &Shape::List(&Shape::Option(&Shape::Struct(address)))),
        Field::new("tags", "", &<Option<Vec<Option<i8>>> as Record>::SHAPE),
        Field::new("map", "", &Shape::Map(&Shape::Str)),
        Field::new("any", "", &Shape::Any),
        Field::new("maybe_any", "", &Shape::Option(&Shape::Any)),
        Field::new("typed", "", &Shape::Typed(typed)),
        Field::new("twice", "", &Shape::Option(&Shape::Option(&Shape::Str))),
        Field::new("flat", "", &Shape::Option(&Shape::Struct(address))).flattened(),
        Field::new("tree", "", &Shape::Struct(node)),
    ];
    &FIELDS
}

const USERS: StreamDescriptor = StreamDescriptor::new("crm_users", "# People\n\nWith an\naccount.", user);

#[test]
fn every_shape() {
    let schema = schema::of_record(&USERS);
    assert_eq!(broken(&schema), Vec::<String>::new());
    let address = |kind: serde_json::Value| {
        json!({"type": kind, "additionalProperties": true, "properties": {
            "street": {"type": ["string", "null"], "description": "Street and number."}, "city": {"type": "string"}}})
    };
    let mut home = address(json!(["object", "null"]));
    home["description"] = json!("Home.");
    assert_eq!(
        schema.into_value(),
        json!({
            "$schema": "http://json-schema.org/draft-07/schema#", "title": "People", "description": "With an account.",
            "type": "object", "additionalProperties": true, "properties": {
                "zip": {"type": "string", "description": "First field, last letter.\n\n- a list"},
                "id": {"type": "integer"},
                "created": {"type": "string", "format": "date-time", "airbyte_type": "timestamp_with_timezone"},
                "local": {"type": ["string", "null"], "format": "date-time", "airbyte_type": "timestamp_without_timezone"},
                "day": {"type": "string", "format": "date"},
                "hour": {"type": "string", "format": "time", "airbyte_type": "time_without_timezone"},
                "total": {"type": ["number", "null"]},
                "ratio": {"type": "number"},
                "active": {"type": ["boolean", "null"]},
                "kind": {"type": ["string", "null"], "enum": ["a", "b", null]},
                "level": {"type": "string", "enum": ["x"]},
                "address": home,
                "others": {"type": "array", "items": address(json!(["object", "null"]))},
                "tags": {"type": ["array", "null"], "items": {"type": ["integer", "null"]}},
                "map": {"type": "object", "additionalProperties": true},
                "any": {}, "maybe_any": {}, "typed": {},
                "twice": {"type": ["string", "null"]},
                "street": {"type": ["string", "null"], "description": "Street and number."},
                "city": {"type": "string"},
                "tree": {"type": "object", "additionalProperties": true, "properties": {
                    "label": {"type": "string"},
                    "children": {"type": "array", "items": {"type": "object", "additionalProperties": true}}}},
            }
        })
    );
}

#[test]
fn the_text_keeps_the_order_of_the_fields_and_reads_back_the_same() {
    let schema = schema::of_record(&USERS);
    let text = serde_json::to_string(&schema).unwrap();
    let place = |name: &str| text.find(&format!("\"{name}\":{{")).unwrap_or_else(|| panic!("{name}"));
    let names =
        ["zip", "id", "created", "local", "address", "others", "tags", "map", "any", "maybe_any", "typed", "tree"];
    assert!(names.map(place).is_sorted(), "{text}");
    assert!(!text.contains("x-order"), "{text}");
    let back: Schema = serde_json::from_str(&text).unwrap();
    assert_eq!(back, schema);
}

#[test]
fn a_stream_without_docs_is_titled_by_its_name() {
    const PLAIN: StreamDescriptor = StreamDescriptor::new("user_posts", "", node);
    let schema = schema::of_record(&PLAIN);
    assert_eq!((schema["title"].as_str(), schema.get("description")), (Some("User posts"), None));
    // The stream's own struct within itself is found, too.
    assert_eq!(schema["properties"]["children"]["items"]["properties"], json!(null));
}
