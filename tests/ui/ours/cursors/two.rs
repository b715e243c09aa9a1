use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[cursor]
    id: u64,
    #[cursor]
    at: DateTime<Utc>,
}

fn main() {}
