//! How a read ended.

use std::time::Duration;

use crate::engine::Ended;
use crate::{Error, ErrorKind};

/// A count and what is counted: `1 page`, `2 pages`.
pub(crate) fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// How a read ended, stream by stream.
#[derive(Debug, Clone)]
pub struct Summary {
    streams: Vec<StreamSummary>,
}

/// How one stream ended.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StreamSummary {
    /// The stream.
    pub stream: String,
    /// Records emitted.
    pub records: u64,
    /// Pages read.
    pub pages: u64,
    /// Requests sent, repeated ones included.
    pub requests: u64,
    /// Requests that were repeated.
    pub retries: u64,
    /// From the first request to the end.
    pub took: Duration,
    /// Why it was not read to its end.
    pub error: Option<Error>,
}

impl Summary {
    pub(crate) fn new(ended: Vec<Ended>) -> Self {
        let streams = ended.into_iter().filter(|ended| ended.selected).map(|ended| StreamSummary {
            stream: ended.stream,
            records: ended.totals.emitted,
            pages: ended.totals.pages,
            requests: ended.totals.requests,
            retries: ended.totals.retries,
            took: Duration::from_secs_f64(ended.seconds.max(0.0)),
            error: ended.error,
        });
        Self { streams: streams.collect() }
    }

    /// The streams that were asked for, in the order in which they ended.
    #[must_use]
    pub fn streams(&self) -> &[StreamSummary] {
        &self.streams
    }

    /// Records of all streams.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.streams.iter().map(|stream| stream.records).sum()
    }

    /// The failure of the sync: of its only failed stream, or one that names all that failed.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let failed: Vec<_> = self.streams.iter().filter(|stream| stream.error.is_some()).collect();
        let first = failed.first()?.error.clone()?;
        if failed.len() == 1 {
            return Some(first);
        }
        let names: Vec<_> = failed.iter().map(|stream| format!("`{}`", stream.stream)).collect();
        let text = format!(
            "{} of {} streams were not read to their ends: {}",
            failed.len(),
            self.streams.len(),
            names.join(", ")
        );
        Some(Error::new(ErrorKind::Internal, text).with_failure_type(first.failure_type()))
    }
}
