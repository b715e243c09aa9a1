use connector_http::prelude::*;

#[source(base_url = "https://api.example.com/", streams = "users")]
struct Example {}

fn main() {}
