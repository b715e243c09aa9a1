use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = if slice.incremental { "changes" })]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor]
    at: u64,
}

fn main() {}
