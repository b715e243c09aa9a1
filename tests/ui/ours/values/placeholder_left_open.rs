use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders/{config.region")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
