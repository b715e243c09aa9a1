use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(params(region = partition.regoin))]
#[partition(region = ["eu", "us"])]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
