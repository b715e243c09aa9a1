use connector_http::prelude::*;

#[derive(HttpStream)]
#[transform]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
