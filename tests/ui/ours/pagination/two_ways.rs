use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(pages, offset, param = "page")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
