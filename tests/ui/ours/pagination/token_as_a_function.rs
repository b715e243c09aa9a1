use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(token = Self::token, param = "page")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
