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
#[http(path = "lines", first_page = parent.lines)]
struct Line {
    #[primary_key]
    id: u64,
}

fn main() {}
