//! The streams that the comparison with other frameworks reads, written as any author would write them.

mod records;

use connector_http::prelude::*;
use records::{Document, Event, Order, Post, S0, S1, S2, S3, S4, S5, S6, S7, S8, S9, User};
use std::process::ExitCode;

/// A mock API that is never the bottleneck.
#[source(
    name = "source-bench",
    base_url = config.base_url.as_str(),
    auth = bearer(config.api_token),
    concurrency = config.concurrency,
    streams(User, Event, Document, Order, Post, S0, S1, S2, S3, S4, S5, S6, S7, S8, S9),
)]
struct Bench {
    /// The API's base URL.
    base_url: String,
    /// The API's token.
    api_token: Secret,
    /// Records a page.
    page_size: u32,
    /// Requests in flight at a time.
    #[serde(default = "ten")]
    concurrency: usize,
}

fn ten() -> usize {
    10
}

fn main() -> ExitCode {
    connector_http::run::<Bench>()
}
