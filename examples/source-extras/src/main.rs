//! What the other examples leave out: six kinds of pagination, credentials chosen by the config, windows, two levels of parents.

mod credentials;
mod streams;

use std::process::ExitCode;

use connector_http::prelude::*;
use credentials::{AuthType, Credentials};
use streams::{Comment, ItemCursor, ItemLink, ItemNextUrl, ItemOffset, ItemPage, ItemPost, Post, User, Window};

/// Everything else of an example API.
#[source(
    name = "source-extras",
    documentation_url = "https://docs.rs/connector-http",
    base_url = config.base_url,
    auth = config.authenticator()?,
    streams(ItemCursor, ItemPage, ItemOffset, ItemLink, ItemNextUrl, ItemPost, Window, User, Post, Comment),
)]
pub struct Extras {
    /// Where the API is, such as https://api.example.com/v1/.
    base_url: String,
    /// How the API knows who asks.
    auth_type: AuthType,
    /// For `bearer`.
    api_token: Option<Secret>,
    /// For `basic`.
    username: Option<String>,
    /// For `basic`.
    password: Option<Secret>,
    /// For `api_key` (a header) and `api_key_query` (a parameter).
    api_key: Option<Secret>,
    /// For `client_credentials` and `rotating`: where access tokens are issued.
    token_url: Option<String>,
    /// For `client_credentials`.
    client_id: Option<String>,
    /// For `client_credentials`.
    client_secret: Option<Secret>,
    /// For `rotating`.
    credentials: Option<Credentials>,
}

fn main() -> ExitCode {
    connector_http::run::<Extras>()
}
