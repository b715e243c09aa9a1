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

#[source(base_url = "https://example.com", streams(User), auth = jwt(Hs256, config.token, claims(iss = config.token)))]
struct Example {
    token: Secret,
    region: Option<String>,
}

fn main() {}
