use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(format = csv, csv(delimiter = ";"))]
struct Row {
    #[primary_key]
    id: u64,
}

fn main() {}
