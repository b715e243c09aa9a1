use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
    name: String,
    tags: Vec<String>,
}

#[derive(HttpStream)]
#[http(path = "orders", group = 10)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
