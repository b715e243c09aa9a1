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

#[source(streams(User))]
struct Example {
    token: Secret,
}

fn main() {}
