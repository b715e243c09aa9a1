//! Conditions of rules, and quotas.

use std::time::Duration;

use connector_core::stream::StreamType;
use serde_json::Value;

use super::TextValue;
use crate::{Condition, Quota};

/// A response header has this value.
#[must_use]
pub fn header_is<T: TextValue + ?Sized>(name: &str, value: &T) -> Condition {
    let mut text = String::new();
    value.write(&mut text);
    Condition::Header(name.to_owned(), Some(text))
}

/// The body's value at a path is this.
#[must_use]
pub fn body_is(path: &str, value: impl Into<Value>) -> Condition {
    Condition::Body(path.to_owned(), Some(value.into()))
}

/// So many requests in so many seconds.
#[must_use]
pub const fn quota(requests: u32, seconds: u64) -> Quota {
    Quota::moving(requests, Duration::from_secs(seconds))
}

/// So many requests in each full window of so many seconds.
#[must_use]
pub const fn fixed_quota(requests: u32, seconds: u64) -> Quota {
    Quota::fixed(requests, Duration::from_secs(seconds))
}

/// The name of a stream.
#[must_use]
pub fn stream_name<S: StreamType>() -> &'static str {
    S::descriptor().name
}
