//! The spec's schema, from the types that authors write.
#![allow(dead_code)]

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use connector_core::{Secret, config, schema};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::rules::broken;

/// Users, orders
/// and posts.
#[derive(JsonSchema)]
struct Config {
    /// How to log in.
    #[schemars(extend("order" = 0))]
    credentials: Credentials,
    /// Orders changed before this moment
    /// are not read.
    #[schemars(extend("order" = 1))]
    start_date: Option<DateTime<Utc>>,
    /// # Size of a page
    ///
    /// At most 100.
    #[schemars(extend("order" = 2), range(min = 1, max = 100))]
    #[serde(default = "hundred")]
    page_size: u32,
    #[schemars(extend("order" = 3))]
    region: Option<Region>,
    /// Where to read.
    #[schemars(extend("order" = 4))]
    mirror: Option<Place>,
    #[schemars(extend("order" = 5))]
    backup: Place,
    #[schemars(extend("order" = 6))]
    least: Option<rust_decimal::Decimal>,
    #[schemars(extend("order" = 7))]
    keys: Vec<Secret>,
    #[schemars(extend("order" = 8))]
    headers: BTreeMap<String, Secret>,
    #[schemars(extend("order" = 9))]
    day: NaiveDate,
    #[schemars(extend("order" = 10))]
    local: Option<NaiveDateTime>,
    #[schemars(extend("order" = 11))]
    hour: Option<NaiveTime>,
    #[schemars(extend("order" = 12))]
    pair: Option<(u8, String)>,
    #[schemars(extend("order" = 13))]
    text_or_number: Option<TextOrNumber>,
    #[schemars(extend("order" = 14))]
    anything: Option<Value>,
    #[schemars(extend("order" = 15))]
    tree: Option<Tree>,
    #[schemars(extend("order" = 16))]
    ratio: Option<f32>,
}

fn hundred() -> u32 {
    100
}

#[derive(JsonSchema)]
#[serde(tag = "auth_type", rename_all = "snake_case")]
enum Credentials {
    /// A token from the settings.
    Token {
        #[schemars(extend("order" = 1))]
        token: Secret,
        #[schemars(extend("order" = 0))]
        account: String,
    },
    #[schemars(title = "Log in with OAuth")]
    OauthLogin(Login),
    None,
}

#[derive(JsonSchema)]
struct Login {
    /// From the app.
    client_id: String,
    client_secret: Secret,
    refresh_token: Option<Secret>,
}

#[derive(JsonSchema)]
enum Region {
    /// Europe.
    #[serde(rename = "eu")]
    Europe,
    /// The States.
    #[serde(rename = "us")]
    America,
}

/// A place.
#[derive(JsonSchema)]
struct Place {
    url: String,
    port: Option<u16>,
}

#[derive(JsonSchema)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(f64),
}

#[derive(JsonSchema)]
struct Tree {
    leaf: String,
    branches: Vec<Tree>,
}

fn spec() -> Value {
    let spec = schema::of_config(schemars::schema_for!(Config).to_value());
    assert_eq!(broken(&spec), Vec::<String>::new());
    (*spec).clone()
}

#[test]
fn the_root() {
    let spec = spec();
    assert_eq!(spec["title"], "Config");
    assert_eq!(spec["description"], "Users, orders and posts.");
    assert_eq!(spec["required"], json!(["credentials", "backup", "keys", "headers", "day"]));
    assert_eq!(spec["additionalProperties"], true);
}

