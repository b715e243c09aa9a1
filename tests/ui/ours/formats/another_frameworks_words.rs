use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(encoding = "latin1", csv(separator = ";"))]
struct Row {
    #[primary_key]
    id: u64,
}

fn main() {}
