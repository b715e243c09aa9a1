use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(token = "next", param = "page", header = "X-Page")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
