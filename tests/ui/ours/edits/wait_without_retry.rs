use connector_http::prelude::*;

#[derive(Record)]
struct Home {
    city: String,
}

#[derive(HttpStream)]
#[on(status = 404, ignore, wait = seconds(5))]
struct Order {
    #[primary_key]
    id: u64,
    home: Home,
}

fn main() {}
