//! The budget that all streams of a source share: requests in flight a host, quotas, what servers tell of theirs.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use connector_core::clock::Clock;
use tokio::sync::Notify;

use super::{Advice, Quota};

/// How much slower a 429 makes us: half of what we sent before it.
const SLOWER: f64 = 0.5;
/// How much faster a success makes us: twice as fast after some seventy of them.
const FASTER: f64 = 1.01;
/// The pace is never slower than this, in requests a second: one in ten seconds.
const SLOWEST: f64 = 0.1;
/// Above this pace, in requests a second, pacing has no effect any more and is dropped.
const FREE: f64 = 50.0;

/// The shared budget.
pub(crate) struct Budget {
    clock: Arc<dyn Clock>,
    quotas: Vec<Quota>,
    in_flight: usize,
    state: Mutex<State>,
    released: Notify,
}

#[derive(Default)]
struct State {
    /// What was sent: one list a quota, oldest first.
    spent: Vec<VecDeque<Spent>>,
    hosts: HashMap<String, Host>,
}

/// Time as both clocks tell it: `elapsed` never goes back, the grid of a fixed window is UTC's.
#[derive(Debug, Clone, Copy)]
struct Moment {
    elapsed: Duration,
    epoch: Duration,
}

/// Requests sent at about the same time, so that a large quota needs no long list.
#[derive(Debug, Clone, Copy)]
struct Spent {
    first: Moment,
    /// All of them leave the window when this one does.
    last: Moment,
    weight: u64,
}

/// More hosts than this (downloads may each have their own) and those that nothing is known of are forgotten.
const HOSTS: usize = 1000;

/// A moving window is looked at in this many parts at least: a request is held back by one of them too long at most.
const PARTS: u32 = 128;

#[derive(Default)]
struct Host {
    flying: usize,
    /// Nothing is sent before this.
    closed_until: Option<Duration>,
    /// Requests a second, once a 429 made us careful.
    pace: Option<f64>,
    last_sent: Option<Duration>,
    /// Requests since the last 429, and when the first of them was sent.
    sent: u64,
    counted_from: Duration,
    /// What the server says is left, until when.
    remaining: Option<(u64, Duration)>,
}

/// The right to have one request in flight; dropping it gives the place to the next.
pub(crate) struct Permit {
    budget: Arc<Budget>,
    host: String,
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(host) = self.budget.lock().hosts.get_mut(&self.host) {
            host.flying = host.flying.saturating_sub(1);
        }
        self.budget.released.notify_waiters();
    }
}

enum Place {
    Free,
    /// All places are taken: wait until one is given back.
    Full,
    /// Wait this long.
    Later(Duration),
}

impl Budget {
    pub(crate) fn new(clock: Arc<dyn Clock>, quotas: Vec<Quota>, in_flight: usize) -> Self {
        let state = State { spent: quotas.iter().map(|_| VecDeque::new()).collect(), hosts: HashMap::new() };
        Self { clock, quotas, in_flight, state: Mutex::new(state), released: Notify::new() }
    }

