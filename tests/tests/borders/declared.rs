//! What a stream declares of its cursor, drawn at random, and which values that asks for.

use chrono::{DateTime, Datelike, Days, Months, NaiveDateTime, Utc};
use connector_http::cursor::{
    Clamp, CursorFormat, CursorKind, CursorSpec, CursorValue, End, EndBound, NewPartitions, Order, Span, StartBound,
};
use connector_http::prelude::*;
use connector_http::stream::CursorField;
use serde::{Deserialize, Serialize};

/// Nanoseconds of a second and of a day. A value of a cursor is a number here: nanoseconds since 1970, or the integer.
pub(crate) const SECOND: i64 = 1_000_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// When the first sync begins: 2024-01-01T00:00:00Z, where virtual time does.
pub(crate) const NOW: i64 = 1_704_067_200 * SECOND;

/// Chance, from a seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut bits = self.0;
        bits ^= bits >> 33;
        bits = bits.wrapping_mul(0xff51_afd7_ed55_8ccd);
        (bits >> 29) % sides.max(1)
    }

    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.roll(100) < chance
    }

    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.roll(choices.len() as u64)).unwrap()]
    }
}

/// The stream that is read: the kind of its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Moment,
    Naive,
    Date,
    Number,
}

/// What a stream declares, and what its API is like.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Declared {
    pub(crate) kind: Kind,
    /// The form of records, and of requests where that is another.
    pub(crate) format: Option<String>,
    pub(crate) request_format: Option<String>,
    /// What is between two values that records can have.
    pub(crate) tick: i64,
    /// Requests say no more than this: the API compares in these units.
    pub(crate) unit: i64,
    pub(crate) granularity: Option<i64>,
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    /// An end that is now, said or by a step.
    pub(crate) until_now: bool,
    /// A length, or as many months if it is below 100.
    pub(crate) step: Option<i64>,
    pub(crate) lookback: i64,
    pub(crate) clamp: Option<String>,
    pub(crate) exclusive_start: bool,
    pub(crate) exclusive_end: bool,
    pub(crate) client_filter: bool,
    pub(crate) ascending: bool,
    pub(crate) partitions: usize,
    pub(crate) global: bool,
    pub(crate) page_size: usize,
    /// Whether the cursor has the id as its second part.
    pub(crate) two_parts: bool,
}

