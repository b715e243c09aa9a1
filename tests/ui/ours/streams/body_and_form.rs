use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(body(a = 1), form(b = 2))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
