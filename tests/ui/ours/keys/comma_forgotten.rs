use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "a" params(b = 1))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
