use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders", incremental)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
