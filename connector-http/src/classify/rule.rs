//! Rules that an author declares for answers.

use std::time::{Duration, SystemTime};

use connector_core::FailureType;
use serde_json::Value;

use super::words::Words;
use super::{Answer, Verdict};
use crate::send::moment;

/// When a rule applies: all of its conditions must hold.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Condition {
    /// The status lies between these, both inclusive.
    Status(u16, u16),
    /// A response header has this value; with `None`, is there at all.
    Header(String, Option<String>),
    /// The body's value at a dotted path equals this; with `None`, is there and not null.
    Body(String, Option<Value>),
    /// The body contains this text.
    Text(String),
}

/// What an author's own rule makes of an answer. Rules are asked in their order, before the default table.
///
/// ```
/// use connector_http::{Rule, Verdict};
/// let gone = Rule::status(404).ignore();
/// let busy = Rule::body("error.code", "busy").retry();
/// let plan = Rule::status(402).fail("the plan of this account has no API; ask its owner to change it");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    conditions: Vec<Condition>,
    verdict: Verdict,
    wait: Option<Wait>,
}

/// How long a rule waits.
#[derive(Debug, Clone, PartialEq)]
enum Wait {
    /// So long.
    For(Duration),
    /// As the body says at this dotted path.
    Body(String),
    /// As this header says.
    Header(String),
    /// As long as the body's text says in words.
    Words(Words),
    /// As the rate says that this header tells: so many requests a second.
    Rate(String),
    /// Until the next full one.
    Until(Until),
}

/// A moment that a rule waits for, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// The next full minute.
    Minute,
    /// The next full hour.
    Hour,
    /// The end of the day.
    Midnight,
}

impl Until {
    fn seconds(self) -> u64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3600,
            Self::Midnight => 86_400,
        }
    }

    /// How long until then.
    fn wait(self, now: SystemTime) -> Duration {
        let passed = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let length = Duration::from_secs(self.seconds());
        let into = Duration::from_nanos(u64::try_from(passed.as_nanos() % length.as_nanos()).unwrap_or_default());
        length - into
    }
}

