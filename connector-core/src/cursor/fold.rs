//! The largest cursor value of a page's or a slice's records. Called for each record, so most values are compared as bytes.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::parse::{self, shown};
use super::{CursorFormat, CursorKind, CursorSpec, CursorValue, Future, Key, Missing, TimeZone, Window};
use crate::{Error, ErrorKind, Result};

/// What becomes of a record, by its cursor value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It is emitted.
    Emit,
    /// It is filtered: outside the window and the stream filters here, or without value and such are excluded.
    Filter,
}

/// The largest cursor value of the records that were pushed, and what was noticed on the way.
///
/// ```
/// use connector_core::cursor::{CursorFold, CursorKind, CursorSpec, Keep};
/// use connector_core::stream::CursorField;
/// # fn main() -> connector_core::Result<()> {
/// let spec = CursorSpec::new(CursorField { path: &["updated_at"], kind: CursorKind::DateTime });
/// let mut fold = CursorFold::new(&spec);
/// assert_eq!(fold.push(Some(br#""2024-05-01T10:00:00Z""#))?, Keep::Emit);
/// fold.push(Some(br#""2024-04-30T10:00:00Z""#))?;
/// assert_eq!(fold.max().map(|max| max.to_json()).as_deref(), Some(r#""2024-05-01T10:00:00Z""#));
/// assert!(fold.push(Some(b"17")).is_err());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct CursorFold {
    rules: Arc<Rules>,
    first: Option<CursorValue>,
    max: Option<CursorValue>,
    /// How the text of `max` is laid out, where later texts of the same layout can be compared byte by byte.
    layout: Option<Layout>,
    descended: bool,
    passed_start: bool,
    missing: u64,
    future: u64,
}

/// What a fold needs of the spec and the window; shared by all folds of a slice.
#[derive(Debug)]
struct Rules {
    path: String,
    kind: CursorKind,
    formats: Arc<[CursorFormat]>,
    zone: Option<TimeZone>,
    missing: Missing,
    /// The second part.
    then: Option<Then>,
    /// Values above do not advance the state.
    horizon: Option<Key>,
    /// Bounds of the client-side filter, both included.
    keep_from: Option<CursorValue>,
    keep_to: Option<Key>,
    /// Where the next window begins, whose record it is.
    keep_below: Option<Key>,
    /// Below this value a data feed has passed the state.
    start: Option<CursorValue>,
    /// Whether each record has to be compared with a bound.
    bounded: bool,
}

/// What a fold needs of the second part.
#[derive(Debug)]
struct Then {
    path: String,
    kind: CursorKind,
    formats: Arc<[CursorFormat]>,
    zone: Option<TimeZone>,
}

impl CursorFold {
    /// A fold without window: nothing is filtered, and the future is not known.
    #[must_use]
    pub fn new(spec: &CursorSpec) -> Self {
        Self::with(spec, &Window::whole(), None)
    }

    /// The fold of a slice of a sync that began at `now`.
    #[must_use]
    pub fn of_window(spec: &CursorSpec, window: &Window, now: DateTime<Utc>) -> Self {
        Self::with(spec, window, Some(now))
    }

    fn with(spec: &CursorSpec, window: &Window, now: Option<DateTime<Utc>>) -> Self {
        let start = window.start.as_ref().and_then(|start| match start.then() {
            Some(_) => Some(start.clone()),
            None => spec.first_above(&start.key).map(CursorValue::of),
        });
        let last = now.and_then(|now| spec.last(now)).map(|last| spec.upper(last));
        let tomorrow = now.and_then(|now| now.checked_add_signed(TimeDelta::days(1)));
        let horizon = match spec.future {
            Future::Ignore => tomorrow.and_then(|moment| spec.largest_at(moment)),
            Future::Accept => None,
        };
        let rules = Rules {
            path: spec.path(),
            kind: spec.field.kind,
            formats: Arc::clone(&spec.formats),
            zone: spec.zone.clone(),
            then: spec.then.as_ref().map(|then| Then {
                path: then.path(),
                kind: then.field.kind,
                formats: Arc::clone(&then.formats),
                zone: then.zone.clone(),
            }),
            missing: spec.missing,
            horizon,
            keep_from: start.clone().filter(|_| spec.client_filter || spec.data_feed),
            keep_to: last.filter(|_| spec.client_filter),
            keep_below: window.next.clone().filter(|_| spec.client_filter),
            start: start.filter(|_| spec.data_feed),
            bounded: spec.client_filter || spec.data_feed,
        };
        Self::empty(Arc::new(rules))
    }

    fn empty(rules: Arc<Rules>) -> Self {
        Self {
            rules,
            first: None,
            max: None,
            layout: None,
            descended: false,
            passed_start: false,
            missing: 0,
            future: 0,
        }
    }

