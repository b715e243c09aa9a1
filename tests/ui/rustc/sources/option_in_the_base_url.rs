use connector_http::prelude::*;

#[derive(HttpStream)]
struct User {
    #[primary_key]
    id: u64,
    home: Home,
}

#[derive(Record)]
struct Home {
    city: Option<String>,
}

#[source(base_url = "https://{config.region}.example.com", streams(User))]
struct Example {
    region: Option<String>,
}

fn main() {}
