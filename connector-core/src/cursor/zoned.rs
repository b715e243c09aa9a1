//! A cursor's values in its time zone: what moments are as values, bounds beside changed hours, and moving values.
//!
//! Values of a date or a date-time without offset are wall times of the zone (of UTC without one). Months and whole days are
//! counted on that clock; what is less than a day is counted on it, too, for windows of such values, and exactly for the look-back.

use chrono::{DateTime, FixedOffset, Utc};

use super::parse;
use super::zone::Change;
use super::{Clamp, CursorKind, CursorSpec, CursorValue, EndBound, Key, Span, StartBound};

const DAY: i64 = 86_400;

/// Where a value stands that is needed as one between others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Lower,
    Upper,
}

impl CursorSpec {
    /// A moment as a value of the cursor; nothing for integers and texts.
    pub(crate) fn of_moment(&self, moment: DateTime<Utc>) -> Option<Key> {
        Key::of_moment(self.field.kind, self.shown(moment))
    }

    /// What a clock of the zone shows, as a moment of UTC. A field that has moments shows them as they are.
    fn shown(&self, moment: DateTime<Utc>) -> DateTime<Utc> {
        match &self.zone {
            Some(zone) if self.field.kind != CursorKind::DateTime => {
                let wall = zone.wall(moment.timestamp());
                DateTime::from_timestamp(wall, moment.timestamp_subsec_nanos()).unwrap_or(moment)
            }
            _ => moment,
        }
    }

    /// The largest value that a record can have at a moment.
    pub(crate) fn largest_at(&self, moment: DateTime<Utc>) -> Option<Key> {
        let wall = Key::Naive(self.shown(moment).timestamp(), 0);
        match (self.field.kind, self.change(&wall)) {
            (CursorKind::Date, Some(change)) => Some(Key::Day((change.end() - 1).div_euclid(DAY))),
            _ => self.of_moment(moment),
        }
    }

    /// The largest value that no record of a later moment is below.
    pub(crate) fn asked_at(&self, moment: DateTime<Utc>) -> Option<Key> {
        let wall = Key::Naive(self.shown(moment).timestamp(), 0);
        match (self.field.kind, self.change(&wall)) {
            (CursorKind::Date, Some(change)) => {
                let today = self.of_moment(moment)?;
                Some(today.min(Key::Day(change.start().div_euclid(DAY))))
            }
            _ => self.of_moment(moment).map(|key| self.lower(key)),
        }
    }

    /// The change of the clock that a value lies in.
    fn change(&self, key: &Key) -> Option<Change> {
        let zone = self.zone.as_ref()?;
        match key {
            Key::Moment(seconds, _) => zone.change(zone.wall(*seconds)),
            Key::Naive(wall, _) => zone.change(*wall),
            Key::Day(days) => zone.change(days.checked_mul(DAY)?),
            Key::Integer(_) | Key::Text(_) => None,
        }
    }

    /// A lower bound out of the changed hour that it lies in.
    pub(crate) fn lower(&self, key: Key) -> Key {
        self.beside(key, Side::Lower)
    }

    /// An upper bound out of the changed hour that it lies in.
    pub(crate) fn upper(&self, key: Key) -> Key {
        self.beside(key, Side::Upper)
    }

    fn beside(&self, key: Key, side: Side) -> Key {
        let (Some(zone), Some(change)) = (&self.zone, self.change(&key)) else { return key };
        let wall = match side {
            Side::Lower => change.start() - 1,
            Side::Upper => change.end(),
        };
        match key {
            Key::Moment(..) => Key::Moment(zone.moment(wall), 0),
            Key::Naive(..) => Key::Naive(wall, 0),
            // Midnight comes twice, but of the day before there may be some more to come.
            Key::Day(days) if side == Side::Lower && change.is_twice() => {
                Key::Day(days.min(change.start().div_euclid(DAY)))
            }
            key => key,
        }
    }

    /// The value that far before, exactly: in seconds that pass, below months.
    pub(crate) fn before(&self, value: &CursorValue, span: &Span) -> Option<CursorValue> {
        self.key_before(&value.key, span).map(CursorValue::of)
    }

    /// The same of what is compared.
    pub(crate) fn key_before(&self, key: &Key, span: &Span) -> Option<Key> {
        let (Key::Naive(wall, nanos), Some(zone)) = (key, &self.zone) else { return key.minus(span) };
        let Key::Naive(wall, nanos) = Key::Naive(*wall, *nanos).minus(&Span::months(span.months))? else { return None };
        let exact = Span { months: 0, ..*span };
        let Key::Moment(at, nanos) = Key::Moment(zone.moment(wall), nanos).minus(&exact)? else { return None };
        Some(Key::Naive(zone.wall(at), nanos))
    }

