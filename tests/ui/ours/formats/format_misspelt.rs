use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(format = xlm)]
struct Row {
    #[primary_key]
    id: u64,
}

fn main() {}
