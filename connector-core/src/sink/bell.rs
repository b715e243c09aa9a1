//! When the writer is woken: a thread's sleep and waking cost as much as writing several pages.
//!
//! The first item after a pause wakes it; it then waits a few milliseconds for more, unless that is enough for a large write or
//! somebody waits for it. So a fast sync writes large pieces, and a slow one has each page out at once, as far as anybody can see.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many bytes are worth a write of their own.
const WORTH: usize = 1 << 20;

/// How long the writer waits for so many.
const LINGER: Duration = Duration::from_millis(5);

/// What the writer sleeps beside.
#[derive(Debug)]
pub(super) struct Bell {
    worth: usize,
    state: Mutex<State>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Bytes that were put since the writer woke up; each item counts as one at least.
    waiting: usize,
    /// Somebody waits for the writer, or nothing more will come.
    urgent: bool,
    /// The writer sleeps until this many bytes wait.
    sleeps_until: Option<usize>,
}

impl Bell {
    /// `most`: more bytes are never waited for.
    pub(super) fn new(most: usize) -> Self {
        Self { worth: WORTH.min(most).max(1), state: Mutex::default(), rung: Condvar::new() }
    }

    /// Something was put into the queue.
    pub(super) fn put(&self, bytes: usize, urgent: bool) {
        let mut state = self.lock();
        state.waiting = state.waiting.saturating_add(bytes.max(usize::from(!urgent)));
        state.urgent |= urgent;
        if state.sleeps_until.is_some_and(|enough| state.urgent || state.waiting >= enough) {
            state.sleeps_until = None;
            drop(state);
            self.rung.notify_one();
        }
    }

    /// Sleeps until it is time to write.
    pub(super) fn wait(&self) {
        let mut state = self.lock();
        let mut until: Option<Instant> = None;
        loop {
            if state.urgent || state.waiting >= self.worth {
                break;
            }
            if state.waiting == 0 {
                state.sleeps_until = Some(1);
                state = self.rung.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let now = Instant::now();
            let left = until.get_or_insert(now + LINGER).saturating_duration_since(now);
            if left.is_zero() {
                break;
            }
            state.sleeps_until = Some(self.worth);
            state = self.rung.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        *state = State::default();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// How long the writer slept, while a thread puts something after a moment.
    fn slept(bell: Bell, put: fn(&Bell)) -> Duration {
        let bell = Arc::new(bell);
        let other = Arc::clone(&bell);
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            put(&other);
        });
        let begin = Instant::now();
        bell.wait();
        let slept = begin.elapsed();
        assert!(thread.join().is_ok());
        slept
    }

    #[test]
    fn the_writer_wakes_for_little_after_a_while_and_for_much_or_in_a_hurry_at_once() {
        let little = slept(Bell::new(1 << 20), |bell| bell.put(10, false));
        assert!(little >= Duration::from_millis(24), "{little:?}");
        for put in [|bell: &Bell| bell.put(WORTH, false), |bell: &Bell| bell.put(0, true)] {
            let at_once = slept(Bell::new(1 << 20), put);
            assert!(at_once >= Duration::from_millis(19), "{at_once:?}");
        }
        let small = Bell::new(100);
        small.put(100, false);
        small.wait();
        assert_eq!(small.lock().waiting, 0);
    }
}
