use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(params(region = partition.region))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
