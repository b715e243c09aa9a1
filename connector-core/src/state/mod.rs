//! State: which part of a stream is read for good, and what is left.
//!
//! [`StreamState`] is the state machine; `docs/state.md` has its invariants and the form of the documents. `incoming` and
//! `python` tell what came in, `progress` how far the windows of a partition have got, `single` and `partitioned` what
//! is certain of the stream, `document` how it is written. `own` is a state of a type of the author's own. `groups`, `runs` and `front` keep a million partitions small, `met` those of a stream without a
//! state of them.
//! [`StateManager`] has the documents of all streams, for
//! programs that run a source. [`EmissionPolicy`] says when a document is due, [`ResumePoint`] is what a full refresh has instead of a cursor.

mod document;
mod emission;
mod front;
mod groups;
mod incoming;
mod key;
mod manager;
mod met;
mod note;
mod own;
mod partitioned;
mod progress;
mod python;
mod resume;
mod runs;
mod single;
mod snapshot;
mod stream_state;

#[cfg(test)]
mod tests;

pub use emission::EmissionPolicy;
pub use key::{PartitionKey, SliceKey};
pub use manager::{KeepingSink, StateManager};
pub(crate) use met::Met;
pub use note::Note;
pub use own::{FoundState, StateCodec, StateDraft, StateType, Upgrade};
pub(crate) use own::{OwnState, another_type};
pub use partitioned::Listed;
pub use resume::ResumePoint;
pub(crate) use snapshot::too_many;
pub use stream_state::StreamState;