impl Declared {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let kind = dice.of(&[Kind::Moment, Kind::Moment, Kind::Naive, Kind::Date, Kind::Number]);
        let (format, request_format, tick, unit) = forms(kind, dice);
        let number = kind == Kind::Number;
        let natural = matches!(kind, Kind::Date | Kind::Number);
        let granularity = dice.percent(60).then_some(unit.max(tick));
        let client_filter = dice.percent(15);
        let step = (dice.percent(75) || client_filter).then(|| step(kind, unit.max(tick), dice));
        let now = if number { 1_000 } else { NOW };
        let span = step
            .map_or(30 * if number { 1 } else { DAY }, |step| if step < 100 && !number { 90 * DAY } else { 4 * step });
        // On a day, on a value that records can have, or between two of them.
        let fine = |dice: &mut Dice, around: i64| match dice.roll(3) {
            _ if number => around,
            0 if span > DAY => around.div_euclid(DAY) * DAY,
            1 => around.div_euclid(unit.max(tick)) * unit.max(tick),
            _ => around + i64::try_from(dice.roll(span.unsigned_abs() / 4)).unwrap(),
        };
        let start = (step.is_some() || dice.percent(80)).then(|| fine(dice, now - span));
        let end = (number && step.is_some() || dice.percent(30)).then(|| fine(dice, now - span / 10));
        let clamp = (!number && dice.percent(20)).then(|| dice.of(&["day", "week", "month"]).to_owned());
        let partitions = dice.of(&[0, 0, 1, 3]);
        Self {
            until_now: end.is_none() && !number && (step.is_some() || clamp.is_some() || dice.percent(30)),
            exclusive_start: (natural || granularity.is_some()) && dice.percent(30),
            exclusive_end: dice.percent(40),
            lookback: if dice.percent(30) { span / 8 } else { 0 },
            ascending: dice.percent(40),
            global: partitions > 0 && dice.percent(20),
            page_size: dice.of(&[0, 2, 3]),
            two_parts: dice.percent(40),
            kind,
            format,
            request_format,
            tick,
            unit,
            granularity,
            start,
            end,
            step,
            clamp,
            client_filter,
            partitions,
        }
        .tidy()
    }

    /// Lengths of dates are whole days.
    fn tidy(mut self) -> Self {
        if self.kind == Kind::Date {
            self.lookback = self.lookback / DAY * DAY;
        }
        self
    }

    pub(crate) const fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number)
    }

    /// About how long a window is.
    pub(crate) fn window(&self) -> i64 {
        match self.step {
            Some(months) if months < 100 && !self.is_number() => 30 * DAY * months,
            Some(step) if !self.is_number() => step,
            _ => DAY,
        }
    }

    /// What is between two values as the stream knows it; nothing if it does not.
    pub(crate) fn grain(&self) -> Option<i64> {
        let natural = match self.kind {
            Kind::Date => Some(DAY),
            Kind::Number => Some(1),
            _ => None,
        };
        self.granularity.or(natural)
    }

    /// The last value that a sync asks for.
    pub(crate) fn last(&self, now: i64) -> i64 {
        let last = match self.end {
            Some(end) => end,
            None if self.until_now => now.div_euclid(SECOND) * SECOND,
            None => return i64::MAX,
        };
        let Some(clamp) = &self.clamp else { return last };
        let grain = self.grain().unwrap_or(SECOND);
        floor(clamp, last + grain) - grain
    }

    /// Whether a record has to come in the first sync, or in one that begins at `now`.
    pub(crate) fn is_due(&self, at: i64, now: i64) -> bool {
        self.start.is_none_or(|start| at >= start) && at <= self.last(now)
    }

    /// Whether a record may come in a sync that begins at this value: what is asked for in whole units is a little more.
    pub(crate) fn may_come(&self, at: i64, from: Option<i64>, now: i64) -> bool {
        let shown = if self.exclusive_end && self.request_format.is_some() { SECOND } else { 1 };
        let whole = self.unit.max(shown).max(self.tick).max(self.grain().unwrap_or(1));
        let from = from.max(self.start);
        let from = from.map(|from| self.clamp.as_ref().map_or(from, |clamp| floor(clamp, from)));
        let from = from.map(|from| from.div_euclid(whole) * whole);
        let last = self.last(now);
        from.is_none_or(|from| at >= from)
            && (last == i64::MAX || at < last.div_euclid(whole) * whole + 2 * whole.max(SECOND))
    }

    pub(crate) fn spec(&self, field: CursorField) -> Result<CursorSpec> {
        let value = |at: i64| {
            let moment = DateTime::<Utc>::from_timestamp_nanos(at);
            match self.kind {
                Kind::Number => CursorValue::from(at),
                Kind::Date => CursorValue::from(moment.date_naive()),
                Kind::Naive => CursorValue::from(moment.naive_utc()),
                Kind::Moment => CursorValue::from(moment),
            }
        };
        let mut spec = CursorSpec::new(field).start(self.start.map(value));
        if let Some(format) = &self.format {
            spec = spec.formats(vec![CursorFormat::parse(format)?]);
        }
        if let Some(format) = &self.request_format {
            spec = spec.request_format(CursorFormat::parse(format)?);
        }
        match self.end {
            Some(end) => spec = spec.end(End::At(value(end))),
            None if self.until_now && self.step.is_none() => spec = spec.end(End::Now),
            None => {}
        }
        if let Some(step) = self.step {
            spec = spec.step(if step < 100 && !self.is_number() {
                Span::months(u32::try_from(step).unwrap())
            } else {
                self.span(step)
            });
        }
        if let Some(granularity) = self.granularity {
            spec = spec.granularity(self.span(granularity));
        }
        if self.lookback > 0 {
            spec = spec.lookback(self.span(self.lookback));
        }
        match self.clamp.as_deref() {
            Some("day") => spec = spec.clamp(Clamp::Day),
            Some("week") => spec = spec.clamp(Clamp::Week(chrono::Weekday::Mon)),
            Some(_) => spec = spec.clamp(Clamp::Month),
            None => {}
        }
        if self.exclusive_start {
            spec = spec.start_bound(StartBound::Exclusive);
        }
        if self.exclusive_end {
            spec = spec.end_bound(EndBound::Exclusive);
        }
        if self.global {
            spec = spec.new_partitions(NewPartitions::FromWatermark);
        }
        if self.two_parts {
            spec = spec.then(CursorSpec::new(CursorField { path: &["id"], kind: CursorKind::Integer }));
        }
        let order = if self.ascending { Order::Ascending } else { Order::Unordered };
        spec.order(order).client_filter(self.client_filter).checked()
    }

    fn span(&self, length: i64) -> Span {
        let length = u64::try_from(length).unwrap();
        let second = SECOND.unsigned_abs();
        match self.kind {
            Kind::Number => Span::units(length),
            _ if length % second == 0 => Span::seconds(length / second),
            _ => Span::parse(&format!("PT{}.{:09}S", length / second, length % second)).unwrap(),
        }
    }

    /// A value as records have it, in JSON.
    pub(crate) fn json(&self, at: i64) -> serde_json::Value {
        let text = match &self.format {
            Some(format) => write(format, at),
            None => write(self.plain(), at),
        };
        let number = self.is_number() || self.format.as_deref().is_some_and(|format| format.starts_with("epoch"));
        if number { text.parse::<i64>().unwrap().into() } else { text.into() }
    }

    /// The form that a value of the kind has where none is declared.
    const fn plain(&self) -> &'static str {
        match self.kind {
            Kind::Moment => "rfc3339",
            Kind::Naive => "%Y-%m-%dT%H:%M:%S%.f",
            Kind::Date => "%Y-%m-%d",
            Kind::Number => "number",
        }
    }

    /// A bound as the API reads it. A moment of day may stand where a record's form has none: it knows both.
    pub(crate) fn bound(&self, text: &str) -> i64 {
        let form = self.request_format.as_deref().or(self.format.as_deref()).unwrap_or(self.plain());
        read(form, text).unwrap_or_else(|| panic!("the bound {text} is no {form}"))
    }
}

