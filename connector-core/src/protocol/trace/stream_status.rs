//! TRACE STREAM_STATUS: how a stream is doing.

use serde::{Deserialize, Serialize};

use super::super::{StreamName, lenient};

/// How a stream is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StreamStatusTrace {
    /// The stream.
    pub stream_descriptor: StreamName,
    /// How it is doing.
    pub status: StreamStatus,
    /// Why.
    #[serde(default, deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<StatusReason>,
}

/// The stages of a stream within a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum StreamStatus {
    /// It began; nothing was read yet.
    Started,
    /// The first record is there.
    Running,
    /// All that was asked for was read.
    Complete,
    /// It ended before that.
    Incomplete,
}

/// Why a stream is doing what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
#[non_exhaustive]
pub enum StatusReason {
    /// The API asked to wait.
    RateLimited {
        /// When the quota is renewed: milliseconds since 1970, if known.
        quota_reset: Option<i64>,
    },
}

impl StreamStatusTrace {
    /// A status without a reason.
    #[must_use]
    pub fn new(stream: StreamName, status: StreamStatus) -> Self {
        Self { stream_descriptor: stream, status, reasons: Vec::new() }
    }

    /// The stream runs, and waits for a rate limit until a time (milliseconds since 1970), if it is known.
    #[must_use]
    pub fn rate_limited(stream: StreamName, quota_reset: Option<i64>) -> Self {
        let reasons = vec![StatusReason::RateLimited { quota_reset }];
        Self { stream_descriptor: stream, status: StreamStatus::Running, reasons }
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ReasonType {
    RateLimited,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Wire {
    r#type: ReasonType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate_limited: Option<RateLimited>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct RateLimited {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quota_reset: Option<i64>,
}

impl From<Wire> for StatusReason {
    fn from(wire: Wire) -> Self {
        match wire.r#type {
            ReasonType::RateLimited => {
                Self::RateLimited { quota_reset: wire.rate_limited.and_then(|limited| limited.quota_reset) }
            }
        }
    }
}

impl From<StatusReason> for Wire {
    fn from(reason: StatusReason) -> Self {
        let StatusReason::RateLimited { quota_reset } = reason;
        let rate_limited = quota_reset.map(|reset| RateLimited { quota_reset: Some(reset) });
        Self { r#type: ReasonType::RateLimited, rate_limited }
    }
}
