//! All limits of a sync and their defaults, in one place.

use std::time::Duration;

/// Every limit that the framework keeps. A source changes some; [`Limits::default`] holds the rest.
///
/// ```
/// let limits = connector_core::Limits { slices: 8, ..Default::default() };
/// assert_eq!(limits.page_bytes, 1 << 20);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Streams read side by side; a stream and the sub-streams below it count as one.
    pub streams: usize,
    /// Slices of one stream read side by side.
    pub slices: usize,
    /// Partitions that wait between a parent and one of its sub-streams.
    pub waiting_partitions: usize,
    /// Up to this size (decoded, in bytes) a page leaves whole or not at all; larger bodies leave in pieces of about this size.
    pub page_bytes: usize,
    /// The largest record, in bytes.
    pub record_bytes: usize,
    /// The largest body without its records, in bytes.
    pub envelope_bytes: usize,
    /// Rendered bytes that wait for the writer of the output; more of them stop the reading.
    pub output_bytes: usize,
    /// Log text that waits for the writer, in bytes; what does not fit is dropped, and the number of dropped lines is logged.
    pub log_bytes: usize,
    /// How long a stop on a signal may take before unfinished work is dropped.
    pub stop: Duration,
    /// Failed slices of one stream after which its other slices are not tried any more.
    pub failed_slices: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            streams: 8,
            slices: 4,
            waiting_partitions: 256,
            page_bytes: 1 << 20,
            record_bytes: 64 << 20,
            envelope_bytes: 16 << 20,
            output_bytes: 8 << 20,
            log_bytes: 1 << 20,
            stop: Duration::from_secs(8),
            failed_slices: 100,
        }
    }
}
