use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "rows", field_list(at_most = 20))]
struct Row {
    #[primary_key]
    id: u64,
}

fn main() {}
