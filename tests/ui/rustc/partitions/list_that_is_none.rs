use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(params(region = partition.region))]
#[partition(region = 7u8)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
