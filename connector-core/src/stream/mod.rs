//! What a stream is to the engine: facts, partitions, a cursor, and slices that can be read.
//!
//! Nothing here knows HTTP. A stream is read as slices (partition × window of the cursor); a slice is the unit of
//! concurrency, of retry and of state.

mod descriptor;
mod proof;
mod stream_type;

pub use descriptor::{CursorField, FieldPath, ParentLink, StreamDescriptor};
pub use proof::{Ascending, EndOfSlice};
pub use stream_type::{Lineage, NoParent, Parent, StreamType};
