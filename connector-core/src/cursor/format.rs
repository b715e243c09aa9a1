//! The forms in which an API writes the moments of a cursor, and wants them in requests.

use std::fmt;

use chrono::format::{Fixed, Item, Numeric, Parsed, StrftimeItems};
use chrono::{DateTime, NaiveDate, NaiveTime};

use super::Span;
use super::rfc3339::{self, Stamp};
use crate::{Error, ErrorKind, Result};

/// A form of a date or date-time cursor: in records (several may be accepted), in the state, in requests.
///
/// ```
/// use connector_core::cursor::CursorFormat;
/// # fn main() -> connector_core::Result<()> {
/// assert_eq!(CursorFormat::parse("epoch_millis")?, CursorFormat::EpochMillis);
/// assert_eq!(CursorFormat::parse("%s")?, CursorFormat::EpochSeconds);
/// assert_eq!(CursorFormat::parse("%d/%m/%Y")?.to_string(), "%d/%m/%Y");
/// assert!(CursorFormat::parse("%Q").is_err());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CursorFormat {
    /// RFC 3339 and what goes under that name: `2024-05-01T10:00:00Z`, with fraction, offset, a space for the `T`, a date alone.
    Rfc3339,
    /// Seconds since 1970, as a number or a string of digits, with or without a fraction.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
    /// Microseconds since 1970.
    EpochMicros,
    /// A strftime pattern; [`parse`](Self::parse) makes one.
    Pattern(Pattern),
}

impl CursorFormat {
    /// Reads the name of a format: `rfc3339`, `epoch_seconds` (`%s`, `%s_as_float`), `epoch_millis` (`%ms`),
    /// `epoch_micros` (`%epoch_microseconds`), or a pattern like `%Y-%m-%d`. In brackets: the Python framework's names.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if it is a pattern with a directive that does not exist.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "rfc3339" => Self::Rfc3339,
            "epoch_seconds" | "%s" | "%s_as_float" => Self::EpochSeconds,
            "epoch_millis" | "%ms" => Self::EpochMillis,
            "epoch_micros" | "%epoch_microseconds" => Self::EpochMicros,
            pattern => Self::Pattern(Pattern::new(pattern)?),
        })
    }

    /// The smallest difference that texts of this form are sure to show; of RFC 3339 a second, though a fraction may follow.
    pub(crate) fn precision(&self) -> Span {
        match self {
            Self::Rfc3339 | Self::EpochSeconds => Span::seconds(1),
            Self::EpochMillis => Span::millis(1),
            Self::EpochMicros => Span { nanos: 1_000, ..Span::ZERO },
            Self::Pattern(pattern) => pattern.precision(),
        }
    }

    /// What a text says in this form.
    pub(crate) fn read(&self, text: &str) -> Option<Stamp> {
        match self {
            Self::Rfc3339 => rfc3339::stamp(text.as_bytes()),
            Self::EpochSeconds => read_epoch(text, 0),
            Self::EpochMillis => read_epoch(text, 3),
            Self::EpochMicros => read_epoch(text, 6),
            Self::Pattern(pattern) => pattern.read(text),
        }
    }

    /// The moment in this form. Epochs are cut to whole units.
    pub(crate) fn write<Z: chrono::TimeZone<Offset: fmt::Display>>(&self, moment: &DateTime<Z>) -> String {
        match self {
            Self::Rfc3339 => moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
            Self::EpochSeconds => moment.timestamp().to_string(),
            Self::EpochMillis => moment.timestamp_millis().to_string(),
            Self::EpochMicros => moment.timestamp_micros().to_string(),
            Self::Pattern(pattern) => moment.format_with_items(pattern.written.iter()).to_string(),
        }
    }
}

impl fmt::Display for CursorFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rfc3339 => "RFC 3339 (2024-05-01T10:00:00Z)",
            Self::EpochSeconds => "seconds since 1970",
            Self::EpochMillis => "milliseconds since 1970",
            Self::EpochMicros => "microseconds since 1970",
            Self::Pattern(pattern) => &pattern.text,
        })
    }
}

