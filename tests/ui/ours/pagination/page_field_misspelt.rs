use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(token = page.numbr + 1, param = "page")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
