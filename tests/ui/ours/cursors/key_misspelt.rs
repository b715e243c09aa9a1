use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[cursor(sinse = "since")]
    id: u64,
}

fn main() {}
