use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
    home: Home,
}

#[derive(Record)]
struct Home {
    city: Option<String>,
}

#[source(base_url = "https://example.com", streams(User, Order))]
struct Example {
    start_date: Option<DateTime<Utc>>,
}
#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor(start = config.start_dte)]
    at: DateTime<Utc>,
}

fn main() {}
