use connector_http::prelude::*;

#[derive(HttpStream)]
#[transform(explode = "lines", copy(order_id = config.id))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
