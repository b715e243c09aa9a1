use connector_http::prelude::*;

#[derive(HttpStream)]
#[cursor(since = "since")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
