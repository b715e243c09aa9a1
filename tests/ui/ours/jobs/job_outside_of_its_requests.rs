use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(params(id = job.id))]
#[job(created(id = "id"), poll(path = "r/{job.id}"), results = "url")]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
