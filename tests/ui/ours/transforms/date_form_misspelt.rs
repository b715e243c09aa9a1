use connector_http::prelude::*;

#[derive(HttpStream)]
#[transform(dates("epoch_second"))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
