use connector_http::prelude::*;

#[derive(HttpStream)]
#[transform(schema_normalization)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
