use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[primary_key]
    id: f64,
}

fn main() {}