    /// An empty fold by the same rules, for the next page.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::empty(Arc::clone(&self.rules))
    }

    /// Takes the JSON text of a record's cursor value (nothing: the field is not there).
    ///
    /// # Errors
    /// [`ErrorKind::Record`] naming field, value and accepted forms, for a value that has none of them, and for one that
    /// is missing where the stream wants an error.
    ///
    /// A cursor of two parts takes them by [`push_both`](Self::push_both); here the second one is missing.
    #[inline]
    pub fn push(&mut self, json: Option<&[u8]>) -> Result<Keep> {
        let json = match json {
            Some(json) if json != b"null" => json,
            _ => return self.push_missing(false),
        };
        if self.rules.then.is_some() {
            return self.push_both(Some(json), None);
        }
        if !self.rules.bounded
            && let (Some(layout), Some(max)) = (&self.layout, self.max.as_ref().and_then(CursorValue::json))
            && layout.fits(json)
        {
            let max = max.as_bytes();
            if json == max {
                return Ok(Keep::Emit);
            }
            if json < max {
                self.descended = true;
                return Ok(Keep::Emit);
            }
        }
        self.push_parsed(json, None)
    }

    /// Takes both parts of a cursor that has two. Where one is missing, the record has no cursor value.
    ///
    /// # Errors
    /// As [`push`](Self::push), for either part.
    pub fn push_both(&mut self, json: Option<&[u8]>, then: Option<&[u8]>) -> Result<Keep> {
        let rules = Arc::clone(&self.rules);
        let there = |json: Option<&'_ [u8]>| json.is_some_and(|json| json != b"null");
        let (Some(json), Some(part)) = (json.filter(|_| there(json)), &rules.then) else { return self.push(json) };
        let Some(then) = then.filter(|_| there(then)) else { return self.push_missing(true) };
        let Some(key) = parse::read(part.kind, then, &part.formats, part.zone.as_ref()) else {
            let accepted = parse::accepted(part.kind, &part.formats);
            let message = format!("cursor field `{}`: {} is no {accepted}", part.path, shown(then));
            return Err(Error::new(ErrorKind::Record, message));
        };
        self.push_parsed(json, Some(CursorValue::read(key, then)))
    }

    fn push_missing(&mut self, second: bool) -> Result<Keep> {
        self.missing += 1;
        match self.rules.missing {
            Missing::Include => Ok(Keep::Emit),
            Missing::Exclude => Ok(Keep::Filter),
            Missing::Error => {
                let path = self.rules.then.as_ref().filter(|_| second).map_or(&self.rules.path, |then| &then.path);
                let message = format!("cursor field `{path}` is missing or null in a record");
                Err(Error::new(ErrorKind::Record, message))
            }
        }
    }

    fn push_parsed(&mut self, json: &[u8], then: Option<CursorValue>) -> Result<Keep> {
        let rules = &self.rules;
        let Some(key) = parse::read(rules.kind, json, &rules.formats, rules.zone.as_ref()) else {
            let accepted = parse::accepted(rules.kind, &rules.formats);
            let message = format!("cursor field `{}`: {} is no {accepted}", rules.path, shown(json));
            return Err(Error::new(ErrorKind::Record, message));
        };
        let below = |bound: &CursorValue| is_below(&key, then.as_ref(), bound);
        if rules.start.as_ref().is_some_and(below) {
            self.passed_start = true;
        }
        if rules.keep_from.as_ref().is_some_and(below)
            || rules.keep_to.as_ref().is_some_and(|to| key > *to)
            || rules.keep_below.as_ref().is_some_and(|next| key >= *next)
        {
            return Ok(Keep::Filter);
        }
        if rules.horizon.as_ref().is_some_and(|horizon| key > *horizon) {
            self.future += 1;
            return Ok(Keep::Emit);
        }
        if self.first.is_none() {
            self.first = Some(CursorValue { key: key.clone(), json: None, then: then.clone().map(Box::new) });
        }
        match &mut self.max {
            Some(max) if is_below(&key, then.as_ref(), max) => self.descended = true,
            Some(max) if key == max.key && then.as_ref() == max.then() => {}
            max => {
                if !self.layout.as_ref().is_some_and(|layout| layout.fits(json)) {
                    self.layout = Layout::of(rules.kind, &rules.formats, json);
                }
                let text = max.take().and_then(|max| max.json);
                *max = Some(CursorValue { key, json: refilled(text, json), then: then.map(Box::new) });
            }
        }
        Ok(Keep::Emit)
    }

    /// Takes over what another fold saw after this one.
    pub fn merge(&mut self, other: Self) {
        self.descended |= other.descended;
        self.passed_start |= other.passed_start;
        self.missing += other.missing;
        self.future += other.future;
        match (&self.max, &other.first) {
            (Some(max), Some(first)) if first < max => self.descended = true,
            (None, _) => self.first = other.first,
            _ => {}
        }
        if other.max > self.max {
            (self.max, self.layout) = (other.max, other.layout);
        }
    }

    /// Takes the place of what the values that were pushed come to: the state is to advance to this text, in a form that the
    /// cursor accepts. A value in the future does not advance it, as from a record.
    ///
    /// ```
    /// use connector_core::cursor::{CursorFold, CursorKind, CursorSpec};
    /// use connector_core::stream::CursorField;
    /// # fn main() -> connector_core::Result<()> {
    /// let mut fold = CursorFold::new(&CursorSpec::new(CursorField { path: &["version"], kind: CursorKind::Integer }));
    /// fold.push(Some(b"17"))?;
    /// fold.advance_to("16")?;
    /// assert_eq!(fold.max().map(|max| max.to_json()).as_deref(), Some("16"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Record`] for a text that is no value of the cursor.
    pub fn advance_to(&mut self, text: &str) -> Result<()> {
        let rules = &self.rules;
        let json = serde_json::Value::String(text.to_owned()).to_string();
        let key = parse::read(rules.kind, json.as_bytes(), &rules.formats, rules.zone.as_ref()).ok_or_else(|| {
            let accepted = parse::accepted(rules.kind, &rules.formats);
            let found = shown(text.as_bytes());
            let message = format!("cursor field `{}`: the updated state {found} is no {accepted}", rules.path);
            Error::new(ErrorKind::Record, message)
        })?;
        let value = CursorValue::of(key);
        let ahead = rules.horizon.as_ref().is_some_and(|horizon| value.key > *horizon);
        self.future += u64::from(ahead);
        self.layout = None;
        self.max = (!ahead).then_some(value);
        self.first = self.max.clone();
        Ok(())
    }

    /// The largest value, in the form it came as. Values in the future are not counted, unless the stream accepts them.
    #[must_use]
    pub const fn max(&self) -> Option<&CursorValue> {
        self.max.as_ref()
    }

    /// Whether each value was at least as large as the one before.
    #[must_use]
    pub const fn is_ascending(&self) -> bool {
        !self.descended
    }

    /// Whether a data feed (newest first) has come to records older than its start: there is no need to ask for more pages.
    #[must_use]
    pub const fn passed_start(&self) -> bool {
        self.passed_start
    }

    /// How many records had no value.
    #[must_use]
    pub const fn missing(&self) -> u64 {
        self.missing
    }

    /// How many records had a value more than a day ahead of the sync's start, that did not advance the state.
    #[must_use]
    pub const fn future(&self) -> u64 {
        self.future
    }
}

