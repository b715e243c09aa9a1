use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(csv(quote = "'", no_quotes))]
struct Row {
    #[primary_key]
    id: u64,
}

fn main() {}
