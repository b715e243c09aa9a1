use connector_http::prelude::*;

#[derive(HttpStream)]
#[partition]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
