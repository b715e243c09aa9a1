use connector_http::prelude::*;

#[derive(Record)]
struct Home {
    city: String,
}

#[derive(HttpStream)]
#[http(params(id = record.id))]
struct Order {
    #[primary_key]
    id: u64,
    home: Home,
}

fn main() {}
