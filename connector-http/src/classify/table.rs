//! The default table: what an answer means where no rule speaks.

use connector_core::ErrorKind;

use super::Verdict;
use crate::http::StatusCode;
use crate::send::Advice;

/// What a status means by itself.
///
/// | status | meaning |
/// |---|---|
/// | 200, 201, 203, 206 | records |
/// | 202, 408, 425, 500, 502, 503, 504 and other 5xx but 501, 505 | asked again |
/// | 204, 205, 304 | no records |
/// | 401 | the credentials are renewed once, where they can be |
/// | 403 with `Retry-After` or nothing remaining, 429 | a rate limit |
/// | everything else | the stream fails |
pub(crate) fn verdict(status: StatusCode, advice: &Advice) -> Verdict {
    match status.as_u16() {
        202 | 408 | 425 => Verdict::retry(),
        204 | 205 | 304 => Verdict::Ignore,
        200..300 => Verdict::Success,
        401 => Verdict::Refresh,
        403 if advice.retry_after.is_some() || advice.is_exhausted() => Verdict::rate_limited(),
        429 => Verdict::rate_limited(),
        501 | 505 => fail(),
        500.. => Verdict::retry(),
        _ => fail(),
    }
}

fn fail() -> Verdict {
    Verdict::Fail { message: None, failure_type: None }
}

/// The kind of a failure with this status, and what its reader can do.
pub(crate) fn advise(status: StatusCode) -> (ErrorKind, &'static str) {
    match status.as_u16() {
        401 => (ErrorKind::Auth, "check the credentials in the config"),
        403 => (ErrorKind::Auth, "the credentials have no right to read this; grant it, or leave the stream out"),
        404 | 410 => (
            ErrorKind::Refused,
            "there is nothing at this address; check the base URL and the account's plan, or leave the stream out",
        ),
        407 => (ErrorKind::Connection, "the proxy wants credentials; check the proxy's environment variables"),
        408 | 425 => (ErrorKind::Timeout, "try again later"),
        429 => (ErrorKind::RateLimited, "try again later, or ask for a higher limit"),
        300..400 => (ErrorKind::Refused, "it leads nowhere; check the base URL"),
        400..500 => (ErrorKind::Refused, "the API does not accept the request as it is; check the config"),
        200..300 => (ErrorKind::Response, "the answer does not hold what the stream needs"),
        _ => (ErrorKind::Server, "the API has a failure of its own; try again later"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::time::Duration;

    fn of(status: u16, advice: &Advice) -> Verdict {
        verdict(StatusCode::from_u16(status).unwrap(), advice)
    }

    #[test]
    fn every_status_has_one_meaning() {
        let none = Advice::default();
        for (statuses, meaning) in [
            (&[200, 201, 203, 206][..], Verdict::Success),
            (&[202, 408, 425, 500, 502, 503, 504, 520, 524, 599], Verdict::retry()),
            (&[204, 205, 304], Verdict::Ignore),
            (&[401], Verdict::Refresh),
            (&[429], Verdict::rate_limited()),
            (&[300, 301, 400, 402, 403, 404, 405, 409, 410, 418, 422, 451, 501, 505], fail()),
        ] {
            for &status in statuses {
                assert_eq!(of(status, &none), meaning, "{status}");
            }
        }
    }

    #[test]
    fn a_403_may_be_a_rate_limit() {
        let exhausted = Advice { remaining: Some(0), ..Advice::default() };
        let later = Advice { retry_after: Some(Duration::from_secs(1)), ..Advice::default() };
        assert_eq!(of(403, &exhausted), Verdict::rate_limited());
        assert_eq!(of(403, &later), Verdict::rate_limited());
        assert_eq!(of(403, &Advice { remaining: Some(1), ..Advice::default() }), fail());
    }
}
