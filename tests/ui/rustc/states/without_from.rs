use connector_http::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Default, Clone, StateType)]
#[state(version = 1)]
struct Token {
    token: String,
}

#[derive(Serialize, Deserialize, Default, Clone, StateType)]
#[state(version = 2, from = Token)]
struct Tokens {
    tokens: Vec<String>,
}

fn main() {}
