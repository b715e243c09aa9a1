use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(params(since = slice.begin))]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor]
    at: DateTime<Utc>,
}

fn main() {}
