use connector_http::prelude::*;

#[derive(Record)]
struct Home {
    city: String,
}

#[derive(HttpStream)]
#[remove(home.ctiy)]
struct Order {
    #[primary_key]
    id: u64,
    home: Home,
}

fn main() {}
