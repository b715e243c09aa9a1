use connector_http::prelude::*;

#[derive(HttpStream)]
#[on(status = 404, ignore, retry)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
