use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor]
    at: f64,
}

fn main() {}
