use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(params(region = config.region))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
