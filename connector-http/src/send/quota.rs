//! Documented quotas: so many requests in so much time.

use std::time::Duration;

/// So many requests (or units of weight) in so much time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    pub(crate) units: u32,
    pub(crate) window: Duration,
    pub(crate) fixed: bool,
    /// The streams that it holds for; all if empty.
    pub(crate) streams: Vec<String>,
}

impl Quota {
    /// Within any stretch of this length (a moving window): the strict reading, safe for every server.
    #[must_use]
    pub const fn moving(units: u32, window: Duration) -> Self {
        Self { units, window, fixed: false, streams: Vec::new() }
    }

    /// Within each window of a fixed grid (the full minute, the full hour, UTC).
    #[must_use]
    pub const fn fixed(units: u32, window: Duration) -> Self {
        Self { units, window, fixed: true, streams: Vec::new() }
    }

    /// Only for these streams, by their names; they share it.
    ///
    /// ```
    /// use connector_http::Quota;
    /// use std::time::Duration;
    /// let search = Quota::fixed(30, Duration::from_secs(60)).streams(["search", "suggestions"]);
    /// ```
    #[must_use]
    pub fn streams<T: Into<String>>(mut self, streams: impl IntoIterator<Item = T>) -> Self {
        self.streams.extend(streams.into_iter().map(Into::into));
        self
    }

    /// Whether requests of a stream count.
    pub(crate) fn holds_for(&self, stream: &str) -> bool {
        self.streams.is_empty() || self.streams.iter().any(|known| known == stream)
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
