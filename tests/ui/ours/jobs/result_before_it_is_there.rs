use connector_http::prelude::*;

#[derive(HttpStream)]
#[job(created(id = "id"), poll(path = "r/{job.result}"), results = "url")]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
