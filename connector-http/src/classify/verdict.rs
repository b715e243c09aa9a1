//! What is done about an answer.

use connector_core::FailureType;
use std::time::Duration;

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The body holds records.
    Success,
    /// There are no records here, and that is well (404 for a deleted parent).
    Ignore,
    /// Ask again after a back-off, within the limits of tries and time.
    Retry {
        /// Why, for the author's users; the status speaks where this is absent.
        message: Option<String>,
        /// How long to wait, where the answer says so; else `Retry-After` or a back-off.
        wait: Option<Duration>,
    },
    /// Ask again when the limit has gone; counted apart from retries.
    RateLimited {
        /// How long to wait, where the answer says so; else `Retry-After`, a reset header or a back-off.
        wait: Option<Duration>,
    },
    /// Renew the credentials and ask again, once.
    Refresh,
    /// Read the slice from its first page again (a page token that expired), once.
    Restart,
    /// The stream fails.
    Fail {
        /// What the user reads; the status and the body speak where this is absent.
        message: Option<String>,
        /// Who has to act.
        failure_type: Option<FailureType>,
    },
}

impl Verdict {
    /// A retry after a back-off, or after what `Retry-After` says.
    #[must_use]
    pub fn retry() -> Self {
        Self::Retry { message: None, wait: None }
    }

    /// A rate limit; the wait is taken from the headers.
    #[must_use]
    pub fn rate_limited() -> Self {
        Self::RateLimited { wait: None }
    }

    /// A failure with a message of your own.
    #[must_use]
    pub fn fail(message: impl Into<String>) -> Self {
        Self::Fail { message: Some(message.into()), failure_type: None }
    }
}
