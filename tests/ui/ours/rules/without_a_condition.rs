use connector_http::prelude::*;

#[derive(HttpStream)]
#[on(ignore)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
