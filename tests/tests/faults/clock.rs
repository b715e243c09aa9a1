//! A clock for rows in which time passes for real: waits of the framework do not sleep and are noted, limits of waits for the
//! server run.

use std::time::{Duration, Instant, SystemTime};

use connector_core::clock::{BoxFuture, Clock, VirtualClock};

#[derive(Debug, Clone)]
pub(crate) struct HalfVirtual {
    pub(crate) waits: VirtualClock,
    start: Instant,
}

impl HalfVirtual {
    pub(crate) fn new(waits: VirtualClock) -> Self {
        Self { waits, start: Instant::now() }
    }
}

impl Clock for HalfVirtual {
    fn now(&self) -> SystemTime {
        self.waits.now() + self.start.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.waits.elapsed() + self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.waits.sleep(duration)
    }

    fn deadline(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
