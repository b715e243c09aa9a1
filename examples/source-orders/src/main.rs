//! Pages with tokens, and a cursor: a second sync asks only for what changed since the first.

use std::process::ExitCode;

use connector_http::prelude::*;

/// The orders of an example API.
#[source(
    name = "source-orders",
    documentation_url = "https://docs.rs/connector-http",
    base_url = config.base_url,
    auth = bearer(config.api_token),
    streams(Order),
)]
struct Orders {
    /// Where the API is, such as https://api.example.com/v1/.
    base_url: String,
    /// Token from Settings → API.
    api_token: Secret,
    /// Orders changed before this moment are not read.
    start_date: Option<DateTime<Utc>>,
}

/// What was bought.
#[derive(HttpStream)]
#[http(name = "orders", path = "orders", records = "orders", params(limit = 100))]
#[paginate(token = "next_page_token", param = "page_token")]
struct Order {
    #[primary_key]
    id: u64,
    /// Who bought it.
    user_id: u64,
    amount: Decimal,
    /// ISO 4217.
    currency: String,
    status: String,
    #[cursor(since = "updated_since", start = config.start_date)]
    updated_at: DateTime<Utc>,
}

fn main() -> ExitCode {
    connector_http::run::<Orders>()
}
