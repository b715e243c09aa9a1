//! One value of a cursor, ordered within its kind.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};

use super::CursorKind;

/// A value of a cursor field. Values of one kind are ordered; the JSON text it came as is remembered, so that the state and
/// the requests can have it in the API's own form, but takes no part in comparisons.
///
/// ```
/// use connector_core::cursor::{CursorKind, CursorValue};
/// # fn main() -> connector_core::Result<()> {
/// let early = CursorValue::from_json(CursorKind::DateTime, br#""2024-05-01T10:00:00+02:00""#, &[])?;
/// let late = CursorValue::from_json(CursorKind::DateTime, br#""2024-05-01T09:00:00Z""#, &[])?;
/// assert!(early < late);
/// assert_eq!(early.to_json(), r#""2024-05-01T10:00:00+02:00""#);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct CursorValue {
    pub(crate) key: Key,
    pub(crate) json: Option<Box<str>>,
    /// The second part, of a cursor that has two: what comes first at the same value of the first part. Nothing is before all.
    pub(crate) then: Option<Box<CursorValue>>,
}

/// What is compared. Seconds are since 1970-01-01T00:00:00(Z), days since 1970-01-01.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    Moment(i64, u32),
    Naive(i64, u32),
    Day(i64),
    Integer(i128),
    Text(Box<str>),
}

impl Key {
    pub(crate) const fn kind(&self) -> CursorKind {
        match self {
            Self::Moment(..) => CursorKind::DateTime,
            Self::Naive(..) => CursorKind::NaiveDateTime,
            Self::Day(_) => CursorKind::Date,
            Self::Integer(_) => CursorKind::Integer,
            Self::Text(_) => CursorKind::Text,
        }
    }
}

impl CursorValue {
    pub(crate) const fn of(key: Key) -> Self {
        Self { key, json: None, then: None }
    }

    /// The same value with this second part, for a cursor that has two ([`CursorSpec::then`](super::CursorSpec::then)).
    ///
    /// ```
    /// use connector_core::cursor::CursorValue;
    /// let (one, two) = (CursorValue::from(7).with_then(1.into()), CursorValue::from(7).with_then(2.into()));
    /// assert!(one < two && two < CursorValue::from(8));
    /// assert!(CursorValue::from(7) < one, "without a second part it is before all that have the first");
    /// ```
    #[must_use]
    pub fn with_then(mut self, then: Self) -> Self {
        self.then = Some(Box::new(then));
        self
    }

    /// The second part, where the cursor has two and it is known.
    #[must_use]
    pub fn then(&self) -> Option<&Self> {
        self.then.as_deref()
    }

    /// How the value is compared.
    #[must_use]
    pub const fn kind(&self) -> CursorKind {
        self.key.kind()
    }

    /// The JSON text that the value came as, where it came as JSON.
    #[must_use]
    pub fn json(&self) -> Option<&str> {
        self.json.as_deref()
    }

    /// The moment, of a date-time or a date (midnight); without a zone it is taken as UTC.
    #[must_use]
    pub fn datetime(&self) -> Option<DateTime<Utc>> {
        match self.key {
            Key::Moment(seconds, nanos) | Key::Naive(seconds, nanos) => DateTime::from_timestamp(seconds, nanos),
            Key::Day(days) => DateTime::from_timestamp(days.checked_mul(86_400)?, 0),
            _ => None,
        }
    }

    /// The date-time without its zone.
    #[must_use]
    pub fn naive(&self) -> Option<NaiveDateTime> {
        Some(self.datetime()?.naive_utc())
    }

    /// The date, in UTC.
    #[must_use]
    pub fn date(&self) -> Option<NaiveDate> {
        Some(self.datetime()?.date_naive())
    }

    /// The integer.
    #[must_use]
    pub const fn integer(&self) -> Option<i128> {
        match self.key {
            Key::Integer(integer) => Some(integer),
            _ => None,
        }
    }

    /// The string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.key {
            Key::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as JSON: the text it came as, or else RFC 3339, `YYYY-MM-DD`, the number or the string.
    #[must_use]
    pub fn to_json(&self) -> String {
        match (&self.json, &self.key) {
            (Some(json), _) => json.to_string(),
            (None, Key::Integer(integer)) => integer.to_string(),
            (None, _) => serde_json::Value::String(self.plain()).to_string(),
        }
    }

    /// The value as plain text, the same forms as in [`to_json`](Self::to_json) without quotes.
    #[must_use]
    pub fn to_text(&self) -> String {
        match &self.json {
            Some(json) => serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_string()),
            None => self.plain(),
        }
    }

    /// The default form of its kind, whatever it came as.
    pub(crate) fn plain(&self) -> String {
        match &self.key {
            Key::Moment(..) | Key::Naive(..) | Key::Day(_) => self.plain_time().unwrap_or_default(),
            Key::Integer(integer) => integer.to_string(),
            Key::Text(text) => text.to_string(),
        }
    }

    fn plain_time(&self) -> Option<String> {
        let moment = self.datetime()?;
        Some(match self.key {
            Key::Day(_) => moment.format("%Y-%m-%d").to_string(),
            Key::Naive(..) => moment.format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
            _ => moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
        })
    }
}

impl PartialEq for CursorValue {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.then == other.then
    }
}

impl Eq for CursorValue {}

impl Hash for CursorValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
        self.then.hash(state);
    }
}

impl Ord for CursorValue {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then_with(|| self.then.cmp(&other.then))
    }
}

impl PartialOrd for CursorValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<DateTime<Utc>> for CursorValue {
    fn from(moment: DateTime<Utc>) -> Self {
        Self::of(Key::Moment(moment.timestamp(), moment.timestamp_subsec_nanos()))
    }
}

impl From<DateTime<FixedOffset>> for CursorValue {
    fn from(moment: DateTime<FixedOffset>) -> Self {
        moment.to_utc().into()
    }
}

impl From<NaiveDateTime> for CursorValue {
    fn from(moment: NaiveDateTime) -> Self {
        let moment = moment.and_utc();
        Self::of(Key::Naive(moment.timestamp(), moment.timestamp_subsec_nanos()))
    }
}

impl From<NaiveDate> for CursorValue {
    fn from(date: NaiveDate) -> Self {
        let epoch = NaiveDate::default();
        Self::of(Key::Day(date.signed_duration_since(epoch).num_days()))
    }
}

impl From<String> for CursorValue {
    fn from(text: String) -> Self {
        Self::of(Key::Text(text.into()))
    }
}

impl From<&str> for CursorValue {
    fn from(text: &str) -> Self {
        Self::of(Key::Text(text.into()))
    }
}

macro_rules! integers {
    ($($type:ty),+) => { $(impl From<$type> for CursorValue {
        fn from(integer: $type) -> Self {
            Self::of(Key::Integer(i128::from(integer)))
        }
    })+ };
}

integers!(i8, i16, i32, i64, i128, u8, u16, u32, u64);

macro_rules! word_integers {
    ($($type:ty),+) => { $(impl From<$type> for CursorValue {
        fn from(integer: $type) -> Self {
            Self::of(Key::Integer(integer as i128))
        }
    })+ };
}

word_integers!(isize, usize);
