use connector_http::prelude::*;

#[derive(Record)]
#[serde(rename_all = "camel")]
struct Home {
    city: String,
}

fn main() {}
