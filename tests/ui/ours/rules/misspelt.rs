use connector_http::prelude::*;

#[derive(HttpStream)]
#[on(staus = 404, ignore)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
