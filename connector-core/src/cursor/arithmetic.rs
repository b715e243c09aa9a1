//! Moving values by spans, and down to the beginning of a period. All as in UTC, where every day has 24 hours; `zoned` has what a
//! time zone changes.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};

use super::{CursorKind, CursorValue, Key, Span};

/// The periods that an API wants to be asked for as a whole: windows begin and end at their borders.
///
/// The start is moved down (what was read of a period is read again), the end is moved down, too (a period that is not
/// over is not asked for). The Python framework moves the start up; that is shorter by a part of a period which only
/// a whole earlier window makes safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clamp {
    /// Days, from midnight.
    Day,
    /// Weeks that begin on this day.
    Week(Weekday),
    /// Calendar months.
    Month,
}

impl Clamp {
    fn floor(self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => Some(date),
            Self::Week(first) => date.checked_sub_days(Days::new(u64::from(date.weekday().days_since(first)))),
            Self::Month => date.with_day(1),
        }
    }

    pub(crate) const fn period(self) -> Span {
        match self {
            Self::Day => Span::days(1),
            Self::Week(_) => Span::days(7),
            Self::Month => Span::months(1),
        }
    }
}

impl Key {
    /// The value a span later; nothing beyond the calendar or the integers, or if the kind has no such spans.
    pub(crate) fn plus(&self, span: &Span) -> Option<Self> {
        self.moved(span, false)
    }

    /// The value a span earlier.
    pub(crate) fn minus(&self, span: &Span) -> Option<Self> {
        self.moved(span, true)
    }

    fn moved(&self, span: &Span, back: bool) -> Option<Self> {
        match self {
            Self::Moment(seconds, nanos) => {
                let moment = shift(DateTime::from_timestamp(*seconds, *nanos)?, span, back)?;
                Some(Self::Moment(moment.timestamp(), moment.timestamp_subsec_nanos()))
            }
            Self::Naive(seconds, nanos) => {
                let moment = shift(DateTime::from_timestamp(*seconds, *nanos)?, span, back)?;
                Some(Self::Naive(moment.timestamp(), moment.timestamp_subsec_nanos()))
            }
            Self::Day(days) => {
                let moment = shift(DateTime::from_timestamp(days.checked_mul(86_400)?, 0)?, span, back)?;
                Some(Self::Day(moment.timestamp().div_euclid(86_400)))
            }
            Self::Integer(integer) => {
                let units = i128::from(span.units);
                let moved = if back { integer.checked_sub(units) } else { integer.checked_add(units) };
                moved.map(Self::Integer)
            }
            Self::Text(_) => None,
        }
    }

    /// The beginning of the period that the value lies in.
    pub(crate) fn floor(&self, clamp: Clamp) -> Option<Self> {
        let seconds = match self {
            Self::Moment(seconds, _) | Self::Naive(seconds, _) => *seconds,
            Self::Day(days) => days.checked_mul(86_400)?,
            Self::Integer(_) | Self::Text(_) => return Some(self.clone()),
        };
        let date = clamp.floor(DateTime::from_timestamp(seconds, 0)?.date_naive())?;
        let days = date.signed_duration_since(NaiveDate::default()).num_days();
        Some(match self {
            Self::Moment(..) => Self::Moment(days * 86_400, 0),
            Self::Naive(..) => Self::Naive(days * 86_400, 0),
            _ => Self::Day(days),
        })
    }

    /// The largest multiple of a part of a day, counted from midnight, that is not above the value; nothing for another span or kind.
    pub(crate) fn floor_to(&self, grain: &Span) -> Option<Self> {
        const SECOND: u64 = 1_000_000_000;
        const DAY: u64 = 86_400 * SECOND;
        let (Self::Moment(seconds, nanos) | Self::Naive(seconds, nanos)) = self else { return None };
        let length = grain.seconds.checked_mul(SECOND)?.checked_add(u64::from(grain.nanos))?;
        if grain.months > 0 || grain.units > 0 || length == 0 || !DAY.is_multiple_of(length) {
            return None;
        }
        let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400).cast_unsigned());
        let within = second * SECOND + u64::from(*nanos);
        let within = within - within % length;
        let seconds = day * 86_400 + (within / SECOND).cast_signed();
        let nanos = u32::try_from(within % SECOND).ok()?;
        Some(if matches!(self, Self::Moment(..)) { Self::Moment(seconds, nanos) } else { Self::Naive(seconds, nanos) })
    }

    /// A moment as a value of a kind of time; nothing for integers and texts.
    pub(crate) fn of_moment(kind: CursorKind, moment: DateTime<Utc>) -> Option<Self> {
        let (seconds, nanos) = (moment.timestamp(), moment.timestamp_subsec_nanos());
        match kind {
            CursorKind::DateTime => Some(Self::Moment(seconds, nanos)),
            CursorKind::NaiveDateTime => Some(Self::Naive(seconds, nanos)),
            CursorKind::Date => Some(Self::Day(seconds.div_euclid(86_400))),
            CursorKind::Integer | CursorKind::Text => None,
        }
    }
}

fn shift(moment: DateTime<Utc>, span: &Span, back: bool) -> Option<DateTime<Utc>> {
    let months = Months::new(span.months);
    let delta = TimeDelta::new(i64::try_from(span.seconds).ok()?, span.nanos)?;
    if back {
        moment.checked_sub_months(months)?.checked_sub_signed(delta)
    } else {
        moment.checked_add_months(months)?.checked_add_signed(delta)
    }
}

impl CursorValue {
    /// The value a span later; nothing beyond the calendar or the integers.
    #[must_use]
    pub fn plus(&self, span: &Span) -> Option<Self> {
        self.key.plus(span).map(Self::of)
    }

    /// The value a span earlier.
    #[must_use]
    pub fn minus(&self, span: &Span) -> Option<Self> {
        self.key.minus(span).map(Self::of)
    }
}
