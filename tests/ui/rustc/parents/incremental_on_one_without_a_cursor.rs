use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "users/{parent.id}/orders", parent = User, incremental)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
