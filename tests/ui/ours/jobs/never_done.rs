use connector_http::prelude::*;

#[derive(HttpStream)]
#[job(created(id = "id"), poll(path = "r/{job.id}"), status = "state", failed("FAILED"), results = "url")]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
