use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(name = 7)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
