use connector_http::prelude::*;

#[derive(HttpStream)]
#[on(status = 429, rate_limited, wait_text = "try again later")]
struct User {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(User))]
struct Example {
    region: Option<String>,
}

fn main() {}
