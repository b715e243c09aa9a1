use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(pages, param = "page", size(param = "limit"))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
