use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[cursor(order = ascendin)]
    id: u64,
}

fn main() {}