/// A strftime pattern. The directives are chrono's, with Python's meaning where the two differ, because patterns are
/// mostly carried over: `%f` is a fraction of a second (any digits are read, six are written), `%_ms` the same in
/// milliseconds, `%z` reads `Z`, `+02`, `+0200` and `+02:00`. What a pattern leaves out is midnight, the first of the
/// month, the first of January, UTC.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    read: Vec<Item<'static>>,
    written: Vec<Item<'static>>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl Pattern {
    fn new(text: &str) -> Result<Self> {
        let items = |pattern: String| {
            StrftimeItems::new(&pattern).parse_to_owned().map_err(|_| {
                let message = format!("`{text}` is no time format; write it like %Y-%m-%dT%H:%M:%SZ, or epoch_seconds");
                Error::new(ErrorKind::Config, message)
            })
        };
        let read = text.replace(".%_ms", "%.f").replace(".%f", "%.f").replace("%_ms", "%3f").replace("%f", "%6f");
        let read = read.replace("%z", "%#z");
        let written = text.replace("%_ms", "%3f").replace("%f", "%6f");
        Ok(Self { text: text.to_owned(), read: items(read)?, written: items(written)? })
    }

    fn precision(&self) -> Span {
        let shows = |wanted: &[Numeric]| {
            self.written.iter().any(|item| matches!(item, Item::Numeric(numeric, _) if wanted.contains(numeric)))
        };
        let fixed = |wanted: &[Fixed]| {
            self.written.iter().any(|item| matches!(item, Item::Fixed(fixed) if wanted.contains(fixed)))
        };
        match () {
            () if shows(&[Numeric::Second, Numeric::Timestamp]) || fixed(&[Fixed::RFC2822, Fixed::RFC3339]) => {
                Span::seconds(1)
            }
            () if shows(&[Numeric::Minute]) => Span::minutes(1),
            () if shows(&[Numeric::Hour, Numeric::Hour12]) => Span::hours(1),
            () if shows(&[Numeric::Day, Numeric::Ordinal]) => Span::days(1),
            () if shows(&[Numeric::Month]) || fixed(&[Fixed::ShortMonthName, Fixed::LongMonthName]) => Span::months(1),
            () => Span::months(12),
        }
    }

    fn read(&self, text: &str) -> Option<Stamp> {
        let mut parsed = Parsed::new();
        chrono::format::parse(&mut parsed, text, self.read.iter()).ok()?;
        if let Ok(moment) = parsed.to_datetime() {
            let offset = i64::from(moment.offset().local_minus_utc());
            return Some(Stamp {
                wall: moment.timestamp() + offset,
                nanos: moment.timestamp_subsec_nanos(),
                offset: Some(offset),
            });
        }
        let date = parsed.to_naive_date().ok().or_else(|| {
            let month = parsed.month().unwrap_or(1);
            NaiveDate::from_ymd_opt(parsed.year()?, month, 1)
        })?;
        let time = match parsed.to_naive_time() {
            Ok(time) => time,
            Err(_) if parsed.hour_div_12().is_none() => NaiveTime::MIN,
            Err(_) => whole_hour(&parsed)?,
        };
        let moment = date.and_time(time).and_utc();
        let offset = parsed.offset().map(i64::from);
        Some(Stamp { wall: moment.timestamp(), nanos: moment.timestamp_subsec_nanos(), offset })
    }
}

/// The time of a pattern that has hours but no minutes.
fn whole_hour(parsed: &Parsed) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(parsed.hour_div_12()? * 12 + parsed.hour_mod_12()?, 0, 0)
}

/// A decimal number of units of 10^-`digits` seconds.
fn read_epoch(text: &str, digits: usize) -> Option<Stamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let negative = whole.starts_with('-');
    let well_formed = whole.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit())
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !well_formed || whole.len() > 20 {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    let scale = 10_i128.pow(9 - u32::try_from(digits).ok()?);
    let part: i128 = format!("{:0<9}", fraction.get(..9.min(fraction.len()))?).parse().ok()?;
    let part = part * scale / 1_000_000_000;
    let nanos = whole * scale + if negative { -part } else { part };
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
    let rest = u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?;
    DateTime::from_timestamp(seconds, rest).map(|_| Stamp::utc(seconds, rest))
}
