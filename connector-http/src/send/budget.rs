//! The budget that all streams of a source share: requests in flight a host, quotas, what servers tell of theirs.
//!
//! Quotas and limits belong to a credential: each of several tokens in rotation has its own ([`Lane`]); where there is one,
//! all requests share one lane. Places in flight, and a server's wish for a pause, belong to the host.
//!
//! Who has to wait stands in a [`Line`] and is let in in the order of arrival.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use connector_core::clock::Clock;

use super::{Advice, Quota};

mod line;

pub(crate) use line::Ticket;
use line::{Line, Queued};

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
}

/// Whose budget it is: that of one of several credentials in rotation, or [`SHARED`].
pub(crate) type Lane = u64;

/// The lane of all requests whose credentials are not in rotation.
pub(crate) const SHARED: Lane = 0;

/// What is to be sent, as far as the budget is concerned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Want<'a> {
    pub(crate) host: &'a str,
    /// The stream that asks; empty for a request of our own.
    pub(crate) stream: &'a str,
    pub(crate) weight: u32,
    /// The credentials that may be used; one of them will be.
    pub(crate) lanes: &'a [Lane],
    /// A request for a token: those who hold a place wait for it, so it needs none itself and goes ahead of the line.
    pub(crate) urgent: bool,
}

#[derive(Default)]
struct State {
    line: Line,
    /// What was sent with each credential: one list a quota, oldest first.
    spent: HashMap<Lane, Vec<VecDeque<Spent>>>,
    hosts: HashMap<String, Host>,
    /// Counts the requests, so that credentials take turns also within one tick of the clock.
    turns: u64,
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
    /// The server asked all for a pause until then.
    paused_until: Duration,
    lanes: HashMap<Lane, Course>,
}

/// How one credential fares at one host.
#[derive(Default)]
struct Course {
    /// Nothing is sent before this.
    closed_until: Option<Duration>,
    /// Requests a second, once a 429 made us careful.
    pace: Option<f64>,
    last_sent: Option<Duration>,
    /// The number of the last request with it.
    turn: u64,
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
    lane: Lane,
}

impl Permit {
    /// The credential that the request is to be sent with.
    pub(crate) fn lane(&self) -> Lane {
        self.lane
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.budget.give_back(&self.host);
    }
}

/// Whether a request may be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// With this credential.
    Free(Lane),
    /// All places are taken: wait until one is given back.
    Full,
    /// Wait this long.
    Later(Duration),
}

/// What those ahead in the line wait for: nobody behind them takes it.
type Reserved = Vec<(Lane, usize, Duration)>;

impl Budget {
    pub(crate) fn new(clock: Arc<dyn Clock>, quotas: Vec<Quota>, in_flight: usize) -> Self {
        Self { clock, quotas, in_flight, state: Mutex::default() }
    }

