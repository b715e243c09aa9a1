use connector_http::prelude::*;

/// Nothing tells its records apart, and they stand in several lists.
#[derive(HttpStream)]
#[http(path = "rows", records = "data.*.rows", field_list(param = "fields", at_most = 20))]
struct Row {
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "rows", format = csv, field_list(param = "fields", characters = 2000))]
struct Line {
    #[primary_key]
    id: u64,
}

fn main() {}
