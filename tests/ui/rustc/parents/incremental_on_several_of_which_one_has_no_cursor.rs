use connector_http::prelude::*;

#[derive(HttpStream)]
struct Issue {
    #[primary_key]
    id: u64,
    #[cursor(since = "since")]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
struct Change {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "{parent.id}/comments", parent = [Issue, Change], incremental)]
struct Comment {
    #[primary_key]
    id: u64,
}

fn main() {}
