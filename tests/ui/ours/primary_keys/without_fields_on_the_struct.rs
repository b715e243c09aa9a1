use connector_http::prelude::*;

#[derive(HttpStream)]
#[primary_key]
struct Order {
    id: u64,
}

fn main() {}
