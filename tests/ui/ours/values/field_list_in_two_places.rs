use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "rows", field_list(param = "fields", header = "X-Fields"))]
struct Row {
    #[primary_key]
    id: u64,
}

fn main() {}
