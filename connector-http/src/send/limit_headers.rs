//! The names that an API has for its rate-limit headers, where they are not the usual ones.

/// The headers that tell of rate limits, by names of the API's own. They are looked for before the usual ones.
///
/// ```
/// use connector_http::{LimitHeaders, SourceSettings};
/// let settings = SourceSettings::new().limit_headers(LimitHeaders::new().remaining("X-Budget-Left").reset("X-Budget-Reset"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LimitHeaders {
    pub(crate) remaining: Option<String>,
    pub(crate) reset: Option<String>,
    pub(crate) retry_after: Option<String>,
    pub(crate) pause: Option<String>,
}

impl LimitHeaders {
    /// Only the usual names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many requests are left.
    #[must_use]
    pub fn remaining(mut self, name: &str) -> Self {
        self.remaining = Some(name.to_ascii_lowercase());
        self
    }

    /// When the quota is full again: seconds, a date, or a moment since 1970. Nothing is sent until then once nothing is left.
    #[must_use]
    pub fn reset(mut self, name: &str) -> Self {
        self.reset = Some(name.to_ascii_lowercase());
        self
    }

    /// How long to wait before the request is repeated: as `reset`.
    #[must_use]
    pub fn retry_after(mut self, name: &str) -> Self {
        self.retry_after = Some(name.to_ascii_lowercase());
        self
    }

    /// How long nothing is to be sent after this answer, also after a success: as `reset`. It is obeyed up to a minute.
    #[must_use]
    pub fn pause(mut self, name: &str) -> Self {
        self.pause = Some(name.to_ascii_lowercase());
        self
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        [&self.remaining, &self.reset, &self.retry_after, &self.pause].into_iter().filter_map(|name| name.as_deref())
    }
}
