use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(params(since = slice.start))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
