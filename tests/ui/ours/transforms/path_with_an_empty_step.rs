use connector_http::prelude::*;

#[derive(HttpStream)]
#[transform(lift("data..attributes"))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
