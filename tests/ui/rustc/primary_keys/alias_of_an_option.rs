use connector_http::prelude::*;

type Maybe = Option<u64>;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[primary_key]
    id: Maybe,
}

fn main() {}
