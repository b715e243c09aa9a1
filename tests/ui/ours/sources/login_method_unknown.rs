use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(User), auth = session("https://example.com/login", token = "token", method = FETCH))]
struct Example {
    token: Secret,
    region: Option<String>,
}

fn main() {}
