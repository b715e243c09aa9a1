//! Time as a parameter: every wait of the framework goes through a [`Clock`], so that tests need not sleep.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// A future that can be sent between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where the framework takes the time from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The time of day.
    fn now(&self) -> SystemTime;

    /// Time since some fixed moment; never goes back.
    fn elapsed(&self) -> Duration;

    /// A wait that the framework wants: back-off, a rate limit, the pause between two polls.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// The limit of a wait for somebody else (a server): ends when `duration` has passed.
    fn deadline(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock that counts from now.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn deadline(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock for tests: a [`sleep`](Clock::sleep) moves the time on at once and is noted; a [`deadline`](Clock::deadline)
/// passes only when the time has been moved past it, by a sleep or by [`advance`](VirtualClock::advance).
///
/// ```
/// # use connector_core::clock::{Clock, VirtualClock};
/// # use std::time::Duration;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let clock = VirtualClock::new();
/// clock.sleep(Duration::from_secs(3600)).await;
/// assert_eq!(clock.elapsed(), Duration::from_secs(3600));
/// assert_eq!(clock.sleeps(), [Duration::from_secs(3600)]);
/// # });
/// ```
#[derive(Debug, Clone, Default)]
pub struct VirtualClock {
    inner: Arc<Mutex<VirtualTime>>,
    moved: Arc<tokio::sync::Notify>,
}

#[derive(Debug, Default)]
struct VirtualTime {
    elapsed: Duration,
    sleeps: Vec<Duration>,
}

/// 2024-01-01T00:00:00Z: where virtual time begins.
const VIRTUAL_EPOCH: Duration = Duration::from_secs(1_704_067_200);

impl VirtualClock {
    /// A clock that stands at 2024-01-01T00:00:00Z.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the time on; deadlines that it passes end.
    pub fn advance(&self, duration: Duration) {
        self.lock().elapsed += duration;
        self.moved.notify_waiters();
    }

    /// Every [`sleep`](Clock::sleep) so far, in order.
    #[must_use]
    pub fn sleeps(&self) -> Vec<Duration> {
        self.lock().sleeps.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VirtualTime> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + VIRTUAL_EPOCH + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(async move {
            clock.lock().sleeps.push(duration);
            clock.advance(duration);
            tokio::task::yield_now().await;
        })
    }

    fn deadline(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        let end = self.elapsed() + duration;
        Box::pin(async move {
            loop {
                let moved = clock.moved.notified();
                if clock.elapsed() >= end {
                    return;
                }
                moved.await;
            }
        })
    }
}

/// A time of day in milliseconds since 1970, as the protocol writes it.
pub(crate) fn epoch_ms(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    }
}
