//! One stream, one page, a bearer token.

use std::process::ExitCode;

use connector_http::prelude::*;

/// The users of an example API.
#[source(
    name = "source-users",
    documentation_url = "https://docs.rs/connector-http",
    base_url = config.base_url,
    auth = bearer(config.api_token),
    streams(User),
)]
struct Users {
    /// Where the API is, such as https://api.example.com/v1/.
    base_url: String,
    /// Token from Settings → API.
    api_token: Secret,
}

/// People with an account.
#[derive(HttpStream)]
#[http(name = "users", path = "users", records = "users")]
struct User {
    #[primary_key]
    id: u64,
    name: String,
    email: String,
    /// Whether the person may log in.
    active: bool,
    /// Between 0 and 100.
    score: f64,
    tags: Vec<String>,
    address: Address,
    nickname: Option<String>,
    created_at: DateTime<Utc>,
}

/// Where a person lives.
#[derive(Record)]
struct Address {
    city: String,
    zip: String,
    geo: Point,
}

/// A place on the globe, in degrees.
#[derive(Record)]
struct Point {
    lat: f64,
    lon: f64,
}

fn main() -> ExitCode {
    connector_http::run::<Users>()
}
