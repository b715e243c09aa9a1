use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "r/{job.id}")]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
