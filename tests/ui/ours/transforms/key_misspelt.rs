use connector_http::prelude::*;

#[derive(HttpStream)]
#[transform(explod = "lines")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
