use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(frobnicate = "orders")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
