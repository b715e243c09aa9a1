use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(records = "{partition.kind}.{page.token}")]
#[partition(kind = ["a"])]
#[paginate(pages, param = "page")]
struct Order {
    #[primary_key]
    id: u64,
}

fn main() {}
