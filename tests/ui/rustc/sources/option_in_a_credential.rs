use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(User), auth = bearer("{config.region}:{config.token}"))]
struct Example {
    token: Secret,
    region: Option<String>,
}

fn main() {}
