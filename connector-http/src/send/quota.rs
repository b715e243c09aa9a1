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
}
