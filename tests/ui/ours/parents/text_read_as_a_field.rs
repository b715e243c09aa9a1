use connector_http::prelude::*;

#[derive(HttpStream)]
struct Issue {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
struct Change {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(
    path = "{parent.kind}/{parent.id}/comments",
    parent = [Issue(kind = "issues"), Change(kind = "changes")],
)]
struct Comment {
    #[primary_key]
    id: u64,
}

fn main() {}
