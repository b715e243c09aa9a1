use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(csv())]
struct Row {
    #[primary_key]
    id: u64,
}

fn main() {}
