use connector_http::prelude::*;

#[derive(HttpStream)]
enum Order {
    Open,
}

fn main() {}
