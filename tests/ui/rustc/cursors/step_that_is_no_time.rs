use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[cursor(step = 30, start = "2024-01-01")]
    at: DateTime<Utc>,
}

fn main() {}
