use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(request_params(limit = 1))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
