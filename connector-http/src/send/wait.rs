//! How long a server wants us to wait, out of its headers.

use std::time::{Duration, SystemTime};

use super::LimitHeaders;
use crate::http::HeaderMap;

/// What the headers say about rate limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Advice {
    /// How long to wait before the request may be repeated.
    pub(crate) retry_after: Option<Duration>,
    /// When the quota is full again.
    pub(crate) reset: Option<Duration>,
    /// What is left of the quota.
    pub(crate) remaining: Option<u64>,
    /// The size of the quota.
    pub(crate) limit: Option<u64>,
    /// How long nothing is to be sent after this answer.
    pub(crate) pause: Option<Duration>,
}

impl Advice {
    /// The wait that is asked for: `Retry-After` before a reset.
    pub(crate) fn wait(&self) -> Option<Duration> {
        self.retry_after.or(self.reset)
    }

    /// Whether the quota is used up.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.remaining == Some(0)
    }
}

/// The longest wait that is believed: a century would overflow clocks.
const LONGEST: u64 = 10 * 365 * 86_400;
/// A number above this is no count of seconds but a moment: 2001-09-09 in seconds.
const EPOCH_SECONDS: f64 = 1e9;
/// A number above this is a moment in milliseconds.
const EPOCH_MILLISECONDS: f64 = 1e12;

const RESETS: &[&str] = &[
    "ratelimit-reset",
    "x-ratelimit-reset",
    "x-ratelimit-reset-after",
    "x-rate-limit-reset",
    "x-ratelimit-reset-requests",
];
const REMAINING: &[&str] =
    &["ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining", "x-ratelimit-remaining-requests"];
const LIMITS: &[&str] = &["ratelimit-limit", "x-ratelimit-limit", "x-rate-limit-limit", "x-ratelimit-limit-requests"];

/// What servers of Mozilla's kind (Kinto) send with any answer.
const PAUSES: &[&str] = &["backoff", "x-backoff"];

/// Reads `Retry-After` (RFC 9110, 10.2.3), `RateLimit-*` (the IETF draft, old and new form) and its common `X-` forms.
///
/// A date is measured against the server's own `Date`, so that a clock that is wrong does not matter.
pub(crate) fn advice(headers: &HeaderMap, own: &LimitHeaders, now: SystemTime) -> Advice {
    // Most answers say nothing of it: one look at their names is cheaper than twenty look-ups.
    let tells = |name: &str| may_tell(name.as_bytes()) || own.names().any(|own| own == name);
    if !headers.keys().any(|name| tells(name.as_str())) {
        return Advice::default();
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let now = text("date").and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    let first = |own: &Option<String>, names: &[&str]| {
        own.as_deref().and_then(text).or_else(|| names.iter().find_map(|name| text(name)))
    };
    let number = |text: &str| text.split([',', ';']).next().and_then(|number| number.trim().parse::<f64>().ok());
    let mut advice = Advice {
        retry_after: (own.retry_after.as_deref().and_then(text).and_then(|text| moment(text, now)))
            .or_else(|| text("retry-after-ms").and_then(number).and_then(|ms| seconds(ms / 1000.0)))
            .or_else(|| text("retry-after").and_then(|text| moment(text, now))),
        reset: first(&own.reset, RESETS).and_then(|text| moment(text, now)),
        remaining: first(&own.remaining, REMAINING).and_then(number).map(whole),
        limit: first(&None, LIMITS).and_then(number).map(whole),
        pause: first(&own.pause, PAUSES).and_then(|text| moment(text, now)),
    };
    if let Some(joint) = text("ratelimit") {
        read_joint(joint, &mut advice);
    }
    advice
}

/// Whether the name of a header is of those that tell of limits.
fn may_tell(name: &[u8]) -> bool {
    (0..name.len()).any(|at| match name[at] {
        b'r' => at == 0 && name.starts_with(b"retry-after"),
        b'l' => name[at..].starts_with(b"limit"),
        b'b' => name[at..].starts_with(b"backoff"),
        _ => false,
    })
}

/// `RateLimit: limit=10, remaining=0, reset=30`, and the later `RateLimit: "default";r=0;t=30`.
fn read_joint(text: &str, advice: &mut Advice) {
    for part in text.split([',', ';']) {
        let Some((name, value)) = part.split_once('=') else { continue };
        let Ok(value) = value.trim().parse::<f64>() else { continue };
        match name.trim() {
            "limit" | "q" => advice.limit = Some(whole(value)),
            "remaining" | "r" => advice.remaining = Some(whole(value)),
            "reset" | "t" => advice.reset = seconds(value),
            _ => {}
        }
    }
}

/// Seconds, a moment in seconds or milliseconds since 1970, an HTTP date or RFC 3339: the time until then.
pub(crate) fn moment(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    let plain = text.strip_suffix('s').unwrap_or(text);
    if let Ok(number) = plain.parse::<f64>() {
        let since_epoch = if number > EPOCH_MILLISECONDS { number / 1000.0 } else { number };
        if number <= EPOCH_SECONDS {
            return seconds(number);
        }
        let at = SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(since_epoch).ok()?)?;
        return Some(until(at, now));
    }
    if let Ok(at) = httpdate::parse_http_date(text) {
        return Some(until(at, now));
    }
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(until(SystemTime::from(at), now))
}

