use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(csv(delimiter = "||", quote = "“"))]
struct Row {
    #[primary_key]
    id: u64,
}

fn main() {}
