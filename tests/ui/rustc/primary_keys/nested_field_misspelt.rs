use connector_http::prelude::*;

#[derive(Record)]
struct Home {
    city: String,
}

#[derive(HttpStream)]
#[primary_key(home.sity)]
struct Order {
    home: Home,
}

fn main() {}
