//! Where a sync's output goes, and the bounded queue before it.
//!
//! Stream tasks hand rendered records and messages to an [`Output`]; one thread writes them, in the order of the queue, to
//! a [`Sink`]. The queue is bounded in bytes: a slow reader of stdout slows the sync, a closed one ends it.

mod bell;
mod buffers;
mod global;
mod memory;
mod output;
mod state_file;
mod stdout;

pub(crate) use global::GlobalStateSink;
pub use memory::MemorySink;
pub use output::Output;
pub(crate) use output::Writer;
pub use state_file::StateFileSink;
pub use stdout::{StdoutFormat, StdoutSink};

use std::io;

use crate::protocol::Message;
use crate::record::Framing;

/// Rendered records of one stream: whole lines, as the sink's [`framing`](Sink::framing) wants them.
#[derive(Debug, Clone)]
pub struct Records {
    /// The stream.
    pub stream: &'static str,
    /// Whole lines, each ended by `\n`.
    pub bytes: Vec<u8>,
    /// How many records they are.
    pub count: u64,
}

/// The receiver of a sync: stdout, memory, a database.
///
/// Calls come in order: a state follows the records that it covers. An error ends the sync; [`io::ErrorKind::BrokenPipe`] does so quietly.
pub trait Sink: Send {
    /// How records are to be rendered.
    fn framing(&self) -> Framing {
        Framing::Protocol
    }

    /// Takes rendered records.
    fn records(&mut self, records: &Records) -> io::Result<()>;

    /// Takes any other message, states included.
    fn message(&mut self, message: &Message) -> io::Result<()>;

    /// Nothing more waits at the moment: what was taken must not be held back.
    fn flush(&mut self) -> io::Result<()>;
}

impl<S: Sink + ?Sized> Sink for Box<S> {
    fn framing(&self) -> Framing {
        (**self).framing()
    }

    fn records(&mut self, records: &Records) -> io::Result<()> {
        (**self).records(records)
    }

    fn message(&mut self, message: &Message) -> io::Result<()> {
        (**self).message(message)
    }

    fn flush(&mut self) -> io::Result<()> {
        (**self).flush()
    }
}
