use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "a")]
struct Order {
    #[paginate(link)]
    id: u64,
}

fn main() {}