    /// Waits until a request may be sent: all quotas at once, or none is touched. Of several credentials that may be used it is
    /// the one that rested longest. Who came first goes first; a ticket keeps the place over several calls.
    ///
    /// A wait longer than `quiet` is not made here but handed back: the caller tells the platform of it.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        want: &Want<'_>,
        ticket: &Ticket,
        quiet: Duration,
    ) -> Result<Permit, Duration> {
        let permit = |lane| Permit { budget: Arc::clone(self), host: want.host.to_owned(), lane };
        let queued = match self.enter(want, ticket) {
            Ok(lane) => return Ok(permit(lane)),
            Err(queued) => queued,
        };
        loop {
            match self.place_of(&queued) {
                Place::Free(lane) => {
                    queued.taken();
                    return Ok(permit(lane));
                }
                Place::Full => queued.called().await,
                Place::Later(wait) if wait > quiet => return Err(wait),
                Place::Later(wait) => tokio::select! {
                    biased;
                    () = queued.called() => {}
                    () = self.clock.sleep(wait) => {}
                },
            }
        }
    }

    /// Lets a request in at once if nobody waits, or puts it in the line.
    fn enter(self: &Arc<Self>, want: &Want<'_>, ticket: &Ticket) -> Result<Lane, Queued> {
        let now = self.now();
        let mut state = self.lock();
        if state.hosts.len() > HOSTS {
            state.hosts.retain(|_, host| host.flying > 0 || host.is_limited(now.elapsed));
        }
        if (state.line.is_empty() || want.urgent)
            && let Place::Free(lane) = self.take(&mut state, want, now, &mut Reserved::new())
        {
            return Ok(lane);
        }
        Err(state.line.join(self, want, ticket))
    }

    /// Lets in whoever may go, and tells where one of them stands.
    fn place_of(&self, queued: &Queued) -> Place {
        let mut state = self.lock();
        self.serve(&mut state, Some(queued));
        state.line.place(queued)
    }

    /// Lets in those in the line who may go, in its order.
    fn serve(&self, state: &mut State, asker: Option<&Queued>) {
        let now = self.now();
        let mut reserved = Reserved::new();
        // Out of the state while its parts are changed.
        let mut line = std::mem::take(&mut state.line);
        for (key, waiter) in line.waiting() {
            let place = self.take(state, &waiter.want(), now, &mut reserved);
            if waiter.moved(place, now.elapsed) && asker.is_none_or(|asker| asker.key() != key) {
                waiter.call();
            }
        }
        state.line = line;
    }

    /// A request came to its end.
    fn give_back(&self, host: &str) {
        let mut state = self.lock();
        if let Some(host) = state.hosts.get_mut(host) {
            host.flying = host.flying.saturating_sub(1);
        }
        if !state.line.is_empty() {
            self.serve(&mut state, None);
        }
    }

    /// Takes a place if there is one; notes which quotas are waited for otherwise.
    fn take(&self, state: &mut State, want: &Want<'_>, now: Moment, reserved: &mut Reserved) -> Place {
        let State { spent, hosts, turns, .. } = state;
        let host = hosts.entry(want.host.to_owned()).or_default();
        if host.flying >= self.in_flight && !want.urgent {
            return Place::Full;
        }
        let pause = host.paused_until.saturating_sub(now.elapsed);
        let mut best: Option<(Duration, u64, Lane)> = None;
        let ahead = reserved.len();
        for &lane in want.lanes {
            let course = host.lanes.entry(lane).or_default();
            let spent = spent.entry(lane).or_insert_with(|| self.quotas.iter().map(|_| VecDeque::new()).collect());
            let mut wait = course.wait(now.elapsed).max(pause);
            for (at, (quota, spent)) in self.quotas.iter().zip(spent).enumerate() {
                if !quota.holds_for(want.stream) {
                    continue;
                }
                let own = wait_for(quota, spent, want.weight, now);
                let others = reserved[..ahead].iter().filter(|(of, which, _)| (*of, *which) == (lane, at));
                let this = others.map(|(_, _, wait)| *wait).fold(own, Duration::max);
                if !this.is_zero() {
                    reserved.push((lane, at, this));
                }
                wait = wait.max(this);
            }
            let this = (wait, course.turn, lane);
            if best.is_none_or(|best| (this.0, this.1) < (best.0, best.1)) {
                best = Some(this);
            }
        }
        let Some((wait, _, lane)) = best else { return Place::Later(Duration::MAX) };
        if !wait.is_zero() {
            return Place::Later(wait);
        }
        reserved.truncate(ahead);
        for (quota, spent) in self.quotas.iter().zip(spent.entry(lane).or_default()) {
            if quota.holds_for(want.stream) {
                spend(quota, spent, want.weight, now);
            }
        }
        host.flying += 1;
        *turns += 1;
        host.lanes.entry(lane).or_default().sent_now(now.elapsed, want.weight, *turns);
        Place::Free(lane)
    }

    /// Learns from an answer's headers, before a limit is hit.
    ///
    /// Only a success speeds up again: an answer that refuses tells nothing of the pace that the server bears. A pause is believed up
    /// to `longest`.
    pub(crate) fn learn(&self, host: &str, lane: Lane, advice: &Advice, success: bool, longest: Duration) {
        let now = self.now();
        let mut state = self.lock();
        let host = state.hosts.entry(host.to_owned()).or_default();
        if let Some(pause) = advice.pause {
            host.paused_until = host.paused_until.max(now.elapsed + pause.min(longest));
        }
        host.lanes.entry(lane).or_default().learn(advice, success, now.elapsed);
    }

    /// A rate limit was met: nobody sends to the host with this credential before the wait is over, and slower after it.
    pub(crate) fn limited(&self, host: &str, lane: Lane, wait: Duration) {
        let now = self.now();
        let mut state = self.lock();
        state.hosts.entry(host.to_owned()).or_default().lanes.entry(lane).or_default().limited(wait, now.elapsed);
    }

    /// How long until a host lets one of these credentials in again.
    pub(crate) fn free_in(&self, host: &str, lanes: &[Lane]) -> Duration {
        let now = self.now();
        let state = self.lock();
        let Some(host) = state.hosts.get(host) else { return Duration::ZERO };
        let wait = |lane| host.lanes.get(lane).map_or(Duration::ZERO, |course| course.closed_for(now.elapsed));
        lanes.iter().map(wait).min().unwrap_or_default().max(host.paused_until.saturating_sub(now.elapsed))
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
    /// Whether something is known of it that matters.
    fn is_limited(&self, now: Duration) -> bool {
        self.paused_until > now || self.lanes.values().any(|course| !course.wait(now).is_zero())
    }
}

