use connector_http::prelude::*;

#[derive(HttpStream)]
#[job(created(id = "id"), results = "url")]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
