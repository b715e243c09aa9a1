//! The functions that a cursor's values may call by their bare names, and what takes their results.

use chrono::{DateTime, Utc};
use connector_core::Result;
use connector_core::cursor::{CursorValue, Span};

/// Now: when the settings are made, at the beginning of the sync.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// That long before now; units of an integer cursor are no time, and nothing is that long ago.
#[must_use]
pub fn ago(span: Span) -> DateTime<Utc> {
    let before = CursorValue::from(Utc::now()).minus(&span).and_then(|value| value.datetime());
    before.unwrap_or(DateTime::UNIX_EPOCH)
}

macro_rules! spans {
    ($($(#[$doc:meta])* $name:ident: $type:ty;)+) => { $($(#[$doc])* #[must_use] pub const fn $name(count: $type) -> Span { Span::$name(count) })+ };
}

spans! {
    /// Calendar months.
    months: u32;
    /// Weeks.
    weeks: u32;
    /// Days.
    days: u32;
    /// Hours.
    hours: u32;
    /// Minutes.
    minutes: u32;
    /// Seconds.
    seconds: u64;
    /// Milliseconds.
    millis: u64;
    /// Units of an integer cursor.
    units: u64;
}

/// A length of time: a [`Span`], or a text in ISO 8601.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no length of time",
    label = "no length of time",
    note = "write days(30), months(1), hours(1), an ISO 8601 text such as \"P1M\", or units(1000) for integers"
)]
pub trait SpanValue {
    /// The span.
    ///
    /// # Errors
    /// A text that is none.
    fn span(&self) -> Result<Span>;
}

impl SpanValue for Span {
    fn span(&self) -> Result<Span> {
        Ok(*self)
    }
}

impl SpanValue for str {
    fn span(&self) -> Result<Span> {
        Span::parse(self)
    }
}

impl SpanValue for String {
    fn span(&self) -> Result<Span> {
        Span::parse(self)
    }
}

/// A wait of that long.
///
/// # Errors
/// A text that is no length of time.
pub fn wait<T: SpanValue + ?Sized>(value: &T) -> Result<std::time::Duration> {
    let now = Utc::now();
    let before = CursorValue::from(now).minus(&value.span()?).and_then(|value| value.datetime()).unwrap_or(now);
    Ok((now - before).to_std().unwrap_or_default())
}

/// The span of a value.
///
/// # Errors
/// A text that is no length of time.
pub fn span<T: SpanValue + ?Sized>(value: &T) -> Result<Span> {
    value.span()
}
