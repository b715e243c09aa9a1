//! Who waits for a place, in the order of arrival.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::{Budget, Lane, Place, Want};

/// The place in the line of one request, kept while it is sent again and again: whoever was refused or held back is not behind
/// those that came later.
#[derive(Debug, Default)]
pub(crate) struct Ticket(AtomicU64);

impl Ticket {
    /// Its number; the next one that is free where it has none yet.
    fn number(&self, next: u64) -> u64 {
        // Of one request, whose tries come one after the other.
        match self.0.load(Ordering::Relaxed) {
            0 => {
                self.0.store(next, Ordering::Relaxed);
                next
            }
            number => number,
        }
    }
}

/// Those who wait.
#[derive(Default)]
pub(super) struct Line {
    waiters: BTreeMap<Key, Waiter>,
    last: u64,
}

/// The ticket's number, and one of its own for each that waits.
pub(super) type Key = (u64, u64);

/// One that waits, or was let in and does not know it yet.
pub(super) struct Waiter {
    host: String,
    stream: String,
    weight: u32,
    lanes: Vec<Lane>,
    urgent: bool,
    place: Place,
    /// When its wait ends, where it knows of one.
    until: Duration,
    call: Arc<Notify>,
}

/// The right to stand in the line; dropping it leaves it.
pub(super) struct Queued {
    budget: Arc<Budget>,
    key: Key,
    call: Arc<Notify>,
    taken: bool,
}

impl Line {
    pub(super) fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    /// Those who were not let in yet, first come first.
    pub(super) fn waiting(&mut self) -> impl Iterator<Item = (Key, &mut Waiter)> {
        let waiters = self.waiters.iter_mut().map(|(key, waiter)| (*key, waiter));
        waiters.filter(|(_, waiter)| !matches!(waiter.place, Place::Free(_)))
    }

    pub(super) fn join(&mut self, budget: &Arc<Budget>, want: &Want<'_>, ticket: &Ticket) -> Queued {
        self.last += 1;
        // Before all numbers that are given out.
        let number = if want.urgent { 0 } else { ticket.number(self.last) };
        let (key, call) = ((number, self.last), Arc::new(Notify::new()));
        let waiter = Waiter {
            host: want.host.to_owned(),
            stream: want.stream.to_owned(),
            weight: want.weight,
            lanes: want.lanes.to_vec(),
            urgent: want.urgent,
            place: Place::Full,
            until: Duration::MAX,
            call: Arc::clone(&call),
        };
        self.waiters.insert(key, waiter);
        Queued { budget: Arc::clone(budget), key, call, taken: false }
    }

    pub(super) fn place(&self, queued: &Queued) -> Place {
        self.waiters.get(&queued.key).map_or(Place::Later(Duration::MAX), |waiter| waiter.place)
    }
}

impl Waiter {
    pub(super) fn want(&self) -> Want<'_> {
        let Self { host, stream, weight, lanes, urgent, .. } = self;
        Want { host, stream, weight: *weight, lanes, urgent: *urgent }
    }

    /// Notes where it stands now. Whether it has to know at once: it may go, or sooner than it knows. A wait that became longer
    /// it sees when it wakes.
    pub(super) fn moved(&mut self, place: Place, now: Duration) -> bool {
        let until = match place {
            Place::Free(_) => Duration::ZERO,
            Place::Full => Duration::MAX,
            Place::Later(wait) => now.saturating_add(wait),
        };
        let sooner = until < self.until;
        (self.place, self.until) = (place, until);
        sooner
    }

    pub(super) fn call(&self) {
        self.call.notify_one();
    }
}

impl Queued {
    pub(super) fn key(&self) -> Key {
        self.key
    }

    /// Waits until something changed.
    pub(super) async fn called(&self) {
        self.call.notified().await;
    }

    /// The place was taken over.
    pub(super) fn taken(mut self) {
        self.taken = true;
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        let waiter = self.budget.lock().line.waiters.remove(&self.key);
        // It was let in and will not come: the next one may.
        if let Some(Waiter { host, place: Place::Free(_), .. }) = waiter
            && !self.taken
        {
            self.budget.give_back(&host);
        }
    }
}
