use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "calls")]
struct Call {
    #[primary_key]
    id: u64,
    #[cursor(since = "from", time_zone = config.hours_east)]
    at: NaiveDateTime,
}

#[source(name = "source-calls", base_url = "https://api.example.com/", streams(Call))]
struct Calls {
    hours_east: i32,
}

fn main() {}
