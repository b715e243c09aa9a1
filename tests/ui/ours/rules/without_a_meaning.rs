use connector_http::prelude::*;

#[derive(HttpStream)]
#[on(status = 404)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