    /// Waits until a request of this weight may be sent: all quotas at once, or none is touched.
    ///
    /// A wait longer than `quiet` is not made here but handed back: the caller tells the platform of it.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        host: &str,
        weight: u32,
        quiet: Duration,
    ) -> Result<Permit, Duration> {
        loop {
            let released = self.released.notified();
            tokio::pin!(released);
            released.as_mut().enable();
            let place = self.take(host, weight);
            match place {
                Place::Free => return Ok(Permit { budget: Arc::clone(self), host: host.to_owned() }),
                Place::Full => released.await,
                Place::Later(wait) if wait > quiet => return Err(wait),
                Place::Later(wait) => self.clock.sleep(wait).await,
            }
        }
    }

    fn take(&self, name: &str, weight: u32) -> Place {
        let now = self.now();
        let mut state = self.lock();
        let State { spent, hosts } = &mut *state;
        if hosts.len() > HOSTS {
            hosts.retain(|_, host| host.flying > 0 || !host.wait(now.elapsed).is_zero());
        }
        let host = hosts.entry(name.to_owned()).or_default();
        if host.flying >= self.in_flight {
            return Place::Full;
        }
        let waits = self.quotas.iter().zip(spent.iter_mut()).map(|(quota, spent)| wait_for(quota, spent, weight, now));
        let wait = waits.fold(host.wait(now.elapsed), Duration::max);
        if !wait.is_zero() {
            return Place::Later(wait);
        }
        for (quota, spent) in self.quotas.iter().zip(spent) {
            spend(quota, spent, weight, now);
        }
        host.flying += 1;
        host.last_sent = Some(now.elapsed);
        if host.sent == 0 {
            host.counted_from = now.elapsed;
        }
        host.sent += 1;
        if let Some((left, _)) = &mut host.remaining {
            *left = left.saturating_sub(u64::from(weight));
        }
        Place::Free
    }

    /// Learns from an answer's headers, before a limit is hit.
    ///
    /// Only a success speeds up again: an answer that refuses tells nothing of the pace that the server bears.
    pub(crate) fn learn(&self, host: &str, advice: &Advice, success: bool) {
        let now = self.now();
        let mut state = self.lock();
        let host = state.hosts.entry(host.to_owned()).or_default();
        if let (Some(left), Some(reset)) = (advice.remaining, advice.reset) {
            let end = now.elapsed + reset;
            // Requests in flight may not be counted in what the server says: believe the lower figure of one window.
            host.remaining = match host.remaining {
                Some((known, until)) if until > now.elapsed && until.abs_diff(end) < Duration::from_secs(2) => {
                    Some((known.min(left), end))
                }
                _ => Some((left, end)),
            };
        }
        if success && let Some(pace) = host.pace {
            host.pace = Some(pace * FASTER).filter(|pace| *pace < FREE);
        }
    }

    /// A rate limit was met: nobody sends to the host before the wait is over, and slower after it.
    pub(crate) fn limited(&self, host: &str, wait: Duration) {
        let now = self.now();
        let mut state = self.lock();
        let host = state.hosts.entry(host.to_owned()).or_default();
        // Requests that were under way when the limit was met are refused with it: they tell nothing new.
        let known = host.closed_until.is_some_and(|until| until > now.elapsed);
        host.closed_until = host.closed_until.max(Some(now.elapsed + wait));
        if known {
            return;
        }
        let seconds = now.elapsed.saturating_sub(host.counted_from).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "far fewer requests than a float counts")]
        let observed = host.sent as f64 / seconds.max(0.1);
        let pace = host.pace.map_or(observed, |pace| pace.min(observed));
        host.pace = Some((pace * SLOWER).max(SLOWEST)).filter(|pace| *pace < FREE);
        host.sent = 0;
    }

    fn now(&self) -> Moment {
        let epoch = self.clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Moment { elapsed: self.clock.elapsed(), epoch }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host {
    fn wait(&self, now: Duration) -> Duration {
        let mut wait = self.closed_until.unwrap_or_default().saturating_sub(now);
        if let Some((0, until)) = self.remaining {
            wait = wait.max(until.saturating_sub(now));
        }
        if let (Some(pace), Some(last)) = (self.pace, self.last_sent) {
            wait = wait.max((last + Duration::from_secs_f64(1.0 / pace)).saturating_sub(now));
        }
        wait
    }
}

/// How long a quota makes a request of this weight wait; forgets what lies outside the window.
fn wait_for(quota: &Quota, spent: &mut VecDeque<Spent>, weight: u32, now: Moment) -> Duration {
    let window = quota.length();
    let outside = |moment: Moment| {
        if quota.fixed {
            quota.grid(moment.epoch) < quota.grid(now.epoch)
        } else {
            moment.elapsed + window <= now.elapsed
        }
    };
    while spent.front().is_some_and(|spent| outside(spent.last)) {
        spent.pop_front();
    }
    // What weighs more than the whole quota may go when nothing else did.
    let allowed = u64::from(quota.units.max(weight));
    let mut used: u64 = spent.iter().map(|spent| spent.weight).sum();
    for freed in spent.iter() {
        if used + u64::from(weight) <= allowed {
            break;
        }
        used -= freed.weight;
        if used + u64::from(weight) <= allowed {
            return if quota.fixed {
                let end = (quota.grid(now.epoch) + 1) * window.as_nanos();
                Duration::from_nanos(u64::try_from(end - now.epoch.as_nanos()).unwrap_or(u64::MAX))
            } else {
                (freed.last.elapsed + window).saturating_sub(now.elapsed)
            };
        }
    }
    Duration::ZERO
}

/// Notes a request, together with those just before it.
fn spend(quota: &Quota, spent: &mut VecDeque<Spent>, weight: u32, now: Moment) {
    let weight = u64::from(weight);
    let joins = |spent: &Spent| {
        if quota.fixed {
            quota.grid(spent.first.epoch) == quota.grid(now.epoch)
        } else {
            now.elapsed.saturating_sub(spent.first.elapsed) < quota.length() / PARTS
        }
    };
    match spent.back_mut() {
        Some(back) if joins(back) => {
            back.last = now;
            back.weight += weight;
        }
        _ => spent.push_back(Spent { first: now, last: now, weight }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use connector_core::clock::VirtualClock;

    fn run<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    fn budget(clock: &VirtualClock, quotas: &[Quota], in_flight: usize) -> Arc<Budget> {
        Arc::new(Budget::new(Arc::new(clock.clone()), quotas.to_vec(), in_flight))
    }

    async fn acquire(budget: &Arc<Budget>, host: &str, weight: u32) -> Permit {
        budget.acquire(host, weight, Duration::MAX).await.unwrap()
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_moving_window_holds_in_every_stretch() {
        let clock = VirtualClock::new();
        let budget = budget(&clock, &[Quota::moving(3, MINUTE)], 100);
        run(async {
            let mut sent = Vec::new();
            for i in 0..10 {
                drop(acquire(&budget, "a", 1).await);
                sent.push(clock.elapsed());
                clock.advance(Duration::from_secs(i * 3));
            }
            for stretch in sent.windows(4) {
                assert!(stretch[3] - stretch[0] >= MINUTE, "{sent:?}");
            }
        });
    }

    #[test]
    fn a_fixed_window_opens_at_the_full_minute() {
        let clock = VirtualClock::new();
        clock.advance(Duration::from_secs(50));
        let budget = budget(&clock, &[Quota::fixed(2, MINUTE)], 100);
        run(async {
            for _ in 0..3 {
                drop(acquire(&budget, "a", 1).await);
            }
        });
        assert_eq!(clock.sleeps(), [Duration::from_secs(10)]);
    }

    #[test]
    fn several_quotas_and_weights_hold_together() {
        let clock = VirtualClock::new();
        let budget = budget(&clock, &[Quota::moving(10, MINUTE), Quota::moving(2, Duration::from_secs(1))], 100);
        run(async {
            drop(acquire(&budget, "a", 2).await);
            drop(acquire(&budget, "a", 1).await);
            drop(acquire(&budget, "a", 1).await);
            assert_eq!(clock.elapsed(), Duration::from_secs(1));
            // Heavier than the whole quota: allowed once nothing else is in the window.
            drop(acquire(&budget, "a", 20).await);
            assert_eq!(clock.elapsed(), Duration::from_secs(61));
        });
    }

    #[test]
    fn a_large_quota_needs_no_long_list() {
        for quota in [Quota::moving(1_000_000, MINUTE), Quota::fixed(1_000_000, MINUTE)] {
            let clock = VirtualClock::new();
            let budget = budget(&clock, &[quota], 100);
            run(async {
                for _ in 0..50_000 {
                    drop(acquire(&budget, "a", 1).await);
                    clock.advance(Duration::from_millis(10));
                }
            });
            assert!(budget.lock().spent[0].len() <= 2 * PARTS as usize + 2);
        }
    }

    #[test]
    fn places_are_given_back() {
        let clock = VirtualClock::new();
        let budget = budget(&clock, &[], 1);
        run(async {
            let first = acquire(&budget, "a", 1).await;
            let other_host = acquire(&budget, "b", 1).await;
            let second = tokio::spawn({
                let budget = Arc::clone(&budget);
                async move { drop(acquire(&budget, "a", 1).await) }
            });
            tokio::task::yield_now().await;
            assert!(!second.is_finished());
            drop(first);
            second.await.unwrap();
            drop(other_host);
        });
    }

    #[test]
    fn nothing_left_closes_the_host_until_the_reset() {
        let clock = VirtualClock::new();
        let budget = budget(&clock, &[], 4);
        run(async {
            budget.learn("a", &Advice { remaining: Some(1), reset: Some(MINUTE), ..Advice::default() }, true);
            drop(acquire(&budget, "a", 1).await);
            assert_eq!(clock.elapsed(), Duration::ZERO);
            drop(acquire(&budget, "a", 1).await);
            assert_eq!(clock.elapsed(), MINUTE);
            drop(acquire(&budget, "b", 1).await);
            assert_eq!(clock.elapsed(), MINUTE);
        });
    }

    #[test]
    fn a_long_wait_is_handed_back() {
        let clock = VirtualClock::new();
        let budget = budget(&clock, &[], 4);
        budget.limited("a", MINUTE);
        let held = run(budget.acquire("a", 1, Duration::from_secs(5))).err();
        assert_eq!((held, clock.sleeps()), (Some(MINUTE), Vec::new()));
    }

    #[test]
    fn a_limit_slows_down_and_successes_speed_up() {
        let clock = VirtualClock::new();
        let budget = budget(&clock, &[], 4);
        run(async {
            budget.limited("a", Duration::from_secs(5));
            drop(acquire(&budget, "a", 1).await);
            assert_eq!(clock.elapsed(), Duration::from_secs(5));
            drop(acquire(&budget, "a", 1).await);
            let slow = clock.elapsed() - Duration::from_secs(5);
            assert!(slow >= Duration::from_millis(240), "{slow:?}");
            for _ in 0..2000 {
                budget.learn("a", &Advice::default(), true);
            }
            let before = clock.elapsed();
            drop(acquire(&budget, "a", 1).await);
            assert_eq!(clock.elapsed(), before);
        });
    }
}
