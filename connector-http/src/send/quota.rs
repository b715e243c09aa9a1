//! Documented quotas: so many requests in so much time.

use std::time::Duration;

/// So many requests (or units of weight) in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub(crate) units: u32,
    pub(crate) window: Duration,
    pub(crate) fixed: bool,
}

impl Quota {
    /// Within any stretch of this length (a moving window): the strict reading, safe for every server.
    #[must_use]
    pub const fn moving(units: u32, window: Duration) -> Self {
        Self { units, window, fixed: false }
    }

    /// Within each window of a fixed grid (the full minute, the full hour, UTC).
    #[must_use]
    pub const fn fixed(units: u32, window: Duration) -> Self {
        Self { units, window, fixed: true }
    }

    /// The length of the window; never nothing.
    pub(crate) fn length(&self) -> Duration {
        self.window.max(Duration::from_millis(1))
    }

    /// The number of the fixed window that a moment since 1970 lies in.
    pub(crate) fn grid(&self, epoch: Duration) -> u128 {
        epoch.as_nanos() / self.length().as_nanos()
    }
}
