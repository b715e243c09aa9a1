use connector_http::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Default, Clone, StateType)]
#[state(version = 1)]
struct Token {
    token: String,
}

#[derive(Serialize, Deserialize, Default, Clone, StateType)]
#[state(version = 1, from = Token)]
struct Tokens {
    tokens: Vec<String>,
}

impl From<Token> for Tokens {
    fn from(old: Token) -> Self {
        Self { tokens: vec![old.token] }
    }
}

fn main() {}
