use connector_http::prelude::*;

#[derive(Record)]
struct Home {
    city: String,
}

#[derive(HttpStream)]
#[http(filter = record.home.city.len())]
struct Order {
    #[primary_key]
    id: u64,
    home: Home,
}

fn main() {}
