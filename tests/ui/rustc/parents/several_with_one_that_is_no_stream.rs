use connector_http::prelude::*;

#[derive(HttpStream)]
struct Issue {
    #[primary_key]
    id: u64,
}

/// No stream.
#[derive(Record)]
struct Change {
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "{parent.id}/comments", parent = [Issue, Change])]
struct Comment {
    #[primary_key]
    id: u64,
}

fn main() {}
