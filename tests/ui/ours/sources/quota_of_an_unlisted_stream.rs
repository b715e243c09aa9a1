use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(User), quota(requests = 1, seconds = 1, streams(Usr)))]
struct Example {
    token: Secret,
    number: u64,
}

fn main() {}
