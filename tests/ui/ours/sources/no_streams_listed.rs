use connector_http::prelude::*;

#[source(base_url = "https://example.com", streams())]
struct Example {
    token: Secret,
}

fn main() {}
