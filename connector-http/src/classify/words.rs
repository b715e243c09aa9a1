//! A length of time within a text: `try again in {seconds} seconds`.

use std::time::{Duration, SystemTime};

use crate::send::moment;

/// A pattern: what stands before the time, what is counted, what stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    before: String,
    unit: Unit,
    after: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Number { millis: u32 },
    Moment,
}

const UNITS: &[(&str, Unit)] = &[
    ("{millis}", Unit::Number { millis: 1 }),
    ("{seconds}", Unit::Number { millis: 1000 }),
    ("{minutes}", Unit::Number { millis: 60_000 }),
    ("{hours}", Unit::Number { millis: 3_600_000 }),
    ("{moment}", Unit::Moment),
];

impl Words {
    /// Nothing if no placeholder stands in it.
    pub(crate) fn parse(pattern: &str) -> Option<Self> {
        let (before, unit, after) = UNITS
            .iter()
            .find_map(|(name, unit)| pattern.split_once(name).map(|(before, after)| (before, *unit, after)))?;
        Some(Self { before: before.to_owned(), unit, after: after.to_owned() })
    }

    /// The first time that a text tells in these words.
    pub(crate) fn find(&self, text: &str, now: SystemTime) -> Option<Duration> {
        if self.before.is_empty() {
            let starts = text.char_indices().map(|(at, _)| at);
            return starts
                .filter(|&at| at == 0 || !text.as_bytes()[at - 1].is_ascii_digit())
                .find_map(|at| self.read(&text[at..], now));
        }
        text.match_indices(&self.before).find_map(|(at, found)| self.read(&text[at + found.len()..], now))
    }

    /// The time that a text begins with.
    fn read(&self, text: &str, now: SystemTime) -> Option<Duration> {
        let end = match self.unit {
            Unit::Number { .. } => text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len()),
            Unit::Moment if self.after.is_empty() => text.find(['"', '<', '\n']).unwrap_or(text.len()),
            Unit::Moment => text.find(&self.after)?,
        };
        let (told, rest) = text.split_at(end);
        // A number that ends a sentence has its full stop.
        let number = told.trim_end_matches('.');
        if !rest.starts_with(&self.after) && !text[number.len()..].starts_with(&self.after) {
            return None;
        }
        match self.unit {
            Unit::Number { millis } => {
                Duration::try_from_secs_f64(number.parse::<f64>().ok()? * f64::from(millis) / 1000.0).ok()
            }
            Unit::Moment => moment(told.trim_end_matches('.'), now),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200)
    }

    #[test]
    fn a_time_is_found_in_its_words() {
        for (pattern, text, millis) in [
            ("try again in {seconds} seconds", r#"{"message":"Slow down, try again in 12 seconds."}"#, Some(12_000)),
            ("try again in {seconds}", "please try again in 1.5.", Some(1500)),
            ("in {minutes} min", "in a while, in 3 min", Some(180_000)),
            ("{seconds} seconds left", "there are 120 seconds left", Some(120_000)),
            ("wait {millis} ms", "wait 250 ms", Some(250)),
            ("until {moment}", r#"{"error":"until 2024-01-01T00:00:30Z"}"#, Some(30_000)),
            ("try again in {seconds} seconds", "try again in a few seconds", None),
            ("in {hours} h", "in 99999999999999999999999999 h", None),
        ] {
            let wait = Words::parse(pattern).unwrap().find(text, now());
            assert_eq!(wait.map(|wait| wait.as_millis()), millis, "{pattern}: {text}");
        }
        assert_eq!(Words::parse("try again"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}", at in 0_usize..5) {
            for pattern in ["", "in ", "é"] {
                let words = Words::parse(&format!("{pattern}{} s", UNITS[at].0)).unwrap();
                let _ = words.find(&text, now());
            }
        }
    }
}
