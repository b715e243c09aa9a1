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
#[http(parent = Home, params(city = parent.city))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
