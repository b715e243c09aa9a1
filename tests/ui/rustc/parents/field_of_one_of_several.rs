use connector_http::prelude::*;

#[derive(HttpStream)]
struct Issue {
    #[primary_key]
    id: u64,
    number: u64,
}

#[derive(HttpStream)]
struct Change {
    #[primary_key]
    id: String,
}

/// A change has no number, and an id of another type.
#[derive(HttpStream)]
#[http(path = "comments/{parent.id}", parent = [Issue, Change], params(number = parent.number))]
struct Comment {
    #[primary_key]
    id: u64,
}

/// What is above several parents is not known.
#[derive(HttpStream)]
#[http(path = "likes/{parent.id}", parent = Comment, params(of = grandparent.id))]
struct Like {
    #[primary_key]
    id: u64,
}

fn main() {}
