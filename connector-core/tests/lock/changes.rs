//! One row a kind of change: what it is called, and what it means for readers.

use super::{of, orders};
use connector_core::lock::changes;
use serde_json::{Value, json};

fn told(old: &Value, new: &Value) -> Vec<String> {
    changes(&of(old), &of(new)).iter().map(|change| format!("{}: {change}", change.impact)).collect()
}

/// The change of one field's schema, there and back.
#[track_caller]
fn field(old: Value, new: Value, there: &[&str], back: &[&str]) {
    let stream = |schema: &Value| orders(&json!({ "f": schema }));
    assert_eq!(told(&stream(&old), &stream(&new)), there, "{old} to {new}");
    assert_eq!(told(&stream(&new), &stream(&old)), back, "{new} to {old}");
}

#[test]
fn types() {
    field(
        json!({ "type": ["string", "null"] }),
        json!({ "type": "string" }),
        &["breaking: orders.f: its type is narrowed from null|string to string"],
        &["addition: orders.f: it may be null"],
    );
    field(
        json!({ "type": "number" }),
        json!({ "type": "integer" }),
        &["breaking: orders.f: its type is narrowed from number to integer"],
        &["breaking: orders.f: its type is widened from integer to number"],
    );
    field(
        json!({ "type": ["string", "null"] }),
        json!({ "type": ["integer", "null"] }),
        &["breaking: orders.f: its type is changed from null|string to integer|null"],
        &["breaking: orders.f: its type is changed from integer|null to null|string"],
    );
    field(
        json!({}),
        json!({ "type": "string" }),
        &["breaking: orders.f: its type is narrowed from any to string"],
        &["breaking: orders.f: its type is widened from string to any"],
    );
    field(
        json!({ "type": "string" }),
        json!({ "type": "string", "format": "date" }),
        &["breaking: orders.f: its format was none and is date"],
        &["breaking: orders.f: its format was date and is none"],
    );
    field(
        json!({ "type": "string", "format": "date-time", "airbyte_type": "timestamp_with_timezone" }),
        json!({ "type": "string", "format": "date-time", "airbyte_type": "timestamp_without_timezone" }),
        &[
            "breaking: orders.f: its format was date-time (timestamp_with_timezone) and is date-time (timestamp_without_timezone)",
        ],
        &[
            "breaking: orders.f: its format was date-time (timestamp_without_timezone) and is date-time (timestamp_with_timezone)",
        ],
    );
}

#[test]
fn choices() {
    field(
        json!({ "type": "string", "enum": ["a"] }),
        json!({ "type": "string", "enum": ["b", "a"] }),
        &["addition: orders.f: the value \"b\" is new"],
        &["breaking: orders.f: the value \"b\" is gone"],
    );
    field(
        json!({ "type": "string" }),
        json!({ "type": "string", "enum": ["a", "b"] }),
        &["breaking: orders.f: its values are narrowed to \"a\", \"b\""],
        &["addition: orders.f: its values are not listed any more"],
    );
    let form = |name: &str, fields: &[&str]| {
        let mut properties = json!({ "kind": { "type": "string", "const": name } });
        fields.iter().for_each(|field| properties[*field] = json!({ "type": "string" }));
        json!({ "type": "object", "properties": properties })
    };
    field(
        json!({ "type": "object", "oneOf": [form("card", &["number"]), form("cash", &[])] }),
        json!({ "type": "object", "oneOf": [form("cash", &["place"]), form("card", &["number"]), form("cheque", &[])] }),
        &["addition: orders.f(cash).place: the field is new", "addition: orders.f(cheque): the form is new"],
        &["breaking: orders.f(cash).place: the field is gone", "breaking: orders.f(cheque): the form is gone"],
    );
    field(
        json!({ "type": "object" }),
        json!({ "type": "object", "oneOf": [form("cash", &[])] }),
        &["breaking: orders.f: it became a choice of forms"],
        &["breaking: orders.f: it is no choice of forms any more"],
    );
}

