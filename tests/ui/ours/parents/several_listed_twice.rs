use connector_http::prelude::*;

#[derive(HttpStream)]
struct Issue {
    #[primary_key]
    id: u64,
    tags: Vec<String>,
}

#[derive(HttpStream)]
struct Change {
    #[primary_key]
    id: u64,
    tags: Vec<String>,
}

#[derive(HttpStream)]
#[http(path = "{parent.id}/comments", parent = [Issue, Change, Issue])]
struct Comment {
    #[primary_key]
    id: u64,
}

fn main() {}
