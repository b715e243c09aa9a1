use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
    name: String,
    tags: Vec<String>,
}

#[derive(HttpStream)]
#[http(path = "orders", parent = User, group = 10, params(ids = parent.id))]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor(since = "since")]
    at: NaiveDate,
}

fn main() {}
