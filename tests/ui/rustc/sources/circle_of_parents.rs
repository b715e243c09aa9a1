use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "a/{parent.id}", parent = Second)]
struct First {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "b/{parent.id}", parent = First)]
struct Second {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(First, Second))]
struct Example {
    token: Secret,
}

fn main() {}
