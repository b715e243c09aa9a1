use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "calls")]
struct Call {
    #[primary_key]
    #[cursor(since = "from", time_zone = config.time_zone)]
    id: u64,
}

#[source(name = "source-calls", base_url = "https://api.example.com/", streams(Call))]
struct Calls {
    time_zone: String,
}

fn main() {}
