use connector_http::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Default, Clone, StateType)]
struct Token {
    token: String,
}

fn main() {}
