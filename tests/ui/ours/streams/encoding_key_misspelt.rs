use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "users", encoding(keeps = ","))]
struct User {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(User))]
struct Example {
    region: Option<String>,
}

fn main() {}
