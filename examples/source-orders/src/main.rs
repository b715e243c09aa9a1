//! Pages with tokens, and a cursor: a second sync asks only for what changed since the first.

use std::process::ExitCode;

use connector_http::cursor;
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
    /// For accounts whose orders come with the earliest change first: after so many orders, 100 at most, the state advances.
    checkpoint_interval: Option<u32>,
}

impl Orders {
    /// A state can follow a page, so a page has no more orders than may come before the next state.
    fn page_size(&self) -> u32 {
        self.checkpoint_interval.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE)
    }

    /// Only an order that is certain lets the state advance before the last page.
    const fn order(&self) -> cursor::Order {
        match self.checkpoint_interval {
            Some(_) => cursor::Order::Ascending,
            None => cursor::Order::Unordered,
        }
    }
}

/// What the API puts on a page at most.
const MAX_PAGE: u32 = 100;

/// What was bought.
#[derive(HttpStream)]
#[http(name = "orders", path = "orders", records = "orders", params(limit = config.page_size()))]
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
    #[cursor(since = "updated_since", start = config.start_date, order = config.order())]
    updated_at: DateTime<Utc>,
}

fn main() -> ExitCode {
    connector_http::run::<Orders>()
}
