use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(name = "")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
