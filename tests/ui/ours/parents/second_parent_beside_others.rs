use connector_http::prelude::*;

#[derive(HttpStream)]
struct Project {
    #[primary_key]
    id: u64,
    #[cursor(since = "since")]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
struct Owner {
    #[primary_key]
    id: u64,
    name: String,
}

#[derive(HttpStream)]
#[http(
    path = "shares/{second_parent.id}",
    parent = Project,
    second_parent = Owner,
    group = 5,
    incremental,
    params(ids = parent.id.join(","))
)]
struct Share {
    #[primary_key]
    id: u64,
}

fn main() {}
