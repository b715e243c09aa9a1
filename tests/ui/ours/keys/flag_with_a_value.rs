use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(link = true)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
