use connector_http::prelude::*;

#[derive(HttpStream)]
struct Invoice {
    #[primary_key]
    id: u64,
    lines: Lines,
}

#[derive(Record)]
struct Lines {
    data: Vec<u64>,
}

#[derive(HttpStream)]
#[http(path = "invoices/{parent.id}/{partition.kind}", parent = Invoice, first_page = parent.lines)]
#[partition(kind = ["open", "closed"])]
struct Line {
    #[primary_key]
    id: u64,
    #[cursor(since = "since")]
    at: DateTime<Utc>,
}

fn main() {}
