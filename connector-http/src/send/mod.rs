//! Sending with manners: quotas before, waits and retries after.
//!
//! `budget` and `quota` keep what all streams of a source share, `wait` reads how long a server wants us to wait (`limit_headers` are its own names),
//! `backoff` how long we wait unasked, `retry` counts and gives up.

mod backoff;
mod budget;
mod limit_headers;
mod quota;
mod retry;
mod wait;

pub(crate) use backoff::backoff;
pub(crate) use budget::{Budget, Lane, Permit, SHARED, Ticket, Want};
pub use limit_headers::LimitHeaders;
pub use quota::Quota;
pub(crate) use retry::{Patience, Turn, human};
pub(crate) use wait::{Advice, advice, moment};
