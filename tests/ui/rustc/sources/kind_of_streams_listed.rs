use connector_http::prelude::*;

struct Table {
    id: String,
}

#[derive(HttpStream)]
#[http(made_of = Table, path = "tables/{stream.id}")]
struct Row {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://api.example.com/", streams(Row))]
struct Example {}

fn main() {}
