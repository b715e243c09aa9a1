use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "users")]
struct User {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "posts", parent = User)]
struct Post {
    #[primary_key]
    id: u64,
}

fn main() {}
