use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(Usr), auth = bearer(config.tken))]
struct Example {
    token: Secret,
    region: Option<String>,
}

fn main() {}
