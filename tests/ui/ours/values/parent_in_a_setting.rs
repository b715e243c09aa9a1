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
#[derive(HttpStream)]
#[http(parent = User)]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor(start = parent.id)]
    at: u64,
}

fn main() {}
