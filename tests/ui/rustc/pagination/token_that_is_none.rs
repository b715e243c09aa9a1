use connector_http::prelude::*;

#[derive(HttpStream)]
#[paginate(token = response.flag("more"), param = "after")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
