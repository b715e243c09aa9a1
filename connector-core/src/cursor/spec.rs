//! A stream's cursor as one sync uses it: the attributes, evaluated over the config.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};

use super::parse;
use super::{
    Clamp, CursorFormat, CursorKind, CursorValue, End, EndBound, Future, Key, Missing, NewPartitions, Order, Span,
    StartBound, TimeZone,
};
use crate::stream::{Ascending, CursorField, StreamDescriptor};
use crate::{Error, ErrorKind, Result};

/// A stream's cursor as one sync uses it. Made by the builder methods; what is not said has the default of its type.
///
/// ```
/// use connector_core::cursor::{CursorKind, CursorSpec, CursorValue, End, Span};
/// use connector_core::stream::CursorField;
/// # fn main() -> connector_core::Result<()> {
/// let field = CursorField { path: &["updated_at"], kind: CursorKind::DateTime };
/// let spec = CursorSpec::new(field)
///     .start(Some(CursorValue::from_text(field.kind, "2024-01-01", &[])?))
///     .end(End::Now)
///     .step(Span::days(30))
///     .granularity(Span::seconds(1));
/// let now = "2024-02-15T00:00:00Z".parse().unwrap_or_default();
/// let windows: Vec<_> = spec.windows(spec.start.clone(), now).map(|w| (w.start, w.end)).collect();
/// let text = |value: &Option<CursorValue>| value.as_ref().map(|value| spec.request_text(value));
/// assert_eq!(text(&windows[0].1).as_deref(), Some("2024-01-30T23:59:59Z"));
/// assert_eq!(text(&windows[1].0).as_deref(), Some("2024-01-31T00:00:00Z"));
/// assert_eq!(windows.len(), 2);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CursorSpec {
    /// The field and its kind.
    pub field: CursorField,
    /// The second part of the cursor: what orders the records of one value.
    pub then: Option<Arc<CursorSpec>>,
    /// The forms that are accepted in records and in the state; empty: the kind's default.
    pub formats: Arc<[CursorFormat]>,
    /// The form of requests.
    pub request_format: Option<CursorFormat>,
    /// The zone of values without an offset, and of bounds in requests; nothing: it is not known, UTC stands for it.
    pub zone: Option<TimeZone>,
    /// Where a first sync begins; nothing: at the beginning of time, and the request has no lower bound.
    pub start: Option<CursorValue>,
    /// Where a sync ends.
    pub end: End,
    /// The length of a window; nothing: one window.
    pub step: Option<Span>,
    /// How far before the state a sync starts, for records that appear late.
    pub lookback: Option<Span>,
    /// The smallest difference between two values that the API knows. Dates (a day) and integers (1) have one by nature.
    pub granularity: Option<Span>,
    /// Whether the start of a window is included.
    pub start_bound: StartBound,
    /// Whether the end of a window is included.
    pub end_bound: EndBound,
    /// Periods that are asked for as a whole.
    pub clamp: Option<Clamp>,
    /// The order of the records of a slice.
    pub order: Order,
    /// What becomes of a record without a cursor value.
    pub missing: Missing,
    /// What becomes of a value in the future.
    pub future: Future,
    /// Whether records outside the window are filtered here, because the API cannot.
    pub client_filter: bool,
    /// Whether the API has no bounds but returns the newest first, so that reading stops at the state.
    pub data_feed: bool,
    /// Where an unknown partition starts.
    pub new_partitions: NewPartitions,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty => $field:ident = $value:expr;)+) => {
        $($(#[$doc])* #[must_use] pub fn $name(mut self, $name: $type) -> Self { self.$field = $value; self })+
    };
}

impl CursorSpec {
    /// A cursor over a field, with the defaults.
    #[must_use]
    pub fn new(field: CursorField) -> Self {
        Self {
            field,
            then: None,
            formats: Arc::new([]),
            request_format: None,
            zone: None,
            start: None,
            end: End::default(),
            step: None,
            lookback: None,
            granularity: None,
            start_bound: StartBound::default(),
            end_bound: EndBound::default(),
            clamp: None,
            order: Order::default(),
            missing: Missing::default(),
            future: Future::default(),
            client_filter: false,
            data_feed: false,
            new_partitions: NewPartitions::default(),
        }
    }

    /// The cursor of a stream with the defaults, if it has one.
    #[must_use]
    pub fn of(descriptor: &StreamDescriptor) -> Option<Self> {
        let spec = Self::new(descriptor.cursor?);
        Some(match descriptor.then {
            Some(then) => spec.then(Self::new(then)),
            None => spec,
        })
    }

    /// Sets the second part: what orders the records of one value of the first. Values are compared by the first part, then by the
    /// second; the state has both, and a slice begins at both. Windows, their ends and the look-back go by the first part. Of the second
    /// one, field, formats and request format count.
    ///
    /// ```
    /// use connector_core::cursor::{CursorFold, CursorKind, CursorSpec};
    /// use connector_core::stream::CursorField;
    /// # fn main() -> connector_core::Result<()> {
    /// let at = CursorField { path: &["updated_at"], kind: CursorKind::DateTime };
    /// let id = CursorField { path: &["id"], kind: CursorKind::Integer };
    /// let mut fold = CursorFold::new(&CursorSpec::new(at).then(CursorSpec::new(id)));
    /// fold.push_both(Some(br#""2024-05-01T10:00:00Z""#), Some(b"7"))?;
    /// fold.push_both(Some(br#""2024-05-01T10:00:00Z""#), Some(b"10"))?;
    /// assert!(fold.is_ascending());
    /// assert_eq!(fold.max().and_then(|max| max.then()?.integer()), Some(10));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn then(mut self, then: Self) -> Self {
        self.then = Some(Arc::new(then));
        self
    }

    setters! {
        /// Sets the accepted forms; the first is also that of requests unless [`request_format`](Self::request_format) says otherwise.
        formats: Vec<CursorFormat> => formats = formats.into();
        /// Sets the form of requests.
        request_format: CursorFormat => request_format = Some(request_format);
        /// Sets the zone of values without an offset. Bounds in requests are what a clock there shows (with its offset, where the
        /// form has one), days, weeks and months of a [`clamp`](Self::clamp) are that clock's, and months and days of a step pass on it. A
        /// bound never lies in an hour that does not exist or comes twice, because the clock is changed: it is asked from the last second
        /// before that hour, and up to its end.
        ///
        /// ```
        /// use connector_core::cursor::{CursorKind, CursorSpec, CursorValue, Span, TimeZone};
        /// use connector_core::stream::CursorField;
        /// # fn main() -> connector_core::Result<()> {
        /// let field = CursorField { path: &["changed"], kind: CursorKind::NaiveDateTime };
        /// let start = CursorValue::from_text(CursorKind::DateTime, "2024-03-01T00:00:00Z", &[])?;
        /// let spec = CursorSpec::new(field).time_zone(Some(TimeZone::parse("-05:00")?)).start(Some(start)).checked()?;
        /// let window = spec.windows(spec.start.clone(), Default::default()).next();
        /// let start = window.and_then(|window| window.start).map(|start| spec.request_text(&start));
        /// assert_eq!(start.as_deref(), Some("2024-02-29T19:00:00"));
        /// # Ok(()) }
        /// ```
        time_zone: Option<TimeZone> => zone = time_zone;
        /// Sets where a first sync begins.
        start: Option<CursorValue> => start = start;
        /// Sets where a sync ends.
        end: End => end = end;
        /// Sets the length of a window.
        step: Span => step = Some(step);
        /// Sets how far before the state a sync starts.
        lookback: Span => lookback = Some(lookback);
        /// Sets the smallest difference between two values.
        granularity: Span => granularity = Some(granularity);
        /// Sets whether the start of a window is included. An exclusive one wants a granularity, which dates and integers have by nature.
        start_bound: StartBound => start_bound = start_bound;
        /// Sets whether the end of a window is included.
        end_bound: EndBound => end_bound = end_bound;
        /// Sets the periods that are asked for as a whole.
        clamp: Clamp => clamp = Some(clamp);
        /// Sets the order of the records of a slice.
        order: Order => order = order;
        /// Sets what becomes of a record without a cursor value.
        missing: Missing => missing = missing;
        /// Sets what becomes of a value in the future.
        future: Future => future = future;
        /// Sets whether records outside the window are filtered here.
        client_filter: bool => client_filter = client_filter;
        /// Sets whether reading stops at the state.
        data_feed: bool => data_feed = data_feed;
        /// Sets where an unknown partition starts.
        new_partitions: NewPartitions => new_partitions = new_partitions;
    }

    /// The name of the cursor in the state: the last segment of the field's path. (The Python framework has top-level
    /// cursor fields only.)
    #[must_use]
    pub fn state_key(&self) -> &'static str {
        self.field.path.last().copied().unwrap_or_default()
    }

    /// The proof that checkpoints inside a slice need; only a declared ascending order gives it.
    #[must_use]
    pub fn ascending(&self) -> Option<Ascending> {
        (self.order == Order::Ascending).then(Ascending::new)
    }

    /// A value as requests want it: in the [`request_format`](Self::request_format), or the first of
    /// [`formats`](Self::formats), or else the text that it came as, or else the kind's default form.
    #[must_use]
    pub fn request_text(&self, value: &CursorValue) -> String {
        let zoned = self.zone.is_some() && self.field.kind == CursorKind::DateTime && value.json().is_none();
        match (self.request_form(), self.on_the_clock(value)) {
            (Some(format), Some(moment)) => self.written(format, moment),
            (None, Some(moment)) if zoned => self.written(&CursorFormat::Rfc3339, moment),
            _ => value.to_text(),
        }
    }

    /// A value as the state has it: the JSON text that it came as, or else in the first of [`formats`](Self::formats)
    /// (a number for an epoch), or the kind's default form.
    #[must_use]
    pub fn state_text(&self, value: &CursorValue) -> String {
        match (value.json(), self.formats.first(), self.on_the_clock(value)) {
            (None, Some(format), Some(moment)) => match format {
                CursorFormat::EpochSeconds | CursorFormat::EpochMillis | CursorFormat::EpochMicros => {
                    self.written(format, moment)
                }
                _ => serde_json::Value::String(self.written(format, moment)).to_string(),
            },
            // Readers of JSON take larger integers for floats.
            _ if value.integer().is_some_and(|integer| integer > u64::MAX.into() || integer < i64::MIN.into()) => {
                serde_json::Value::String(value.to_text()).to_string()
            }
            _ => value.to_json(),
        }
    }

    /// The form of requests, where one is declared.
    pub(crate) fn request_form(&self) -> Option<&CursorFormat> {
        self.request_format.as_ref().or(self.formats.first())
    }

    pub(crate) fn written(&self, format: &CursorFormat, moment: DateTime<FixedOffset>) -> String {
        match &self.zone {
            Some(_) => format.write(&moment),
            None => format.write(&moment.to_utc()),
        }
    }

    /// Reads a value of the cursor field.
    ///
    /// # Errors
    /// [`ErrorKind::Record`] naming field, value and the accepted forms.
    pub fn read(&self, json: &[u8]) -> Result<CursorValue> {
        let key = parse::read(self.field.kind, json, &self.formats, self.zone.as_ref()).ok_or_else(|| {
            let message = format!("cursor field `{}`: {} is no {}", self.path(), parse::shown(json), self.accepted());
            Error::new(ErrorKind::Record, message)
        })?;
        Ok(CursorValue::read(key, json))
    }

    /// Reads a value of the state: the stream's forms, or else the kind's default, so that a state of another
    /// connector for the same stream is understood.
    pub(crate) fn read_lenient(&self, json: &[u8]) -> Option<CursorValue> {
        let read = |formats| parse::read(self.field.kind, json, formats, self.zone.as_ref());
        let key = read(&self.formats).or_else(|| read(&[]))?;
        Some(CursorValue::read(key, json))
    }

    /// A value as one JSON value: `["2024-05-01",7]` where it has a second part.
    pub(crate) fn place_text(&self, value: &CursorValue) -> String {
        match (&self.then, value.then()) {
            (Some(part), Some(then)) => format!("[{},{}]", self.state_text(value), part.state_text(then)),
            _ => self.state_text(value),
        }
    }

    /// Reads what [`place_text`](Self::place_text) wrote, also for a cursor that had a second part once, or has one now.
    pub(crate) fn read_place(&self, place: &str) -> Option<CursorValue> {
        if !place.starts_with('[') {
            return self.read_lenient(place.as_bytes());
        }
        let [first, then]: [&serde_json::value::RawValue; 2] = serde_json::from_str(place).ok()?;
        let first = self.read_lenient(first.get().as_bytes())?;
        Some(match &self.then {
            Some(part) => first.with_then(part.read_lenient(then.get().as_bytes())?),
            None => first,
        })
    }

    /// What [`read`](Self::read) accepts, in words.
    pub(crate) fn accepted(&self) -> String {
        parse::accepted(self.field.kind, &self.formats)
    }

    /// The field with its dots.
    pub(crate) fn path(&self) -> String {
        self.field.path.join(".")
    }

    /// Checks that the parts fit together, and makes start and end of the field's kind.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] saying what does not fit.
    pub fn checked(mut self) -> Result<Self> {
        self.start = self.start.take().map(|start| self.converted(start, "start")).transpose()?;
        if let End::At(end) = self.end {
            self.end = End::Open;
            self.end = End::At(self.converted(end, "end")?);
        }
        self.check_spans()?;
        if let (Some(zone), CursorKind::Integer | CursorKind::Text) = (&self.zone, self.field.kind) {
            return Err(self.refusal(&format!("values of this kind are in no time zone, such as {zone}")));
        }
        if let (Some(step), Some(granularity)) = (&self.step, self.grain())
            && let Some(origin) = self.origin()
            && origin.plus(step) < origin.plus(&granularity)
        {
            return Err(self.refusal(&format!("the step {step} is shorter than the granularity {granularity}")));
        }
        if self.start_bound == StartBound::Exclusive && self.grain().is_none() {
            return Err(self.refusal("an exclusive start wants a granularity: how much less is to be sent"));
        }
        self.check_then()?;
        if self.step.is_some() && self.field.kind == CursorKind::Integer && !matches!(self.end, End::At(_)) {
            return Err(self.refusal("windows of integers need an end"));
        }
        Ok(self)
    }

    /// The second part is another field, under another name in the state; its zone is that of the first.
    fn check_then(&mut self) -> Result<()> {
        let Some(then) = &self.then else { return Ok(()) };
        if then.then.is_some() {
            return Err(self.refusal("it has three parts; a cursor has two at most"));
        }
        if then.state_key() == self.state_key() {
            let reason = format!("its second part `{}` has the same name in the state", then.path());
            return Err(self.refusal(&reason));
        }
        let zoned = !matches!(then.field.kind, CursorKind::Integer | CursorKind::Text);
        let mut then = CursorSpec::clone(then);
        then.zone = self.zone.clone().filter(|_| zoned);
        self.then = Some(Arc::new(then));
        Ok(())
    }

    fn check_spans(&self) -> Result<()> {
        let kind = self.field.kind;
        for (name, span) in [("step", self.step), ("look-back", self.lookback), ("granularity", self.granularity)] {
            let Some(span) = span else { continue };
            let fits = match kind {
                CursorKind::Integer => span.is_units() || span.is_zero(),
                CursorKind::Date => !span.is_units() && span.seconds % 86_400 == 0 && span.nanos == 0,
                CursorKind::Text => false,
                _ => !span.is_units(),
            };
            if !fits || (span.is_zero() && name != "look-back") {
                return Err(self.refusal(&format!("`{span}` is no {name} for a cursor of kind {kind:?}")));
            }
        }
        Ok(())
    }

    fn refusal(&self, reason: &str) -> Error {
        Error::new(ErrorKind::Config, format!("cursor field `{}`: {reason}", self.path()))
    }

    fn origin(&self) -> Option<Key> {
        Key::of_moment(self.field.kind, DateTime::UNIX_EPOCH)
            .or_else(|| (self.field.kind == CursorKind::Integer).then_some(Key::Integer(0)))
    }

    /// A value of another kind as one of the field's.
    fn converted(&self, value: CursorValue, name: &str) -> Result<CursorValue> {
        let kind = self.field.kind;
        if value.kind() == kind {
            return Ok(value);
        }
        let converted = match (&value.key, value.datetime(), value.text()) {
            // A start in the API's own time: what the clock of its zone shows.
            (Key::Naive(..) | Key::Day(_), Some(wall), _) => match (&self.zone, kind) {
                (Some(zone), CursorKind::DateTime) => {
                    DateTime::from_timestamp(zone.moment(wall.timestamp()), wall.timestamp_subsec_nanos())
                        .map(CursorValue::from)
                }
                _ => Key::of_moment(kind, wall).map(CursorValue::of),
            },
            (_, Some(moment), _) => self.of_moment(moment).map(CursorValue::of),
            (_, None, Some(text)) => {
                let json = serde_json::Value::String(text.to_owned()).to_string();
                self.read_lenient(json.as_bytes()).map(|value| CursorValue::of(value.key))
            }
            _ => None,
        };
        converted.ok_or_else(|| {
            let message =
                format!("cursor field `{}`: the {name} {} is no {}", self.path(), value.to_json(), self.accepted());
            Error::new(ErrorKind::Config, message)
        })
    }

    /// The granularity: the declared one, or the kind's own.
    pub(crate) fn grain(&self) -> Option<Span> {
        self.granularity.or(match self.field.kind {
            CursorKind::Date => Some(Span::days(1)),
            CursorKind::Integer => Some(Span::units(1)),
            _ => None,
        })
    }

    /// The first value that a lower bound asks for.
    pub(crate) fn first_above(&self, sent: &Key) -> Option<Key> {
        match (self.start_bound, self.grain()) {
            (StartBound::Exclusive, Some(grain)) => sent.plus(&grain),
            _ => Some(sent.clone()),
        }
    }

    /// How much more than the last value is sent as an end that is not included: without a granularity as much as the form of
    /// requests shows.
    pub(crate) fn sent_grain(&self) -> Span {
        self.grain().or_else(|| self.precision()).unwrap_or(Span::seconds(1))
    }

    /// The smallest difference that requests show, where their form is declared.
    pub(crate) fn precision(&self) -> Option<Span> {
        self.request_form().map(CursorFormat::precision)
    }

    /// The last value that this sync asks for, included; nothing if no end is sent.
    pub(crate) fn last(&self, now: DateTime<Utc>) -> Option<Key> {
        let last = match &self.end {
            End::At(end) => end.key.clone(),
            End::Open if self.step.is_none() && self.clamp.is_none() => return None,
            End::Open | End::Now if self.clamp.is_some() => self.of_moment(whole_seconds(now))?,
            End::Open | End::Now => self.largest_at(whole_seconds(now))?,
        };
        let Some(clamp) = self.clamp else { return Some(last) };
        // Only whole periods: the one that `last` lies in is over only if `last` is its last value.
        let grain = self.grain().unwrap_or(Span::seconds(1));
        let after = last.plus(&grain)?;
        self.key_before(&self.floor(&after, clamp)?, &grain)
    }
}

/// Now, without the fraction: what is written within this second is read again next time.
fn whole_seconds(now: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
}
