//! Spans: the length of a window, a look-back, a granularity.

use std::fmt;

use crate::{Error, ErrorKind, Result};

/// A length of time in calendar months and seconds, or a number of units for an integer cursor. Never negative.
///
/// ```
/// use connector_core::cursor::Span;
/// # fn main() -> connector_core::Result<()> {
/// assert_eq!(Span::parse("P30D")?, Span::days(30));
/// assert_eq!(Span::parse("P1Y2M")?, Span::months(14));
/// assert_eq!(Span::parse("PT1H")?, Span::hours(1));
/// assert_eq!(Span::parse("PT0.001S")?, Span::millis(1));
/// assert_eq!(Span::days(30).to_string(), "P30D");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    pub(crate) months: u32,
    pub(crate) seconds: u64,
    pub(crate) nanos: u32,
    pub(crate) units: u64,
}

impl Span {
    pub(super) const ZERO: Self = Self { months: 0, seconds: 0, nanos: 0, units: 0 };

    /// Calendar years; the 29th of February becomes the 28th where there is none.
    #[must_use]
    pub const fn years(years: u32) -> Self {
        Self { months: years.saturating_mul(12), ..Self::ZERO }
    }

    /// Calendar months; the 31st becomes the last day of a shorter month.
    #[must_use]
    pub const fn months(months: u32) -> Self {
        Self { months, ..Self::ZERO }
    }

    /// Weeks.
    #[must_use]
    pub const fn weeks(weeks: u32) -> Self {
        Self::seconds(weeks as u64 * 7 * 86_400)
    }

    /// Days of 24 hours (in UTC every day has them).
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self::seconds(days as u64 * 86_400)
    }

    /// Hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self::seconds(hours as u64 * 3600)
    }

    /// Minutes.
    #[must_use]
    pub const fn minutes(minutes: u32) -> Self {
        Self::seconds(minutes as u64 * 60)
    }

    /// Seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self { seconds, ..Self::ZERO }
    }

    /// Milliseconds.
    #[must_use]
    pub const fn millis(millis: u64) -> Self {
        Self { seconds: millis / 1000, nanos: (millis % 1000) as u32 * 1_000_000, ..Self::ZERO }
    }

    /// Microseconds.
    #[must_use]
    pub const fn micros(micros: u64) -> Self {
        Self { seconds: micros / 1_000_000, nanos: (micros % 1_000_000) as u32 * 1000, ..Self::ZERO }
    }

    /// Units of an integer cursor.
    #[must_use]
    pub const fn units(units: u64) -> Self {
        Self { units, ..Self::ZERO }
    }

    /// Reads an ISO 8601 duration (`P30D`, `P1M`, `P1Y`, `P2W`, `PT1H`, `P1DT12H`, `PT0.5S`), or a bare number of units.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] naming the text if it is neither.
    pub fn parse(text: &str) -> Result<Self> {
        let bare = text.parse().ok().map(Self::units);
        bare.or_else(|| parse_iso(text)).ok_or_else(|| {
            let message = format!("`{text}` is no duration; write it like P30D, P1M, P1Y, PT1H or P1DT12H");
            Error::new(ErrorKind::Config, message)
        })
    }

    /// Whether it is no time at all.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.months == 0 && self.seconds == 0 && self.nanos == 0 && self.units == 0
    }

    pub(crate) const fn is_units(&self) -> bool {
        self.units > 0
    }

    fn plus(self, other: Self) -> Option<Self> {
        let nanos = self.nanos + other.nanos;
        let carry = u64::from(nanos / 1_000_000_000);
        Some(Self {
            months: self.months.checked_add(other.months)?,
            seconds: self.seconds.checked_add(other.seconds)?.checked_add(carry)?,
            nanos: nanos % 1_000_000_000,
            units: 0,
        })
    }
}

fn parse_iso(text: &str) -> Option<Span> {
    let mut rest = text.strip_prefix('P')?;
    let (mut span, mut in_time, mut parts) = (Span::ZERO, false, 0);
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix('T') {
            if in_time || time.is_empty() {
                return None;
            }
            (in_time, rest) = (true, time);
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let part = parse_part(&rest[..end], rest.as_bytes()[end], in_time)?;
        span = span.plus(part)?;
        rest = &rest[end + 1..];
        parts += 1;
    }
    (parts > 0).then_some(span)
}

fn parse_part(number: &str, unit: u8, in_time: bool) -> Option<Span> {
    if unit == b'S' && in_time {
        let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
        let digits = fraction.bytes().all(|byte| byte.is_ascii_digit()) && fraction.len() <= 9;
        let nanos = format!("{fraction:0<9}").parse().ok().filter(|_| digits)?;
        return Some(Span { seconds: whole.parse().ok()?, nanos, ..Span::ZERO });
    }
    let count: u32 = number.parse().ok()?;
    Some(match (unit, in_time) {
        (b'Y', false) => Span::months(count.checked_mul(12)?),
        (b'M', false) => Span::months(count),
        (b'W', false) => Span::weeks(count),
        (b'D', false) => Span::days(count),
        (b'H', true) => Span::hours(count),
        (b'M', true) => Span::minutes(count),
        _ => return None,
    })
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.units > 0 {
            return write!(f, "{}", self.units);
        }
        f.write_str("P")?;
        if self.months > 0 {
            write!(f, "{}M", self.months)?;
        }
        let (days, seconds) = (self.seconds / 86_400, self.seconds % 86_400);
        if days > 0 {
            write!(f, "{days}D")?;
        }
        match (seconds, self.nanos) {
            (0, 0) if self.months == 0 && days == 0 => f.write_str("T0S"),
            (0, 0) => Ok(()),
            (seconds, 0) if seconds % 3600 == 0 => write!(f, "T{}H", seconds / 3600),
            (seconds, 0) if seconds % 60 == 0 => write!(f, "T{}M", seconds / 60),
            (seconds, 0) => write!(f, "T{seconds}S"),
            (seconds, nanos) => write!(f, "T{seconds}.{}S", format!("{nanos:09}").trim_end_matches('0')),
        }
    }
}
