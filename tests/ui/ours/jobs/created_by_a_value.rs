use connector_http::prelude::*;

#[derive(HttpStream)]
#[job(created(id = config.id), poll(path = "r/{job.id}"), results = "url")]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