/// The forms of records and requests, and what records and requests can tell apart.
fn forms(kind: Kind, dice: &mut Dice) -> (Option<String>, Option<String>, i64, i64) {
    let milli = SECOND / 1_000;
    let (format, request, tick, unit) = match kind {
        Kind::Number => (None, None, 1, 1),
        Kind::Date => {
            dice.of(&[(None, None, DAY, DAY), (None, Some("%d.%m.%Y"), DAY, DAY), (Some("%Y%m%d"), None, DAY, DAY)])
        }
        Kind::Naive => dice.of(&[
            (None, None, SECOND, 1),
            (None, None, milli, 1),
            (None, Some("%Y-%m-%d %H:%M:%S"), SECOND, SECOND),
            (Some("%Y-%m-%d %H:%M:%S"), None, SECOND, SECOND),
            (None, Some("%Y-%m-%d"), SECOND, DAY),
        ]),
        Kind::Moment => dice.of(&[
            (None, None, SECOND, 1),
            (None, None, milli, 1),
            (None, None, milli / 1_000, 1),
            (None, Some("%Y-%m-%dT%H:%M:%SZ"), SECOND, SECOND),
            (None, Some("epoch_seconds"), SECOND, SECOND),
            (None, Some("epoch_millis"), milli, milli),
            (None, Some("%Y-%m-%d"), SECOND, DAY),
            (Some("epoch_seconds"), None, SECOND, SECOND),
            (Some("epoch_millis"), None, milli, milli),
            (Some("epoch_micros"), None, milli / 1_000, milli / 1_000),
            (Some("epoch_millis"), Some("rfc3339"), milli, 1),
        ]),
    };
    (format.map(str::to_owned), request.map(str::to_owned), tick, unit)
}

