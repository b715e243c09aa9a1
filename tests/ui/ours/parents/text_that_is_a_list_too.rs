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
#[http(path = "{partition.tag}/{parent.id}/comments", parent = [Issue(tag = "issues"), Change(tag = "changes")])]
#[partition(tag = parent.tags)]
struct Comment {
    #[primary_key]
    id: u64,
}

fn main() {}
