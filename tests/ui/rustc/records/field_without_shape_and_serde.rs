use connector_http::prelude::*;

struct Odd;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[primary_key]
    id: u64,
    odd: Odd,
}

fn main() {}
