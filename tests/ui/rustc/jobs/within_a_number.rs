use connector_http::prelude::*;

#[derive(HttpStream)]
#[job(poll(path = "r"), results = "url", within = 60)]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
