//! When to emit a state: as often as possible, while all states stay a small fraction of the records.

/// Emits a state when the records since the last one are at least so many times its size.
///
/// The last state of a stream and the first after a long silence are emitted anyway, that is not asked here. Each
/// emission is paid for by records that no other has used, so their sum stays below the share: with 40, below 2.5 %, which
/// leaves as much to the last state before 5 % are reached.
///
/// ```
/// use connector_core::state::EmissionPolicy;
/// let policy = EmissionPolicy::default();
/// assert!(!policy.should_emit(4_000, 100));
/// assert!(policy.should_emit(4_100, 100));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmissionPolicy {
    /// Bytes of records for each byte of state.
    pub records_per_state: u64,
}

impl EmissionPolicy {
    /// Whether a state of `document_bytes` (with its envelope) may follow `records_bytes_since` bytes of records since the last one.
    #[must_use]
    pub const fn should_emit(&self, records_bytes_since: u64, document_bytes: u64) -> bool {
        records_bytes_since > document_bytes.saturating_mul(self.records_per_state)
    }
}

impl Default for EmissionPolicy {
    fn default() -> Self {
        Self { records_per_state: 40 }
    }
}
