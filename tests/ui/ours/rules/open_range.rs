use connector_http::prelude::*;

#[derive(HttpStream)]
#[on(status = 500.., retry)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
