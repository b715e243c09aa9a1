use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(pth = "orders")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
