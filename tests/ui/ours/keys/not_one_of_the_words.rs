use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(method = GOT)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
