use connector_http::prelude::*;

#[derive(HttpStream)]
#[job(created(report_id = "id"), poll(path = "r/{job.reprot_id}", params(x = job.other)), results = "url")]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
