use connector_http::prelude::*;

#[derive(HttpStream)]
#[transform(keys = snakecase)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
