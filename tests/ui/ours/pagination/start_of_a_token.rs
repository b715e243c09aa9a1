use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(token = "next", param = "page", start = 1)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
