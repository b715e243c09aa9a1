use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders", drop_duplicates)]
struct Order {
    id: u64,
}

fn main() {}