impl Course {
    fn wait(&self, now: Duration) -> Duration {
        let mut wait = self.closed_for(now);
        if let (Some(pace), Some(last)) = (self.pace, self.last_sent) {
            wait = wait.max((last + Duration::from_secs_f64(1.0 / pace)).saturating_sub(now));
        }
        wait
    }

    /// The wait that the server asks for, without our own pace.
    fn closed_for(&self, now: Duration) -> Duration {
        let wait = self.closed_until.unwrap_or_default().saturating_sub(now);
        match self.remaining {
            Some((0, until)) => wait.max(until.saturating_sub(now)),
            _ => wait,
        }
    }

    fn sent_now(&mut self, now: Duration, weight: u32, turn: u64) {
        self.last_sent = Some(now);
        self.turn = turn;
        if self.sent == 0 {
            self.counted_from = now;
        }
        self.sent += 1;
        if let Some((left, _)) = &mut self.remaining {
            *left = left.saturating_sub(u64::from(weight));
        }
    }

    fn learn(&mut self, advice: &Advice, success: bool, now: Duration) {
        if let (Some(left), Some(reset)) = (advice.remaining, advice.reset) {
            let end = now + reset;
            // Requests in flight may not be counted in what the server says: believe the lower figure of one window.
            self.remaining = match self.remaining {
                Some((known, until)) if until > now && until.abs_diff(end) < Duration::from_secs(2) => {
                    Some((known.min(left), end))
                }
                _ => Some((left, end)),
            };
        }
        if success && let Some(pace) = self.pace {
            self.pace = Some(pace * FASTER).filter(|pace| *pace < FREE);
        }
    }

    fn limited(&mut self, wait: Duration, now: Duration) {
        // Requests that were under way when the limit was met are refused with it: they tell nothing new.
        let known = self.closed_until.is_some_and(|until| until > now);
        self.closed_until = self.closed_until.max(Some(now + wait));
        if known {
            return;
        }
        let seconds = now.saturating_sub(self.counted_from).as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "far fewer requests than a float counts")]
        let observed = self.sent as f64 / seconds.max(0.1);
        let pace = self.pace.map_or(observed, |pace| pace.min(observed));
        self.pace = Some((pace * SLOWER).max(SLOWEST)).filter(|pace| *pace < FREE);
        self.sent = 0;
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
mod tests;
