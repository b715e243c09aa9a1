use connector_http::prelude::*;

#[derive(HttpStream)]
#[transform(copy(order_id = "id"))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
