use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(User), limit_headers(remainig = "X-Left"))]
struct Example {
    token: Secret,
    number: u64,
}

fn main() {}
