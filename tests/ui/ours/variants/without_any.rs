use connector_http::prelude::*;

#[derive(HttpStream)]
#[variants]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