#[test]
fn plain_fields() {
    let spec = spec();
    let property = |name: &str| spec["properties"][name].clone();
    assert_eq!(
        property("start_date"),
        json!({"title": "Start date", "description": "Orders changed before this moment are not read.",
            "type": "string", "format": "date-time", "order": 1})
    );
    assert_eq!(
        property("page_size"),
        json!({"title": "Size of a page", "description": "At most 100.", "type": "integer", "default": 100,
            "minimum": 1, "maximum": 100, "order": 2})
    );
    assert_eq!(property("region"), json!({"title": "Region", "type": "string", "enum": ["eu", "us"], "order": 3}));
    assert_eq!(property("least"), json!({"title": "Least", "type": "number", "order": 6}));
    assert_eq!(
        property("keys"),
        json!({"title": "Keys", "type": "array", "items": {"type": "string", "airbyte_secret": true}, "order": 7})
    );
    assert_eq!(property("headers"), json!({"title": "Headers", "type": "object", "airbyte_secret": true, "order": 8}));
    assert_eq!(property("day"), json!({"title": "Day", "type": "string", "format": "date", "order": 9}));
    assert_eq!(property("local")["pattern"], "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?$");
    assert_eq!(property("local")["format"], Value::Null);
    assert_eq!(property("pair"), json!({"title": "Pair", "type": "array", "minItems": 2, "maxItems": 2, "order": 12}));
    assert_eq!(property("text_or_number"), json!({"title": "Text or number", "order": 13}));
    assert_eq!(property("anything"), json!({"title": "Anything", "order": 14}));
    assert_eq!(property("ratio"), json!({"title": "Ratio", "type": "number", "order": 16}));
}

#[test]
fn nested_structs_stand_where_they_are_used() {
    let spec = spec();
    let properties = json!({
        "url": {"title": "URL", "type": "string", "order": 0},
        "port": {"title": "Port", "type": "integer", "minimum": 0, "maximum": 65535, "order": 1},
    });
    assert_eq!(
        spec["properties"]["mirror"],
        json!({"title": "Mirror", "description": "Where to read.", "type": "object", "required": ["url"],
            "properties": properties, "order": 4})
    );
    assert_eq!(spec["properties"]["backup"]["description"], "A place.");
    // A struct within itself cannot be written out.
    assert_eq!(spec["properties"]["tree"]["properties"]["branches"]["items"], json!({"type": "object"}));
}

#[test]
fn credentials_become_a_choice_of_objects() {
    let secret =
        |title: &str, order: u8| json!({"title": title, "type": "string", "airbyte_secret": true, "order": order});
    let tag = |value: &str| json!({"title": "Auth type", "type": "string", "const": value, "order": 0});
    assert_eq!(
        spec()["properties"]["credentials"],
        json!({"title": "Credentials", "description": "How to log in.", "type": "object", "order": 0, "oneOf": [
            {"title": "Token", "description": "A token from the settings.", "type": "object",
             "required": ["auth_type", "token", "account"], "properties": {
                "auth_type": tag("token"),
                "account": {"title": "Account", "type": "string", "order": 1}, "token": secret("Token", 2)}},
            {"title": "Log in with OAuth", "type": "object", "required": ["auth_type", "client_id", "client_secret"], "properties": {
                "auth_type": tag("oauth_login"),
                "client_id": {"title": "Client ID", "description": "From the app.", "type": "string", "order": 1},
                "client_secret": secret("Client secret", 2), "refresh_token": secret("Refresh token", 3)}},
            {"title": "None", "type": "object", "required": ["auth_type"], "properties": {"auth_type": tag("none")}},
        ]})
    );
}

#[test]
fn the_text_keeps_the_order_of_the_fields() {
    let spec = schema::of_config(schemars::schema_for!(Config).to_value());
    let text = serde_json::to_string(&spec).unwrap();
    let place = |name: &str| text.find(&format!("\"{name}\":{{")).unwrap_or_else(|| panic!("{name}"));
    let names =
        ["credentials", "start_date", "page_size", "region", "mirror", "backup", "least", "keys", "headers", "day"];
    assert!(names.map(place).is_sorted(), "{text}");
    assert!(text.starts_with("{\"$schema\":"), "{text}");
}

