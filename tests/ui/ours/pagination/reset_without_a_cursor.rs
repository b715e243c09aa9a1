use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(offset, param = "offset", reset_after = 10_000)]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
