use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "reports", params(kind = variant.kind))]
#[variants(Sales(kind = "s"), Returns)]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
