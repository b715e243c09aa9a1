use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders", deletions)]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor(since = "since")]
    at: NaiveDate,
}

fn main() {}