/// Whether a value comes before a bound; what has the first part of a bound without a second one does not.
fn is_below(key: &Key, then: Option<&CursorValue>, bound: &CursorValue) -> bool {
    match key.cmp(&bound.key) {
        std::cmp::Ordering::Equal => then < bound.then(),
        order => order.is_lt(),
    }
}

/// The text in the memory of the one before: in an ascending stream each record is a new maximum of the same length.
fn refilled(text: Option<Box<str>>, json: &[u8]) -> Option<Box<str>> {
    let json = std::str::from_utf8(json).ok()?.trim();
    let mut text = text.map(String::from).unwrap_or_default();
    text.clear();
    text.push_str(json);
    Some(text.into_boxed_str())
}

/// The layout of a date-time in JSON: `"YYYY-MM-DDTHH:MM:SS[.digits]<zone>"`, quotes included. Two texts of one layout, zone
/// included, are ordered as their bytes are.
#[derive(Debug, Clone)]
struct Layout {
    len: usize,
    /// Where the digits end.
    zone: usize,
    tail: [u8; 8],
}

/// The largest byte above `0` at each place of `"YYYY-MM-DDTHH:MM:SS`; other bytes than digits have to be exact.
const LOW: &[u8; 20] = b"\"0000-00-00T00:00:00";
const SPAN: [u8; 20] = [0, 9, 9, 9, 9, 0, 1, 9, 0, 3, 9, 0, 2, 9, 0, 5, 9, 0, 5, 9];

impl Layout {
    fn of(kind: CursorKind, formats: &[CursorFormat], json: &[u8]) -> Option<Self> {
        let time = matches!(kind, CursorKind::DateTime | CursorKind::NaiveDateTime);
        if !time || !matches!(formats, [] | [CursorFormat::Rfc3339]) || !is_clock(json) {
            return None;
        }
        let mut zone = LOW.len();
        if json.get(zone) == Some(&b'.') {
            zone += 1 + json[zone + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        }
        let rest = json.get(zone..)?;
        let mut tail = [0; 8];
        tail.get_mut(..rest.len())?.copy_from_slice(rest);
        // Beyond nanoseconds digits are cut; the bytes would tell apart what is equal.
        (zone <= LOW.len() + 10).then_some(Self { len: json.len(), zone, tail })
    }

    #[inline]
    fn fits(&self, json: &[u8]) -> bool {
        json.len() == self.len
            && is_clock(json)
            && json[self.zone..] == self.tail[..self.len - self.zone]
            && (self.zone == LOW.len()
                || (json[LOW.len()] == b'.' && json[LOW.len() + 1..self.zone].iter().all(u8::is_ascii_digit)))
    }
}

#[inline]
fn is_clock(json: &[u8]) -> bool {
    let Some(clock) = json.first_chunk::<20>() else { return false };
    let mut bad = false;
    for place in 0..20 {
        bad |= clock[place].wrapping_sub(LOW[place]) > SPAN[place];
    }
    !bad
}
