use connector_http::prelude::*;

#[derive(HttpStream)]
#[job(created(id = "id"), poll(path = "r/{job.id}"), results = "url", download(params(x = 1)))]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
