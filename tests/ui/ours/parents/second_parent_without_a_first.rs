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
#[http(path = "shares/{second_parent.id}", second_parent = Owner)]
struct Share {
    #[primary_key]
    id: u64,
}

fn main() {}
