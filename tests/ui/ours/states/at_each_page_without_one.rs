use connector_http::prelude::*;

#[derive(HttpStream)]
#[http(path = "events", state_at_each_page)]
struct Event {
    #[primary_key]
    id: u64,
}

#[source(name = "source-calendar", base_url = "https://api.example.com/", streams(Event))]
struct Calendar {}

fn main() {}
