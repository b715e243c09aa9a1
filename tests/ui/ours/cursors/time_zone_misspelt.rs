use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "calls")]
struct Call {
    #[primary_key]
    id: u64,
    #[cursor(since = "from", time_zone = "America/New_Yrok")]
    at: NaiveDateTime,
}

#[derive(HttpStream)]
#[http(path = "visits")]
struct Visit {
    #[primary_key]
    id: u64,
    #[cursor(since = "from", time_zone = "+2 hours")]
    at: NaiveDateTime,
}

#[source(name = "source-calls", base_url = "https://api.example.com/", streams(Call, Visit))]
struct Calls {}

fn main() {}
