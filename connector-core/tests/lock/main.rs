//! The lock of a catalog, through the public API: each kind of change, random catalogs, the file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changes;
mod file;
mod random;

use connector_core::protocol::Catalog;
use serde_json::{Value, json};

/// A catalog of one stream.
fn of(stream: &Value) -> Catalog {
    serde_json::from_value(json!({ "streams": [stream] })).unwrap()
}

/// A stream with a cursor, a key and these fields.
fn orders(fields: &Value) -> Value {
    json!({
        "name": "orders",
        "json_schema": { "type": "object", "properties": fields },
        "supported_sync_modes": ["full_refresh", "incremental"],
        "source_defined_cursor": true,
        "default_cursor_field": ["updated_at"],
        "source_defined_primary_key": [["id"]],
    })
}
