//! The records: users of 1 KB, events of 150 bytes, documents of 20 KB, orders with a cursor, posts of a user.

use connector_http::prelude::*;
use serde_json::Value;

/// A person with an account.
#[derive(HttpStream)]
#[http(name = "users", path = "users", records = "users", params(limit = config.page_size))]
#[paginate(token = "next_page_token", param = "page_token")]
pub(crate) struct User {
    #[primary_key]
    id: u64,
    external_ref: u64,
    uuid: String,
    name: String,
    email: String,
    active: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    last_login_at: Option<DateTime<Utc>>,
    score: f64,
    balance: f64,
    conversion_rate: f64,
    login_count: u64,
    plan: String,
    locale: String,
    address: Address,
    tags: Vec<String>,
    bio: Option<String>,
    preferences: Preferences,
    history: Vec<HistoryItem>,
    custom_fields: Value,
    manager_id: Option<u64>,
}

/// Where a person lives.
#[derive(Record)]
struct Address {
    street: String,
    city: String,
    country: String,
    postal_code: Option<String>,
    geo: Geo,
}

/// A place on the earth.
#[derive(Record)]
struct Geo {
    lat: f64,
    lng: f64,
}

/// What a person has chosen.
#[derive(Record)]
struct Preferences {
    newsletter: bool,
    theme: String,
    notifications: Notifications,
    quiet_hours: Vec<u8>,
}

/// How a person is told of news.
#[derive(Record)]
struct Notifications {
    email: bool,
    sms: bool,
    push: Option<bool>,
}

/// What a person did.
#[derive(Record)]
struct HistoryItem {
    at: DateTime<Utc>,
    event: String,
    delta: f64,
    meta: Option<Value>,
}

/// Something that happened.
#[derive(HttpStream)]
#[http(name = "events", path = "events", records = "events", params(limit = config.page_size))]
#[paginate(token = "next_page_token", param = "page_token")]
pub(crate) struct Event {
    #[primary_key]
    id: u64,
    kind: String,
    actor: String,
    session: String,
    seq: u64,
    value: f64,
    ok: Option<bool>,
    at: DateTime<Utc>,
}

/// An order, read from where the last sync ended.
#[derive(HttpStream)]
#[http(name = "orders", path = "orders", records = "orders", params(limit = config.page_size))]
#[paginate(token = "next_page_token", param = "page_token")]
pub(crate) struct Order {
    #[primary_key]
    id: u64,
    order_number: String,
    customer_id: u64,
    #[cursor(since = "updated_since")]
    updated_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    status: String,
    currency: String,
    total: Decimal,
    tax_rate: f64,
    discount: Option<Decimal>,
    gateway_ref: u64,
    line_items: Vec<LineItem>,
    shipping_address: ShippingAddress,
    note: Option<String>,
    tags: Vec<String>,
    meta: Value,
}

/// What was ordered.
#[derive(Record)]
struct LineItem {
    sku: String,
    title: String,
    quantity: u64,
    unit_price: Decimal,
    gift: bool,
}

/// Where an order goes.
#[derive(Record)]
struct ShippingAddress {
    name: String,
    street: String,
    city: String,
    country: String,
    postal_code: Option<String>,
}

/// A long text with figures.
#[derive(HttpStream)]
#[http(name = "documents", path = "documents", records = "documents", params(limit = config.page_size))]
#[paginate(token = "next_page_token", param = "page_token")]
pub(crate) struct Document {
    #[primary_key]
    id: u64,
    title: String,
    revision: u64,
    published_at: DateTime<Utc>,
    author: Option<String>,
    blocks: Vec<Block>,
    metrics: Vec<Metric>,
}

/// A paragraph of a document.
#[derive(Record)]
struct Block {
    r#type: String,
    text: String,
    weight: f64,
}

/// A figure of a document.
#[derive(Record)]
struct Metric {
    name: String,
    value: f64,
    n: u64,
    unit: Option<String>,
}

/// What a user wrote.
#[derive(HttpStream)]
#[http(name = "posts", path = "users/{parent.id}/posts", records = "posts", parent = User)]
pub(crate) struct Post {
    #[primary_key]
    id: u64,
    user_id: u64,
    title: String,
    body: String,
    likes: u64,
    rating: f64,
    created_at: DateTime<Utc>,
    reply_to: Option<u64>,
    labels: Vec<String>,
}

/// Streams that differ in nothing but their name: many at a time show how well waiting is shared.
macro_rules! samples {
    ($($name:ident)*) => {$(
        /// The same records as users.
        #[derive(HttpStream)]
        #[http(records = "records", params(limit = config.page_size))]
        #[paginate(token = "next_page_token", param = "page_token")]
        #[primary_key(id)]
        pub(crate) struct $name {
            id: u64,
            #[serde(flatten)]
            rest: Value,
        }
    )*};
}

samples!(S0 S1 S2 S3 S4 S5 S6 S7 S8 S9);
