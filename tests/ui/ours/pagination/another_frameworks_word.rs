use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(pages, param = "page", per_page = 100)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
