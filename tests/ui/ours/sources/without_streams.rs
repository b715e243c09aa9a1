use connector_http::prelude::*;

#[source(base_url = "https://example.com")]
struct Example {
    token: Secret,
}

fn main() {}
