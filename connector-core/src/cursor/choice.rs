//! What a stream declares of its cursor as one out of a few words.

use super::CursorValue;

/// The order in which an API returns the records of one slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Not known: only the end of a slice advances the state.
    #[default]
    Unordered,
    /// Oldest first: the state may also advance inside a slice.
    Ascending,
    /// Newest first: only the end of a slice advances the state; a data feed may stop at the state.
    Descending,
}

/// What becomes of a record whose cursor value is null or not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// It is emitted and counted; the state takes no notice of it.
    #[default]
    Include,
    /// It is filtered and counted.
    Exclude,
    /// The stream fails.
    Error,
}

/// What becomes of a cursor value more than a day ahead of the sync's start. The record is emitted in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Future {
    /// It does not advance the state, so that one wrong date does not hide all that is written until then. The record
    /// comes again with each sync until its time has come. (The Python framework advances, and then reads nothing.)
    #[default]
    Ignore,
    /// It advances the state like any other.
    Accept,
}

/// Where a partition starts that no earlier sync has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NewPartitions {
    /// At the configured start. Which partitions are known is remembered exactly.
    #[default]
    FromStart,
    /// Where the known partitions stand. Nothing is remembered, the state stays tiny; what a new partition had before
    /// the last complete sync is never read.
    FromWatermark,
}

/// The last value to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum End {
    /// Whatever there is: no end is sent. With a `step` it is [`Now`](Self::Now).
    #[default]
    Open,
    /// The sync's start.
    Now,
    /// This value, included.
    At(CursorValue),
}

/// Whether the API includes the record that lies on the start of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StartBound {
    /// It does: `at >= start`.
    #[default]
    Inclusive,
    /// It does not: `at > start`. One granularity less is sent, so that nothing on the start is left out.
    Exclusive,
}

/// Whether the API includes the record that lies on the end of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EndBound {
    /// It does: a window ends one granularity before the next begins; without a granularity both share the border, and
    /// a record on it comes twice.
    #[default]
    Inclusive,
    /// It does not: a window ends where the next begins.
    Exclusive,
}
