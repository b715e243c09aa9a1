//! The connector. This file is all that an author writes.

use connector_http::prelude::*;

/// Users, orders and posts of a small shop.
#[source(
    name = "source-shop",
    documentation_url = "https://docs.rs/connector-http",
    base_url = config.base_url,
    auth = bearer(config.api_token),
    streams(User, Order, Post),
)]
pub struct Shop {
    /// Where the API is, with a slash at the end.
    base_url: String,
    /// Token of the shop's API.
    api_token: Secret,
    /// Orders changed before this moment are not read.
    start_date: Option<DateTime<Utc>>,
}

/// People with an account.
#[derive(HttpStream)]
#[http(name = "users", path = "users", records = "users", params(limit = 50))]
#[paginate(token = "next_page_token", param = "page_token")]
struct User {
    #[primary_key]
    id: u64,
    name: String,
    email: String,
    active: bool,
    #[cursor(since = "updated_since")]
    updated_at: DateTime<Utc>,
}

/// What they bought.
#[derive(HttpStream)]
#[http(name = "orders", path = "orders", records = "orders", params(limit = 50))]
#[paginate(token = "next_page_token", param = "page_token")]
struct Order {
    #[primary_key]
    id: u64,
    user_id: u64,
    status: String,
    total: Decimal,
    currency: String,
    #[cursor(since = "updated_since", start = config.start_date)]
    updated_at: DateTime<Utc>,
}

/// What they wrote: asked for user by user.
#[derive(HttpStream)]
#[http(name = "posts", path = "users/{parent.id}/posts", records = "posts", parent = User)]
struct Post {
    #[primary_key]
    id: u64,
    user_id: u64,
    title: String,
    #[cursor(since = "updated_since")]
    updated_at: DateTime<Utc>,
}