    /// Where the window that begins at a value ends and the next one begins.
    pub(crate) fn border_after(&self, start: &Key, step: &Span) -> Option<Key> {
        let Some(clamp) = self.clamp else {
            let next = self.stepped(start, step)?;
            return Some(if next > *start { self.upper(next) } else { next });
        };
        let mut next = self.floor(&self.stepped(start, step)?, clamp)?;
        // Another period where the step is none, and where the border lies in a changed hour: windows are whole periods.
        for _ in 0..3 {
            if next > *start && (matches!(next, Key::Day(_)) || self.change(&next).is_none()) {
                break;
            }
            let from = if next > *start { &next } else { start };
            next = self.floor(&self.stepped(from, &clamp.period())?, clamp)?;
        }
        Some(next)
    }

    /// The value a step later. Moments in a zone are moved on its clock by months and days, and exactly by what is less.
    fn stepped(&self, key: &Key, step: &Span) -> Option<Key> {
        let (Key::Moment(at, nanos), Some(zone)) = (key, &self.zone) else { return key.plus(step) };
        let days = Span { months: step.months, seconds: step.seconds - step.seconds % 86_400, nanos: 0, units: 0 };
        let rest = Span { seconds: step.seconds % 86_400, nanos: step.nanos, ..Span::default() };
        let from = if days.is_zero() {
            *at
        } else {
            let Key::Naive(wall, _) = Key::Naive(zone.wall(*at), *nanos).plus(&days)? else { return None };
            zone.moment(wall)
        };
        Key::Moment(from, *nanos).plus(&rest)
    }

    /// The beginning of the period that a value lies in, on the zone's clock.
    pub(crate) fn floor(&self, key: &Key, clamp: Clamp) -> Option<Key> {
        let (Key::Moment(at, nanos), Some(zone)) = (key, &self.zone) else { return key.floor(clamp) };
        let Key::Naive(wall, _) = Key::Naive(zone.wall(*at), *nanos).floor(clamp)? else { return None };
        Some(Key::Moment(zone.moment(wall), 0))
    }

    /// Where the first window begins.
    pub(crate) fn first(&self, start: CursorValue) -> CursorValue {
        let floor = |key: Key| self.clamp.and_then(|clamp| self.floor(&key, clamp)).unwrap_or(key);
        let key = self.on_grain(floor(self.lower(floor(start.key.clone()))));
        if key == start.key { start } else { CursorValue::of(key) }
    }

    /// The largest value up to this one that the API can know: windows that began between two such values would leave out the one
    /// between their borders.
    pub(crate) fn on_grain(&self, key: Key) -> Key {
        let grain = match self.end_bound {
            EndBound::Inclusive => self.granularity,
            EndBound::Exclusive => self.granularity.or_else(|| self.precision()),
        };
        let Some(grain) = grain else { return key };
        let floor = match (&key, &self.zone) {
            (Key::Moment(at, nanos), Some(zone)) => match Key::Naive(zone.wall(*at), *nanos).floor_to(&grain) {
                Some(Key::Naive(wall, nanos)) => Some(Key::Moment(zone.moment(wall), nanos)),
                _ => None,
            },
            _ => key.floor_to(&grain),
        };
        floor.unwrap_or(key)
    }

    /// A value as a lower bound: outside of the hours in which the clock of its [zone](Self::zone) is changed, on a multiple of the
    /// granularity, and one granularity less where the API leaves its start out (of a bound of two parts it does so by both).
    #[must_use]
    pub fn lower_bound(&self, value: &CursorValue) -> CursorValue {
        let key = self.on_grain(self.lower(value.key.clone()));
        self.sent_start(if key == value.key { value.clone() } else { CursorValue::of(key) })
    }

    /// Whether a request says all of a value. If it says less (the day of a moment), a second part would be one among the records
    /// of that whole day, which are not in its order.
    fn is_sent_whole(&self, value: &CursorValue) -> bool {
        let (Some(format), Some(moment)) = (self.request_form(), self.on_the_clock(value)) else { return true };
        let json = serde_json::Value::String(self.written(format, moment)).to_string();
        let read = parse::read(self.field.kind, json.as_bytes(), std::slice::from_ref(format), self.zone.as_ref());
        read.is_some_and(|key| key == value.key)
    }

    /// The lower bound that is sent to get what lies on `start` and above.
    pub(crate) fn sent_start(&self, mut start: CursorValue) -> CursorValue {
        if start.then.is_some() && !self.is_sent_whole(&start) {
            start.then = None;
        }
        // What lies behind both parts of a bound is all that is left of the first part's value.
        let whole = start.then.is_none();
        match (self.start_bound, self.grain()) {
            (StartBound::Exclusive, Some(grain)) if whole => match self.key_before(&start.key, &grain) {
                Some(key) => CursorValue::of(self.lower(key)),
                None => start,
            },
            _ => start,
        }
    }

    /// The moment of a value as the zone's clock shows it; nothing for integers and texts.
    pub(crate) fn on_the_clock(&self, value: &CursorValue) -> Option<DateTime<FixedOffset>> {
        let moment = value.datetime()?;
        let Some(zone) = &self.zone else { return Some(moment.fixed_offset()) };
        let at = match value.key {
            Key::Moment(..) => moment,
            _ => DateTime::from_timestamp(zone.moment(moment.timestamp()), moment.timestamp_subsec_nanos())?,
        };
        Some(zone.at(at))
    }
}
