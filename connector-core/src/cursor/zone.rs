//! Time zones: what a clock on the wall shows where an API's values have no offset.
//!
//! A *wall time* is what such a value says, as seconds since 1970-01-01T00:00:00 on that clock. Where the clock is put forward, an
//! hour of wall times does not exist; where it is put back, an hour comes twice. Between walls and moments:
//!
//! - A wall time that comes twice is taken for the first of the two moments, one that does not exist for the moment of the change. So a
//!   later wall time is never an earlier moment.
//! - A bound never lies in a changed hour: a lower one is moved to the last second before it, an upper one to its end. So nothing is
//!   lost whichever of the two moments the API takes it for, and whether it compares moments or wall times.

use std::fmt;

use chrono::{DateTime, FixedOffset, Utc};

use crate::Result;

const DAY: i64 = 86_400;

/// The time zone that an API's values without an offset are in.
///
/// ```
/// use connector_core::cursor::TimeZone;
/// # fn main() -> connector_core::Result<()> {
/// let zone = TimeZone::parse("+05:30")?;
/// let moment = "2024-03-10T20:00:00Z".parse().unwrap_or_default();
/// assert_eq!(zone.at(moment).to_rfc3339(), "2024-03-11T01:30:00+05:30");
/// assert!(TimeZone::parse("+25:00").is_err());
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TimeZone(Clock);

#[derive(Clone, PartialEq, Eq)]
enum Clock {
    /// Seconds east of Greenwich.
    Fixed(i64),
    #[cfg(feature = "time-zones")]
    Named(super::tzdb::Named),
}

/// A stretch of wall times that do not exist or come twice, because the clock is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    /// When.
    pub(crate) at: i64,
    before: i64,
    after: i64,
}

impl Change {
    /// The first wall time that is concerned.
    pub(crate) fn start(self) -> i64 {
        self.at + self.before.min(self.after)
    }

    /// The first wall time after them.
    pub(crate) fn end(self) -> i64 {
        self.at + self.before.max(self.after)
    }

    /// Whether they come twice.
    pub(crate) fn is_twice(self) -> bool {
        self.after < self.before
    }
}

impl TimeZone {
    /// UTC.
    pub const UTC: Self = Self(Clock::Fixed(0));

    /// A zone whose clock is never changed.
    #[must_use]
    pub fn fixed(offset: FixedOffset) -> Self {
        Self(Clock::Fixed(offset.local_minus_utc().into()))
    }

    /// Reads an offset (`+02:00`, `-0530`, `+02`, `Z`), `UTC`, or, with the cargo feature `time-zones`, a name of the IANA database
    /// (`America/New_York`): the system's database, or the one in the binary where the system has none.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) saying what it is not, or that the feature is missing.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("gmt") {
            return Ok(Self::UTC);
        }
        if let Some(offset) = offset(text) {
            return Ok(Self(Clock::Fixed(offset)));
        }
        Self::named(text)
    }

    #[cfg(feature = "time-zones")]
    fn named(name: &str) -> Result<Self> {
        super::tzdb::Named::find(name).map(|named| Self(Clock::Named(named)))
    }

    #[cfg(not(feature = "time-zones"))]
    fn named(name: &str) -> Result<Self> {
        let reason = format!(
            "`{name}` is no offset like +02:00; names of time zones are known if the connector is built with the cargo feature `time-zones` of connector-http"
        );
        Err(crate::Error::new(crate::ErrorKind::Config, reason))
    }

    /// The moment as its clock shows it.
    #[must_use]
    pub fn at(&self, moment: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = i32::try_from(self.offset(moment.timestamp())).ok().and_then(FixedOffset::east_opt);
        offset.map_or_else(|| moment.fixed_offset(), |offset| moment.with_timezone(&offset))
    }

    /// The offset of a zone whose clock is never changed.
    const fn constant(&self) -> Option<i64> {
        match self.0 {
            Clock::Fixed(offset) => Some(offset),
            #[cfg(feature = "time-zones")]
            Clock::Named(_) => None,
        }
    }

    /// Seconds east of Greenwich at a moment.
    #[cfg_attr(not(feature = "time-zones"), expect(unused_variables, reason = "no clock is ever changed"))]
    pub(crate) fn offset(&self, at: i64) -> i64 {
        match &self.0 {
            Clock::Fixed(offset) => *offset,
            #[cfg(feature = "time-zones")]
            Clock::Named(named) => named.offset(at),
        }
    }

    /// What the clock shows at a moment.
    pub(crate) fn wall(&self, at: i64) -> i64 {
        at.saturating_add(self.offset(at))
    }

    /// The moment that a wall time is taken for.
    pub(crate) fn moment(&self, wall: i64) -> i64 {
        if let Some(offset) = self.constant() {
            return wall.saturating_sub(offset);
        }
        match self.near(wall) {
            Ok(offset) => wall.saturating_sub(offset),
            Err(change) if wall >= change.end() => wall - change.after,
            Err(change) if wall < change.start() || change.is_twice() => wall - change.before,
            Err(change) => change.at,
        }
    }

    /// The change that a wall time lies in.
    pub(crate) fn change(&self, wall: i64) -> Option<Change> {
        if self.constant().is_some() {
            return None;
        }
        self.near(wall).err().filter(|change| (change.start()..change.end()).contains(&wall))
    }

    /// The offset in the days around a wall time, or the change of it. (No zone changes its clock twice within two days.)
    fn near(&self, wall: i64) -> std::result::Result<i64, Change> {
        let (mut low, mut high) = (wall.saturating_sub(DAY), wall.saturating_add(DAY));
        let (before, after) = (self.offset(low), self.offset(high));
        if before == after {
            return Ok(before);
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.offset(middle) == before { low = middle } else { high = middle }
        }
        Err(Change { at: high, before, after })
    }
}

impl From<FixedOffset> for TimeZone {
    fn from(offset: FixedOffset) -> Self {
        Self::fixed(offset)
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeZone({self})")
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Clock::Fixed(0) => f.write_str("UTC"),
            Clock::Fixed(offset) => {
                let (sign, minutes) = (if *offset < 0 { '-' } else { '+' }, offset.abs() / 60);
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            #[cfg(feature = "time-zones")]
            Clock::Named(named) => f.write_str(named.name()),
        }
    }
}

/// An offset with a sign, of at most 18 hours.
fn offset(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    super::rfc3339::parse_offset(text.as_bytes()).filter(|offset| offset.abs() <= 18 * 3600)
}