#[test]
fn objects_and_lists() {
    let place = |fields: Value| json!({ "type": "array", "items": { "type": "object", "properties": fields } });
    field(
        place(json!({ "city": { "type": "string" } })),
        place(json!({ "city": { "type": "string" }, "street": {} })),
        &["addition: orders.f[].street: the field is new"],
        &["breaking: orders.f[].street: the field is gone"],
    );
    field(
        json!({ "type": "object", "additionalProperties": false }),
        json!({ "type": "object" }),
        &["addition: orders.f: it may have further fields"],
        &["breaking: orders.f: it has no further fields any more"],
    );
    field(
        json!({ "type": "object", "required": ["a"] }),
        json!({ "type": "object" }),
        &["breaking: orders.f: `a` may be missing now"],
        &["addition: orders.f: `a` is always there now"],
    );
    field(
        json!({ "type": "integer" }),
        json!({ "type": "integer", "maximum": 10 }),
        &["breaking: orders.f: `maximum` was none and is 10"],
        &["breaking: orders.f: `maximum` was 10 and is none"],
    );
}

#[test]
fn words_and_order() {
    field(
        json!({ "type": "string", "description": "Old." }),
        json!({ "type": "string", "title": "F", "description": "New." }),
        &["no impact: orders.f: its title is another", "no impact: orders.f: its description is another"],
        &["no impact: orders.f: its title is another", "no impact: orders.f: its description is another"],
    );
    let old: connector_core::protocol::Catalog = serde_json::from_str(
        r#"{"streams":[{"name":"a","json_schema":{"properties":{"x":{},"y":{}}},"supported_sync_modes":[]}]}"#,
    )
    .unwrap();
    let new = serde_json::from_str(
        r#"{"streams":[{"name":"a","json_schema":{"properties":{"y":{},"x":{}}},"supported_sync_modes":[]}]}"#,
    )
    .unwrap();
    let told: Vec<String> = changes(&old, &new).iter().map(ToString::to_string).collect();
    assert_eq!(told, ["catalog: the order of streams or fields is another"]);
}

/// A change of the stream itself, there and back.
#[track_caller]
fn stream(change: impl FnOnce(&mut Value), there: &[&str], back: &[&str]) {
    let old = orders(&json!({}));
    let mut new = old.clone();
    change(&mut new);
    assert_eq!(told(&old, &new), there);
    assert_eq!(told(&new, &old), back);
}

#[test]
fn streams() {
    stream(
        |stream| stream["name"] = "sales".into(),
        &["breaking: orders: the stream is gone", "addition: sales: the stream is new"],
        &["breaking: sales: the stream is gone", "addition: orders: the stream is new"],
    );
    stream(
        |stream| stream["namespace"] = "eu".into(),
        &["breaking: orders: the stream is gone", "addition: eu:orders: the stream is new"],
        &["breaking: eu:orders: the stream is gone", "addition: orders: the stream is new"],
    );
    stream(
        |stream| stream["default_cursor_field"] = json!(["meta", "at"]),
        &[
            "breaking: orders: the cursor was `updated_at` and is `meta.at`: states of earlier syncs do not fit any more",
        ],
        &[
            "breaking: orders: the cursor was `meta.at` and is `updated_at`: states of earlier syncs do not fit any more",
        ],
    );
    stream(
        |stream| {
            stream["supported_sync_modes"] = json!(["full_refresh"]);
            stream["default_cursor_field"] = json!([]);
            stream["source_defined_cursor"] = json!(null);
        },
        &[
            "breaking: orders: the sync mode incremental is gone",
            "breaking: orders: the cursor `updated_at` is gone",
            "breaking: orders: the source does not define the cursor any more",
        ],
        &[
            "addition: orders: the sync mode incremental is new",
            "addition: orders: the cursor `updated_at` is new",
            "addition: orders: the source defines the cursor",
        ],
    );
    stream(
        |stream| stream["source_defined_primary_key"] = json!([["id"], ["day"]]),
        &["breaking: orders: the primary key was `id` and is `day` + `id`"],
        &["breaking: orders: the primary key was `day` + `id` and is `id`"],
    );
    stream(
        |stream| stream["source_defined_primary_key"] = json!([]),
        &["breaking: orders: the primary key `id` is gone"],
        &["addition: orders: the primary key `id` is new"],
    );
    stream(
        |stream| stream["is_resumable"] = true.into(),
        &["addition: orders: a full refresh that is cut off goes on where it was"],
        &["no impact: orders: a full refresh that is cut off begins anew"],
    );
}
