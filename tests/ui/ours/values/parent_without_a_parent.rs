use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "users/{parent.id}/orders")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
