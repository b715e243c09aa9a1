use connector_http::prelude::*;

#[derive(Record)]
struct Home {
    city: String,
}

#[source(base_url = "https://example.com", streams(Order))]
struct Example {
    token: Secret,
}

#[derive(HttpStream)]
#[add(token = config.token)]
struct Order {
    #[primary_key]
    id: u64,
    home: Home,
}

fn main() {}
