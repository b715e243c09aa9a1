//! How often, and for how long, one request is tried.

use std::time::Duration;

use connector_core::Limits;

use super::backoff;

/// The tries of one request. Errors and rate limits are counted apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patience {
    errors: u32,
    errors_waited: Duration,
    limits_in_a_row: u32,
    limits_waited: Duration,
}

/// What to do after a try that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Wait this long, then try again.
    Wait(Duration),
    /// Enough: why, as the end of a sentence.
    GiveUp(String),
}

impl Patience {
    /// A try failed with an error that may pass. `wait` is what the server asked for.
    pub(crate) fn after_error(&mut self, limits: &Limits, wait: Option<Duration>) -> Turn {
        self.errors += 1;
        self.limits_in_a_row = 0;
        if self.errors >= limits.tries {
            return Turn::GiveUp(format!("tried {} times", self.errors));
        }
        let wait = wait.unwrap_or_else(|| backoff(limits, self.errors));
        self.errors_waited += wait;
        if self.errors_waited > limits.retry_time {
            return Turn::GiveUp(format!(
                "tried {}, and the next try would have to wait {}, more than the {} that errors may take",
                times(self.errors),
                human(wait),
                human(limits.retry_time)
            ));
        }
        Turn::Wait(wait)
    }

    /// A try met a rate limit. `wait` is what the server asked for.
    pub(crate) fn after_rate_limit(&mut self, limits: &Limits, wait: Option<Duration>) -> Turn {
        self.limits_in_a_row += 1;
        if self.limits_in_a_row >= limits.rate_limit_tries {
            return Turn::GiveUp(format!("met the limit {} in a row", times(self.limits_in_a_row)));
        }
        let wait = wait.unwrap_or_else(|| backoff(limits, self.limits_in_a_row));
        self.limits_waited += wait;
        if self.limits_waited > limits.rate_limit_time {
            return Turn::GiveUp(format!(
                "the wait of {} that it asks for is more than the {} that rate limits may take",
                human(wait),
                human(limits.rate_limit_time)
            ));
        }
        Turn::Wait(wait)
    }

    /// A quota makes the request wait before it is sent: no try, but the time counts.
    pub(crate) fn after_hold(&mut self, limits: &Limits, wait: Duration) -> Turn {
        self.limits_waited += wait;
        if self.limits_waited > limits.rate_limit_time {
            return Turn::GiveUp(format!(
                "{} is more than the {} that rate limits may take",
                human(wait),
                human(limits.rate_limit_time)
            ));
        }
        Turn::Wait(wait)
    }
}

fn times(count: u32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// A duration as people say it.
pub(crate) fn human(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_end_after_five_tries() {
        let (limits, mut patience) = (Limits::default(), Patience::default());
        for _ in 1..limits.tries {
            assert!(matches!(patience.after_error(&limits, None), Turn::Wait(_)));
        }
        assert_eq!(patience.after_error(&limits, None), Turn::GiveUp("tried 5 times".to_owned()));
    }

    #[test]
    fn a_wait_beyond_the_budget_gives_up_at_once() {
        let (limits, mut patience) = (Limits::default(), Patience::default());
        let turn = patience.after_rate_limit(&limits, Some(Duration::from_secs(3 * 3600)));
        assert!(
            matches!(&turn, Turn::GiveUp(why) if why.contains("3 h") && why.contains("120 min") || why_has_two_hours(&turn))
        );
        let turn = Patience::default().after_error(&limits, Some(Duration::from_secs(3600)));
        assert!(matches!(turn, Turn::GiveUp(why) if why.contains("10 min")));
    }

    fn why_has_two_hours(turn: &Turn) -> bool {
        matches!(turn, Turn::GiveUp(why) if why.contains("2 h"))
    }

    #[test]
    fn rate_limits_are_counted_in_a_row() {
        let (limits, mut patience) = (Limits::default(), Patience::default());
        for _ in 1..limits.rate_limit_tries {
            assert!(matches!(patience.after_rate_limit(&limits, Some(Duration::from_secs(1))), Turn::Wait(_)));
        }
        assert!(matches!(patience.clone().after_rate_limit(&limits, None), Turn::GiveUp(_)));
        let _ = patience.after_error(&limits, None);
        assert!(matches!(patience.after_rate_limit(&limits, None), Turn::Wait(_)));
    }
}
