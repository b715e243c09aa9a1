//! The card of the README: the whole of it, and what discover sees of it.
#![deny(warnings)]
#![allow(clippy::unwrap_used)]

use connector_http::prelude::*;

/// Users, orders and posts of Example.
#[source(
    name = "source-example",
    base_url = "https://api.example.com/v1/",
    auth = bearer(config.api_token),
    streams(User, Order, UserPost),
)]
struct Example {
    /// Token from Settings → API.
    api_token: Secret,
    /// Orders changed before this moment are not read.
    start_date: Option<DateTime<Utc>>,
}

/// People with an account.
#[derive(HttpStream)]
#[http(name = "users", path = "users", records = "users")]
struct User {
    #[primary_key]
    id: u64,
    name: String,
}

#[derive(HttpStream)]
#[http(name = "orders", path = "orders", records = "orders", params(limit = 100))]
#[paginate(token = "next_page_token", param = "page_token")]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor(since = "updated_since", start = config.start_date)]
    updated_at: DateTime<Utc>,
    total: Decimal,
}

#[derive(HttpStream)]
#[http(name = "user_posts", path = "users/{parent.id}/posts", records = "posts", parent = User)]
struct UserPost {
    #[primary_key]
    id: u64,
    title: String,
}

#[test]
fn discover_sees_constants() {
    let descriptors = <Example as Source>::descriptors();
    let facts = |at: usize| {
        (descriptors[at].name, descriptors[at].primary_key, descriptors[at].cursor.map(|cursor| cursor.path))
    };
    assert_eq!(facts(0), ("users", &[&["id"][..]][..], None));
    assert_eq!(facts(1), ("orders", &[&["id"][..]][..], Some(&["updated_at"][..])));
    let parent = descriptors[2].parent.unwrap();
    assert_eq!((parent.stream)().name, "users");
    assert_eq!(parent.fields, [[["id"]]]);
    assert_eq!(descriptors[0].doc, "People with an account.");
    assert_eq!(Example::INFO.name, "source-example");
}

#[test]
fn the_config_is_checked_and_read() {
    let config = serde_json::json!({ "api_token": "t", "start_date": "2024-01-01T00:00:00Z" });
    let example = Example::from_config(&config).unwrap();
    assert_eq!(example.start_date.unwrap().to_rfc3339(), "2024-01-01T00:00:00+00:00");
    let schema = Example::config_schema();
    assert_eq!(schema["properties"]["start_date"]["order"], 1);
    assert_eq!(schema["properties"]["api_token"]["description"], "Token from Settings → API.");
}
