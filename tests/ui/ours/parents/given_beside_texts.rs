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
#[http(
    path = "{partition.kind}/{parent.id}",
    parent = [Issue(kind = "issues"), Change(kind = "changes")],
    given(id = [1_u64])
)]
struct Comment {
    #[primary_key]
    id: u64,
}

fn main() {}
