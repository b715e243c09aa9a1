use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "reports", method = POST)]
#[job(
    created(at = "links.self"),
    created_headers(at = "Location"),
    poll(path = "reports", url = job.at),
    results = "rows"
)]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
