use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(pages, param = "page", size(count = 100))]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
