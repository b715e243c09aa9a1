//! What a stream is to the engine: facts, partitions, a cursor, and slices that can be read.
//!
//! Nothing here knows HTTP. A stream is read as slices (partition × window of the cursor); a slice is the unit of
//! concurrency, of retry and of state. Its pages go to a [`SliceWriter`]; only a writer that was consumed by
//! [`SliceWriter::end`] lets the state advance.
//!
//! A stream over data in memory:
//!
//! ```
//! use connector_core::clock::BoxFuture;
//! use connector_core::stream::{Flow, Slice, SliceEnd, SliceWriter, Stream, StreamDescriptor};
//! use connector_core::{Result, record::{Field, Record}};
//!
//! struct Numbers(Vec<u64>);
//!
//! static FIELDS: &[Field] = &[Field::new("n", "The number.", &<u64 as Record>::SHAPE)];
//! static NUMBERS: StreamDescriptor = StreamDescriptor::new("numbers", "Some numbers.", || FIELDS).primary_key(&[&["n"]]);
//!
//! impl Stream for Numbers {
//!     fn descriptor(&self) -> &'static StreamDescriptor {
//!         &NUMBERS
//!     }
//!
//!     fn read_slice<'a>(&'a self, _: &'a Slice, mut writer: SliceWriter) -> BoxFuture<'a, Result<SliceEnd>> {
//!         Box::pin(async move {
//!             for page in self.0.chunks(100) {
//!                 let mut batch = writer.batch();
//!                 for n in page {
//!                     batch.push(format!(r#"{{"n":{n}}}"#).as_bytes())?;
//!                 }
//!                 if writer.commit(batch).await? == Flow::Stop {
//!                     return Ok(writer.stop());
//!                 }
//!             }
//!             Ok(writer.end())
//!         })
//!     }
//! }
//! ```

mod deleted;
mod descriptor;
mod distinct;
mod fan_out;
mod flushed;
mod made;
mod proof;
mod report;
mod resume;
mod slice;
mod stream_type;
mod task;
mod waits;
mod writer;

pub(crate) use deleted::DELETED_AT;
pub use descriptor::{Asked, CursorField, FieldPath, ParentLink, RecordEdits, StreamDescriptor};
pub(crate) use fan_out::{Branch, Ending, FanOut, PartitionFeed, Taken};
pub use made::made;
pub use proof::{Ascending, EndOfSlice};
pub(crate) use report::{Report, Totals};
pub(crate) use resume::Resume;
pub use slice::{NamedValues, Partition, Slice};
pub use stream_type::{Incremental, Lineage, NoParent, Parent, ParentNames, Several, StreamType};
pub(crate) use task::{Purpose, StreamTask};
pub use writer::{Flow, SliceEnd, SliceWriter};

use crate::Result;
use crate::clock::BoxFuture;
use crate::cursor::CursorSpec;
use crate::schema::SchemaFields;

/// A stream that can be read: what the engine drives.
pub trait Stream: Send + Sync + 'static {
    /// The constant facts.
    fn descriptor(&self) -> &'static StreamDescriptor;

    /// The JSON schema of its records as far as constants tell, as the catalog shows it.
    fn json_schema(&self) -> serde_json::Value {
        crate::schema::of_record(self.descriptor()).into_value()
    }

    /// The fields that the schema has besides, for instance the custom fields of an account. Asked by `discover` only, and
    /// only where the descriptor says that there are some ([`StreamDescriptor::asks_schema`]).
    ///
    /// # Errors
    /// Whatever keeps them from being found; `discover` fails then.
    fn schema_fields(&self) -> BoxFuture<'_, Result<Vec<SchemaFields>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// The partitions it is read in. Default: as the descriptor says, one for each record of its parents, or one.
    ///
    /// # Errors
    /// A value of the config that makes no partition.
    fn partitions(&self) -> Result<Partitions> {
        Ok(if self.descriptor().parent.is_some() { Partitions::Parent } else { Partitions::One })
    }

    /// What one partition of the parent's records is divided into: rows of named values, each a partition of its own in which the
    /// values stand beside the parent's fields ([`Partition::value`]). Default: it stays as it is.
    ///
    /// # Errors
    /// A parent's record that does not have what divides it: the stream fails.
    fn divide(&self, partition: &Partition) -> Result<Option<Vec<NamedValues>>> {
        let _ = partition;
        Ok(None)
    }

    /// How its cursor is used in this sync: where it starts, its formats, its windows. Default: unbounded, the kind's own format.
    ///
    /// # Errors
    /// A value of the config that fits no cursor.
    fn cursor(&self) -> Result<Option<CursorSpec>> {
        Ok(CursorSpec::of(self.descriptor()))
    }

    /// Whether and how records are checked.
    fn plan_options(&self) -> crate::record::PlanOptions {
        crate::record::PlanOptions::default()
    }

    /// Reads one slice: commits its pages to the writer and ends it.
    ///
    /// # Errors
    /// Whatever keeps the slice from being read to its end. What was committed stays; the state does not advance.
    fn read_slice<'a>(&'a self, slice: &'a Slice, writer: SliceWriter) -> BoxFuture<'a, Result<SliceEnd>>;
}

/// How a stream is divided besides time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partitions {
    /// Not at all.
    One,
    /// Into these.
    List(Vec<Partition>),
    /// Into one for each record of the parents that the descriptor names.
    Parent,
    /// Into one for each so many records of the parents: each of its values is the list of theirs.
    Groups(usize),
}
