use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "tables/{stream.id}")]
struct Row {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://api.example.com/", streams(Row))]
struct Example {}

fn main() {}
