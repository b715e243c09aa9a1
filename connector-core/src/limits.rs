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
    /// How long a stop on a signal may take. After three quarters of it unfinished slices are dropped, so that the last
    /// states can be written; after all of it the process ends.
    pub stop: Duration,
    /// Failed slices of one stream after which its other slices are not tried any more.
    pub failed_slices: usize,
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// How long a server may take to begin its answer.
    pub first_byte_timeout: Duration,
    /// How long a server may pause in the middle of a body.
    pub idle_timeout: Duration,
    /// After twice the idle timeout of waiting in one body, the server must have sent this many bytes a second.
    pub slowest_body: u64,
    /// How long an idle connection is kept for the next request.
    pub pool_idle: Duration,
    /// Requests in flight to one host.
    pub requests_per_host: usize,
    /// Answers that came before their turn, where pages are fetched side by side: their bytes, for all streams together. 0: one page
    /// is asked for after the other.
    pub ahead_bytes: usize,
    /// How often a request is tried that fails with an error that may pass, the first try included.
    pub tries: u32,
    /// How long the waits between those tries may be in sum.
    pub retry_time: Duration,
    /// How often in a row a request may meet a rate limit.
    pub rate_limit_tries: u32,
    /// How long the waits for rate limits may be in sum, for one request.
    pub rate_limit_time: Duration,
    /// The first wait of the back-off; each further one is twice as long.
    pub backoff_first: Duration,
    /// The longest wait of the back-off; a wait that the server asks for may be longer.
    pub backoff_cap: Duration,
    /// How much of a back-off is taken off at random: 0.5 leaves between half and all of it.
    pub backoff_jitter: f64,
    /// After this much waiting the last safe state is repeated: the platform counts only records and states as life.
    pub sign_of_life: Duration,
    /// After so long without a page, a request or a partition in the whole sync, the log tells what each worker waits for.
    pub stalled: Duration,
    /// Redirects followed for one request.
    pub redirects: u32,
    /// Keys that a stream may remember, to drop duplicates (at most 40 bytes each) or to tell what was deleted (about 8 bytes
    /// each, for ids of 8 digits); more of them fail it. A stream may set its own limit.
    pub remembered_keys: usize,
    /// Records of parents that a stream may hold to pair them with those of a second parent; more of them fail it.
    pub paired_records: usize,
    /// The largest body, decoded, that is held whole for code that wants it so.
    pub body_bytes: usize,
    /// How much of a body is kept to tell what it means, where it is a failure.
    pub error_body_bytes: usize,
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
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(60),
            idle_timeout: Duration::from_secs(60),
            slowest_body: 1 << 10,
            pool_idle: Duration::from_secs(15),
            requests_per_host: 4,
            ahead_bytes: 8 << 20,
            tries: 5,
            retry_time: Duration::from_secs(10 * 60),
            rate_limit_tries: 8,
            rate_limit_time: Duration::from_secs(2 * 3600),
            backoff_first: Duration::from_secs(1),
            backoff_cap: Duration::from_secs(60),
            backoff_jitter: 0.5,
            sign_of_life: Duration::from_secs(10 * 60),
            stalled: Duration::from_secs(5 * 60),
            redirects: 10,
            remembered_keys: 1_000_000,
            paired_records: 100_000,
            body_bytes: 64 << 20,
            error_body_bytes: 64 << 10,
        }
    }
}
