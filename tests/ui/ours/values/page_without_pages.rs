use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(params(token = page.token))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