#[test]
fn draft_7_settings_give_the_same() {
    let generator = schemars::generate::SchemaSettings::draft07().into_generator();
    let draft7 = schema::of_config(generator.into_root_schema_for::<Config>().to_value());
    let mut expected = spec();
    let mut found = (*draft7).clone();
    // What stands beside a reference is lost to the settings themselves only where they say so: the bounds of a tuple.
    for spec in [&mut expected, &mut found] {
        spec["properties"]["pair"] = Value::Null;
    }
    assert_eq!(found, expected);
}

#[test]
fn without_orders_required_fields_come_first_as_declared() {
    #[derive(JsonSchema)]
    struct Plain {
        zebra: String,
        optional: Option<String>,
        apple: String,
    }
    let spec = schema::of_config(schemars::schema_for!(Plain).to_value());
    let order = |name: &str| spec["properties"][name]["order"].as_u64().unwrap();
    assert_eq!([order("zebra"), order("apple"), order("optional")], [0, 1, 2]);
}

#[test]
fn flattened_structs_and_choices() {
    #[derive(JsonSchema)]
    struct Flat {
        name: String,
        #[serde(flatten)]
        place: Place,
        #[serde(flatten)]
        credentials: Credentials,
    }
    let spec = schema::of_config(schemars::schema_for!(Flat).to_value());
    assert_eq!(broken(&spec), Vec::<String>::new());
    assert_eq!(spec["properties"].as_object().unwrap().keys().collect::<Vec<_>>(), ["name", "port", "url"]);
    assert_eq!(spec["oneOf"].as_array().unwrap().len(), 3);
    let good = json!({"name": "n", "url": "u", "auth_type": "token", "token": "t", "account": "a"});
    assert_eq!(config::check(&spec, &good).unwrap(), []);

    #[derive(JsonSchema)]
    struct Optional {
        #[serde(flatten)]
        credentials: Option<Credentials>,
    }
    let spec = schema::of_config(schemars::schema_for!(Optional).to_value());
    assert_eq!(broken(&spec), Vec::<String>::new());
    assert_eq!(spec["properties"]["auth_type"]["enum"], json!(["token", "oauth_login", "none"]));
    assert_eq!(spec["properties"]["token"]["airbyte_secret"], true);
}

#[test]
fn a_config_without_fields() {
    #[derive(JsonSchema)]
    struct Empty {}
    let spec = schema::of_config(schemars::schema_for!(Empty).to_value());
    assert_eq!(spec["properties"], json!({}));
    assert_eq!(broken(&spec), Vec::<String>::new());
}

#[test]
fn the_check_agrees_with_the_schema_of_the_types() {
    let good = json!({
        "credentials": {"auth_type": "oauth_login", "client_id": "c", "client_secret": "s"}, "backup": {"url": "u"},
        "keys": ["a"], "headers": {"X": "y"}, "day": "2024-01-31", "mirror": null, "pair": [1, "x"],
    });
    assert_eq!(config::check(&spec(), &good).unwrap(), []);
}

/// Any JSON, with the keywords of schemas for names: the rewriter must neither panic nor leave what it has to remove.
fn any_schema() -> impl Strategy<Value = Value> {
    let keyword = prop::sample::select(vec![
        "$ref",
        "type",
        "properties",
        "required",
        "oneOf",
        "anyOf",
        "allOf",
        "not",
        "items",
        "enum",
        "const",
        "format",
        "additionalProperties",
        "$defs",
        "definitions",
        "default",
        "description",
        "order",
        "x-order",
        "title",
        "a",
        "b",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i8>().prop_map(Value::from),
        prop::sample::select(vec![
            "object",
            "string",
            "null",
            "integer",
            "#/$defs/a",
            "#/definitions/b",
            "#",
            "date-time"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keyword.clone(), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_schema_makes_the_rewriter_panic_or_leave_what_is_forbidden(raw in any_schema()) {
        let spec = schema::of_config(raw);
        for fault in broken(&spec) {
            prop_assert!(!fault.contains(": has "), "{fault} in {}", *spec);
        }
        prop_assert!(serde_json::to_string(&spec).is_ok());
    }
}
