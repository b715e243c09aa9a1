//! The time zone of a cursor.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use connector_core::cursor::TimeZone;
use connector_core::{Error, Result};

/// A cursor whose values are on a clock.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is in no time zone",
    label = "neither a date nor a date-time",
    note = "drop `time_zone`, or make the cursor a date or a date-time"
)]
pub trait ZonedCursor {}

impl ZonedCursor for DateTime<Utc> {}
impl ZonedCursor for DateTime<FixedOffset> {}
impl ZonedCursor for NaiveDateTime {}
impl ZonedCursor for NaiveDate {}
impl<T: ZonedCursor> ZonedCursor for Option<T> {}

/// What names a time zone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no time zone",
    label = "no time zone",
    note = "expected a text like \"+02:00\" or \"America/New_York\", a `TimeZone`, a `FixedOffset`, or an option of one"
)]
pub trait ZoneValue {
    /// The zone, if there is one.
    ///
    /// # Errors
    /// A text that is none.
    fn zone(&self) -> Result<Option<TimeZone>>;
}

impl ZoneValue for str {
    fn zone(&self) -> Result<Option<TimeZone>> {
        TimeZone::parse(self).map(Some)
    }
}

impl ZoneValue for String {
    fn zone(&self) -> Result<Option<TimeZone>> {
        self.as_str().zone()
    }
}

impl ZoneValue for TimeZone {
    fn zone(&self) -> Result<Option<TimeZone>> {
        Ok(Some(self.clone()))
    }
}

impl ZoneValue for FixedOffset {
    fn zone(&self) -> Result<Option<TimeZone>> {
        Ok(Some(TimeZone::fixed(*self)))
    }
}

impl<V: ZoneValue + ?Sized> ZoneValue for &V {
    fn zone(&self) -> Result<Option<TimeZone>> {
        V::zone(self)
    }
}

impl<V: ZoneValue> ZoneValue for Option<V> {
    fn zone(&self) -> Result<Option<TimeZone>> {
        self.as_ref().map_or(Ok(None), V::zone)
    }
}

/// The zone of a cursor field; the accessor, which is never called, tells the field's type.
///
/// # Errors
/// A text that names none.
pub fn time_zone<R, T: ZonedCursor, V: ZoneValue + ?Sized>(_type: fn(&R) -> &T, value: &V) -> Result<Option<TimeZone>> {
    value.zone().map_err(|error| Error::new(error.kind(), format!("the cursor's time zone: {}", error.message())))
}

/// Names of time zones are known; where they are not, this does not compile.
#[cfg(feature = "time-zones")]
pub const fn zones_by_name() {}

/// Names of time zones are known; where they are not, this does not compile.
#[cfg(not(feature = "time-zones"))]
#[expect(clippy::panic, reason = "the compiler meets it, never a sync")]
pub const fn zones_by_name() {
    panic!(
        "names of time zones want the cargo feature `time-zones` of connector-http: add `features = [\"time-zones\"]` to it in Cargo.toml; an offset such as \"+02:00\" does without"
    )
}
