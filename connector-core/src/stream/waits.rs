//! What each worker of a stream is waiting for, for a person who asks why nothing moves.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Slice;
use crate::clock::Clock;

/// The workers of one stream: the one that takes its partitions, and one for each slice that is being read.
#[derive(Debug)]
pub(crate) struct Waits {
    clock: Arc<dyn Clock>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    /// When something moved last.
    moved: Duration,
    workers: BTreeMap<u64, Worker>,
}

#[derive(Debug)]
struct Worker {
    slice: Option<Slice>,
    /// Nothing: it waits for other workers of its stream.
    what: Option<&'static str>,
    since: Duration,
}

/// One worker; it is forgotten when this is dropped.
#[derive(Debug)]
pub(crate) struct Waiting {
    waits: Arc<Waits>,
    id: u64,
}

/// What the output is called where a worker waits for it.
pub(crate) const OUTPUT: &str = "the output to be taken";

impl Waits {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        let inner = Inner { moved: clock.elapsed(), ..Inner::default() };
        Arc::new(Self { clock, inner: Mutex::new(inner) })
    }

    /// A worker begins: the one for a slice, or the one that takes the stream's partitions.
    pub(crate) fn begin(self: &Arc<Self>, slice: Option<&Slice>) -> Waiting {
        let since = self.clock.elapsed();
        let mut inner = self.lock();
        inner.next += 1;
        let id = inner.next;
        inner.moved = since;
        inner.workers.insert(id, Worker { slice: slice.cloned(), what: None, since });
        Waiting { waits: Arc::clone(self), id }
    }

    /// How long nothing has moved.
    pub(crate) fn quiet(&self) -> Duration {
        self.clock.elapsed().saturating_sub(self.lock().moved)
    }

    /// Whether some worker waits for the output.
    pub(crate) fn for_output(&self) -> bool {
        self.lock().workers.values().any(|worker| worker.what == Some(OUTPUT))
    }

    /// Each waiting worker in words: `slice id=3 waits for the server's answer (since 300 s)`.
    pub(crate) fn describe(&self) -> Vec<String> {
        let now = self.clock.elapsed();
        let inner = self.lock();
        let lines = inner.workers.values().filter_map(|worker| {
            let slice = worker.slice.as_ref().map(ToString::to_string).filter(|slice| !slice.is_empty());
            let slice = slice.map(|slice| format!("slice {slice} ")).unwrap_or_default();
            Some(format!("{slice}waits for {} (since {} s)", worker.what?, now.saturating_sub(worker.since).as_secs()))
        });
        lines.collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// From now on it waits for this; nothing: for other workers of its stream.
    pub(crate) fn set(&self, what: Option<&'static str>) {
        if let Some(worker) = self.waits.lock().workers.get_mut(&self.id)
            && worker.what != what
        {
            worker.what = what;
            worker.since = self.waits.clock.elapsed();
        }
    }

    /// Something has moved: a page came, a partition was taken.
    pub(crate) fn moved(&self) {
        let now = self.waits.clock.elapsed();
        self.waits.lock().moved = now;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let now = self.waits.clock.elapsed();
        let mut inner = self.waits.lock();
        inner.workers.remove(&self.id);
        inner.moved = now;
    }
}
