use connector_http::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Default, Clone, StateType)]
#[state(version = 0)]
struct Token {
    token: String,
}

fn main() {}
