use connector_http::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Default, Clone, StateType)]
#[state(version = 1)]
struct Token {
    token: String,
}

#[derive(HttpStream)]
#[http(path = "events", state = Token, updated_state = Self::read_up_to, params(token = state.tokn))]
struct Event {
    #[primary_key]
    id: u64,
}

impl Event {
    fn read_up_to(_page: &Page<'_>, _state: &mut Token) -> Result<()> {
        Ok(())
    }
}

#[source(name = "source-calendar", base_url = "https://api.example.com/", streams(Event))]
struct Calendar {}

fn main() {}
