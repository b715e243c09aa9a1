use connector_http::prelude::*;

struct Table {
    id: String,
}

#[derive(HttpStream)]
#[http(made_of = Table, path = "tables", params(id = stream.ids))]
struct Row {
    #[primary_key]
    id: u64,
}

fn main() {}
