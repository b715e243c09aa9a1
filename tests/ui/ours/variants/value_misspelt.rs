use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "reports/{variant.knd}")]
#[variants(Sales(kind = "s"), Returns(kind = "r"))]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
