use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders", remembered_keys = 10)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
