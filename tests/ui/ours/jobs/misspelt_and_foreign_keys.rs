use connector_http::prelude::*;

#[derive(HttpStream)]
#[job(creatd(id = "id"), polling(path = "r/{job.id}"), results = "url")]
struct Report {
    #[primary_key]
    id: u64,
}

fn main() {}
