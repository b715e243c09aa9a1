use connector_http::prelude::*;

#[derive(Record)]
union Home {
    city: u32,
}

fn main() {}
