use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(method = GET, body(a = 1))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