fn step(kind: Kind, unit: i64, dice: &mut Dice) -> i64 {
    match kind {
        Kind::Number => dice.of(&[1, 2, 7, 100]),
        Kind::Date => dice.of(&[1, 1, DAY, 7 * DAY, 30 * DAY]),
        _ if unit == DAY => dice.of(&[1, DAY, 10 * DAY]),
        _ => dice.of(&[1, SECOND, 90 * SECOND, 3_600 * SECOND, DAY, 10 * DAY]),
    }
}

/// The beginning of the period that a value lies in.
fn floor(clamp: &str, at: i64) -> i64 {
    let date = DateTime::<Utc>::from_timestamp_nanos(at.div_euclid(DAY) * DAY);
    let date = match clamp {
        "day" => date,
        "week" => date - Days::new(u64::from(date.weekday().num_days_from_monday())),
        _ => date.with_day(1).unwrap(),
    };
    date.timestamp_nanos_opt().unwrap()
}

/// Borders of windows and what else bounds a sync: where records like to lie.
pub(crate) fn borders(declared: &Declared, now: i64) -> Vec<i64> {
    let mut borders: Vec<i64> = [declared.start, declared.end].into_iter().flatten().collect();
    let now = if declared.is_number() { declared.end.unwrap_or(1_000) } else { now };
    borders.extend([now, now.div_euclid(SECOND) * SECOND, now.div_euclid(DAY) * DAY]);
    let (Some(start), step) = (declared.start, declared.step.unwrap_or(DAY)) else { return borders };
    let next = |at: i64| match step {
        step if step < 100 && !declared.is_number() => {
            let date = DateTime::<Utc>::from_timestamp_nanos(at) + Months::new(u32::try_from(step).unwrap());
            date.timestamp_nanos_opt().unwrap()
        }
        step => at + step,
    };
    let clamped = |at: i64| declared.clamp.as_ref().map_or(at, |clamp| floor(clamp, at));
    let mut at = clamped(start);
    for _ in 0..6 {
        borders.push(at);
        at = clamped(next(at));
    }
    borders
}

fn write(format: &str, at: i64) -> String {
    let moment = DateTime::<Utc>::from_timestamp_nanos(at);
    match format {
        "number" => at.to_string(),
        "rfc3339" => moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
        "epoch_seconds" => at.div_euclid(SECOND).to_string(),
        "epoch_millis" => at.div_euclid(SECOND / 1_000).to_string(),
        "epoch_micros" => at.div_euclid(SECOND / 1_000_000).to_string(),
        pattern => moment.format(pattern).to_string(),
    }
}

fn read(format: &str, text: &str) -> Option<i64> {
    let integer = || text.parse::<i64>().ok();
    Some(match format {
        "number" => integer()?,
        "rfc3339" => DateTime::parse_from_rfc3339(text).ok()?.timestamp_nanos_opt()?,
        "epoch_seconds" => integer()? * SECOND,
        "epoch_millis" => integer()? * (SECOND / 1_000),
        "epoch_micros" => integer()? * (SECOND / 1_000_000),
        pattern => {
            let date = NaiveDate::parse_from_str(text, pattern).ok().and_then(|date| date.and_hms_opt(0, 0, 0));
            let moment = NaiveDateTime::parse_from_str(text, pattern).ok().or(date)?;
            moment.and_utc().timestamp_nanos_opt()?
        }
    })
}
