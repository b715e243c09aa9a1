use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "a", path = "b")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
