use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(enabled = config.reports)]
struct Order {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://api.example.com/", streams(Order))]
struct Example {
    reports: Option<bool>,
}

fn main() {}
