use connector_http::prelude::*;

#[derive(HttpStream)]
#[job(created(result = "id"), poll(path = "r"), results = "url")]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
