use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(token = "next")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
