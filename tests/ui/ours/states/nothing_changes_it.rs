use connector_http::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Default, Clone, StateType)]
#[state(version = 1)]
struct Token {
    token: String,
}

#[derive(HttpStream)]
#[http(path = "events", state = Token)]
struct Event {
    #[primary_key]
    id: u64,
}

#[source(name = "source-calendar", base_url = "https://api.example.com/", streams(Event))]
struct Calendar {}

fn main() {}
