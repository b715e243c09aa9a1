use connector_http::prelude::*;

#[derive(HttpStream)]
struct Issue {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "{parent.id}/changes", parent = [Issue, Like])]
struct Change {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "{parent.id}/likes", parent = [Issue, Change])]
struct Like {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "{parent.id}/marks", parent = [Issue, Hidden])]
struct Mark {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
struct Hidden {
    #[primary_key]
    id: u64,
}

#[source(base_url = "https://example.com", streams(Issue, Change, Like, Mark))]
struct Example {
    token: Secret,
}

fn main() {}
