use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor(since = "after", exclusive_start)]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "lines")]
struct Line {
    #[primary_key]
    #[cursor(since = "after", exclusive_start)]
    id: u64,
}

#[source(name = "source-orders", base_url = "https://api.example.com/", streams(Order, Line))]
struct Orders {}

fn main() {}
