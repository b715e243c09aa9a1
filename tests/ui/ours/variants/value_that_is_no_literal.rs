use connector_http::prelude::*;

#[derive(HttpStream)]
#[variants(Sales(kind = config.kind))]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