impl Rule {
    /// Applies to one status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::when(Condition::Status(status, status))
    }

    /// Applies where the body's value at a dotted path equals `value`.
    #[must_use]
    pub fn body(path: &str, value: impl Into<Value>) -> Self {
        Self::when(Condition::Body(path.to_owned(), Some(value.into())))
    }

    /// Applies where the body has a value at a dotted path.
    #[must_use]
    pub fn body_has(path: &str) -> Self {
        Self::when(Condition::Body(path.to_owned(), None))
    }

    /// Applies where a response header has a value.
    #[must_use]
    pub fn header(name: &str, value: &str) -> Self {
        Self::when(Condition::Header(name.to_owned(), Some(value.to_owned())))
    }

    /// Applies where the body contains a text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::when(Condition::Text(text.to_owned()))
    }

    /// Applies where a condition holds. Until a verdict is named, the stream fails.
    #[must_use]
    pub fn when(condition: Condition) -> Self {
        Self { conditions: vec![condition], verdict: Verdict::Fail { message: None, failure_type: None }, wait: None }
    }

    /// Only where this holds, too.
    #[must_use]
    pub fn and(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// The answer is a success.
    #[must_use]
    pub fn success(self) -> Self {
        self.verdict(Verdict::Success)
    }

    /// The answer holds no records, and that is well.
    #[must_use]
    pub fn ignore(self) -> Self {
        self.verdict(Verdict::Ignore)
    }

    /// Ask again after a back-off.
    #[must_use]
    pub fn retry(self) -> Self {
        self.verdict(Verdict::retry())
    }

    /// Ask again when the rate limit has gone.
    #[must_use]
    pub fn rate_limited(self) -> Self {
        self.verdict(Verdict::rate_limited())
    }

    /// Renew the credentials and ask again, once.
    #[must_use]
    pub fn refresh(self) -> Self {
        self.verdict(Verdict::Refresh)
    }

    /// Read the slice from its first page again, once.
    #[must_use]
    pub fn restart(self) -> Self {
        self.verdict(Verdict::Restart)
    }

    /// The stream fails with this message.
    #[must_use]
    pub fn fail(self, message: &str) -> Self {
        self.verdict(Verdict::fail(message))
    }

    /// The stream fails, and this is who has to act.
    #[must_use]
    pub fn failure_type(mut self, who: FailureType) -> Self {
        let message = match self.verdict {
            Verdict::Fail { message, .. } | Verdict::Retry { message, .. } => message,
            _ => None,
        };
        self.verdict = Verdict::Fail { message, failure_type: Some(who) };
        self
    }

    /// A retry or a rate limit waits as long as the body says at this dotted path: seconds, a date, or a moment since 1970.
    #[must_use]
    pub fn wait_at(mut self, path: &str) -> Self {
        self.wait = Some(Wait::Body(path.to_owned()));
        self
    }

    /// A retry or a rate limit waits so long.
    #[must_use]
    pub fn wait_for(mut self, wait: Duration) -> Self {
        self.wait = Some(Wait::For(wait));
        self
    }

    /// A retry or a rate limit waits as long as this header says: seconds, a date, or a moment since 1970.
    #[must_use]
    pub fn wait_header(mut self, name: &str) -> Self {
        self.wait = Some(Wait::Header(name.to_owned()));
        self
    }

    /// A retry or a rate limit waits as long as the body's text says: `try again in {seconds} seconds`. The placeholder is
    /// `{millis}`, `{seconds}`, `{minutes}`, `{hours}`, or `{moment}` for a date; a pattern without one waits as if it were not there.
    ///
    /// ```
    /// use connector_http::Rule;
    /// let busy = Rule::status(429).rate_limited().wait_text("retry in {minutes} min");
    /// ```
    #[must_use]
    pub fn wait_text(mut self, pattern: &str) -> Self {
        self.wait = Words::parse(pattern).map(Wait::Words);
        self
    }

    /// A retry or a rate limit waits for one request's share of the rate that this header tells, in requests a second: `4` is a quarter
    /// of a second.
    #[must_use]
    pub fn wait_rate(mut self, name: &str) -> Self {
        self.wait = Some(Wait::Rate(name.to_owned()));
        self
    }

    /// A retry or a rate limit waits until the next full minute, hour or day (UTC), by the server's `Date` where it sends one.
    #[must_use]
    pub fn wait_until(mut self, until: Until) -> Self {
        self.wait = Some(Wait::Until(until));
        self
    }

    /// This is what the answer means.
    #[must_use]
    pub fn verdict(mut self, verdict: Verdict) -> Self {
        self.verdict = verdict;
        self
    }

    /// The verdict, where the rule applies.
    pub(crate) fn judge(&self, answer: &Answer<'_>, now: SystemTime) -> Option<Verdict> {
        if !self.conditions.iter().all(|condition| holds(condition, answer)) {
            return None;
        }
        let mut verdict = self.verdict.clone();
        if let (Some(asked), Verdict::Retry { wait, .. } | Verdict::RateLimited { wait }) = (&self.wait, &mut verdict) {
            *wait = match asked {
                Wait::For(wait) => Some(*wait),
                Wait::Body(path) => answer.text_at(path).and_then(|text| moment(&text, now)),
                Wait::Header(name) => answer.header(name).and_then(|text| moment(text, now)),
                Wait::Words(words) => words.find(answer.text(), now),
                Wait::Rate(name) => answer.header(name).and_then(|text| {
                    let rate = text.trim().parse::<f64>().ok().filter(|rate| *rate > 0.0)?;
                    Duration::try_from_secs_f64(1.0 / rate).ok()
                }),
                Wait::Until(until) => {
                    let date = answer.header("date").and_then(|date| httpdate::parse_http_date(date).ok());
                    Some(until.wait(date.unwrap_or(now)))
                }
            };
        }
        Some(verdict)
    }
}

fn holds(condition: &Condition, answer: &Answer<'_>) -> bool {
    match condition {
        Condition::Status(low, high) => (*low..=*high).contains(&answer.status().as_u16()),
        Condition::Header(name, value) => match (answer.header(name), value) {
            (Some(found), Some(value)) => found == value,
            (found, None) => found.is_some(),
            (None, Some(_)) => false,
        },
        Condition::Body(path, value) => match (answer.get(path), value) {
            (Some(found), Some(value)) => found == *value,
            (Some(found), None) => !found.is_null(),
            (None, _) => false,
        },
        Condition::Text(text) => answer.text().contains(text.as_str()),
    }
}
