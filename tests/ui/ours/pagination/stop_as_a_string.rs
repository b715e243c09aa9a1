use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(pages, param = "page", stop = "has_more")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