fn until(at: SystemTime, now: SystemTime) -> Duration {
    at.duration_since(now).unwrap_or_default().min(Duration::from_secs(LONGEST))
}

fn seconds(number: f64) -> Option<Duration> {
    if number < 0.0 {
        return Some(Duration::ZERO);
    }
    Some(Duration::try_from_secs_f64(number).ok()?.min(Duration::from_secs(LONGEST)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from f64 saturates")]
fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    /// 2024-01-01T00:00:00Z.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200)
    }

    fn of(headers: &[(&str, &str)]) -> Advice {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap());
        }
        advice(&map, &LimitHeaders::default(), now())
    }

    #[test]
    fn retry_after_in_all_forms() {
        for (value, seconds) in [
            ("2", 2.0),
            (" 0 ", 0.0),
            ("1.5", 1.5),
            ("-3", 0.0),
            ("30s", 30.0),
            ("Mon, 01 Jan 2024 00:01:00 GMT", 60.0),
            ("Mon, 01 Jan 2018 00:01:00 GMT", 0.0),
            ("1704067230", 30.0),
            ("1704067230000", 30.0),
            ("2024-01-01T00:00:10Z", 10.0),
        ] {
            assert_eq!(of(&[("retry-after", value)]).wait(), Some(Duration::from_secs_f64(seconds)), "{value}");
        }
        assert_eq!(of(&[("retry-after", "soon")]).wait(), None);
        assert_eq!(of(&[("retry-after", "1e300")]).wait(), None);
    }

    #[test]
    fn a_date_is_measured_against_the_servers_own() {
        let advice = of(&[("retry-after", "Mon, 01 Jan 2024 01:00:10 GMT"), ("date", "Mon, 01 Jan 2024 01:00:00 GMT")]);
        assert_eq!(advice.wait(), Some(Duration::from_secs(10)));
    }

    #[test]
    fn resets_and_remaining() {
        let advice =
            of(&[("X-RateLimit-Reset", "1704067260"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Limit", "100")]);
        assert_eq!(
            (advice.wait(), advice.is_exhausted(), advice.limit),
            (Some(Duration::from_secs(60)), true, Some(100))
        );
        let advice = of(&[("RateLimit", "limit=10, remaining=3, reset=7")]);
        assert_eq!((advice.reset, advice.remaining, advice.limit), (Some(Duration::from_secs(7)), Some(3), Some(10)));
        let advice = of(&[("RateLimit", "\"default\";r=0;t=30")]);
        assert_eq!((advice.reset, advice.remaining), (Some(Duration::from_secs(30)), Some(0)));
    }

    #[test]
    fn retry_after_wins_over_a_reset() {
        let advice = of(&[("retry-after", "1"), ("ratelimit-reset", "50")]);
        assert_eq!(advice.wait(), Some(Duration::from_secs(1)));
    }

    proptest! {
        #[test]
        fn no_header_panics(name in "(retry-after|ratelimit|x-ratelimit-reset|ratelimit-remaining|date)", value in "[ -~]{0,40}") {
            let _ = of(&[(&name, &value)]);
        }

        #[test]
        fn seconds_are_taken_as_they_are(n in 0_u32..1_000_000) {
            prop_assert_eq!(of(&[("retry-after", &n.to_string())]).wait(), Some(Duration::from_secs(n.into())));
        }

        #[test]
        fn http_dates_are_taken_as_they_are(n in 0_u32..10_000_000) {
            let date = httpdate::fmt_http_date(now() + Duration::from_secs(n.into()));
            prop_assert_eq!(of(&[("retry-after", &date)]).wait(), Some(Duration::from_secs(n.into())));
        }
    }
}
