//! Random catalogs: what was changed is found, with its impact, and nothing else.

use connector_core::lock::{Impact, changes};
use connector_core::protocol::Catalog;
use proptest::prelude::*;
use serde_json::{Value, json};

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({ "type": "string" })),
        Just(json!({ "type": ["integer", "null"] })),
        Just(json!({ "type": "string", "format": "date" })),
        Just(json!({ "type": "string", "enum": ["a", "b"] })),
        Just(json!({})),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            proptest::collection::btree_map("[a-e]", inner, 0..4)
                .prop_map(|fields| json!({ "type": "object", "properties": fields })),
        ]
    })
}

prop_compose! {
    fn stream()(
        fields in proptest::collection::btree_map("[a-h]", schema(), 1..6),
        incremental: bool,
        key: bool,
    ) -> Value {
        let modes = if incremental { json!(["full_refresh", "incremental"]) } else { json!(["full_refresh"]) };
        let first = fields.keys().next().cloned();
        json!({
            "name": "s", "supported_sync_modes": modes,
            "json_schema": { "type": "object", "properties": fields },
            "default_cursor_field": first.clone().filter(|_| incremental).into_iter().collect::<Vec<_>>(),
            "source_defined_primary_key": first.filter(|_| key).map(|name| vec![name]).into_iter().collect::<Vec<_>>(),
        })
    }
}

fn catalog() -> impl Strategy<Value = Value> {
    proptest::collection::vec(stream(), 1..4).prop_map(|mut streams| {
        streams.iter_mut().enumerate().for_each(|(at, stream)| stream["name"] = format!("stream_{at}").into());
        json!({ "streams": streams })
    })
}

fn typed(catalog: &Value) -> Catalog {
    serde_json::from_value(catalog.clone()).unwrap()
}

/// The JSON pointers of all objects with properties.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(properties) = value.get("properties").and_then(Value::as_object) {
        found.push(at.to_owned());
        for (name, schema) in properties {
            objects(schema, &format!("{at}/properties/{name}"), found);
        }
    }
    if let Some(items) = value.get("items") {
        objects(items, &format!("{at}/items"), found);
    }
}

proptest! {
    #[test]
    fn nothing_changed_nothing_found(catalog in catalog()) {
        prop_assert_eq!(changes(&typed(&catalog), &typed(&catalog)), []);
    }

    /// A field that is added anywhere is one addition; taken away again, it is one breaking change at the same place.
    #[test]
    fn a_field_anywhere(catalog in catalog(), schema in schema(), pick: prop::sample::Index, which: prop::sample::Index) {
        let mut more = catalog.clone();
        let streams = more["streams"].as_array_mut().unwrap();
        let at = which.index(streams.len());
        let root = &mut streams[at]["json_schema"];
        let mut places = Vec::new();
        objects(root, "", &mut places);
        let place = pick.get(&places);
        root.pointer_mut(place).unwrap()["properties"]["added"] = schema;
        let (old, new) = (typed(&catalog), typed(&more));
        let there = changes(&old, &new);
        prop_assert_eq!(there.len(), 1);
        prop_assert_eq!(there[0].impact, Impact::Addition);
        let back = changes(&new, &old);
        prop_assert_eq!(back.len(), 1);
        prop_assert_eq!(back[0].impact, Impact::Breaking);
        prop_assert_eq!(&back[0].place, &there[0].place);
        prop_assert!(back[0].place.ends_with(".added"));
    }

    /// Two catalogs of any kind: something is found exactly if they differ, what is gone is breaking, and no text panics.
    #[test]
    fn any_two(old in catalog(), new in catalog()) {
        let found = changes(&typed(&old), &typed(&new));
        prop_assert_eq!(found.is_empty(), old == new);
        for stream in old["streams"].as_array().unwrap() {
            let name = stream["name"].as_str().unwrap();
            if !new["streams"].as_array().unwrap().iter().any(|other| other["name"] == name) {
                prop_assert!(found.iter().any(|change| change.place == name && change.impact == Impact::Breaking));
            }
        }
        for change in found {
            prop_assert!(!change.to_string().is_empty());
        }
    }

    /// Whatever stands in a lock that somebody edited, comparing it neither panics nor is silent.
    #[test]
    fn odd_schemas(schema in any_json(), other in any_json()) {
        let of = |schema: &Value| json!({ "streams": [{ "name": "s", "json_schema": schema, "supported_sync_modes": [] }] });
        let found = changes(&typed(&of(&schema)), &typed(&of(&other)));
        prop_assert_eq!(changes(&typed(&of(&schema)), &typed(&of(&schema))), []);
        if schema.is_string() && other.is_object() {
            prop_assert!(!found.is_empty());
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z]{0,3}".prop_map(Value::from)
    ];
    let keyword = prop_oneof![
        Just("type"),
        Just("properties"),
        Just("items"),
        Just("oneOf"),
        Just("enum"),
        Just("const"),
        Just("required"),
        Just("additionalProperties"),
        Just("format"),
        Just("x"),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((keyword.clone(), inner), 0..4).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
}
