use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(params(after = response.text("next")))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
