//! A sink for tests and for programs that embed a source: keeps everything.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Records, Sink};
use crate::protocol::Message;

/// Keeps every line that stdout would have shown. Clones share what they keep.
///
/// Memory grows with the output: for tests and small syncs. Implement [`Sink`] for anything larger.
#[derive(Debug, Clone, Default)]
pub struct MemorySink {
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl MemorySink {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes so far: the protocol's lines.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The messages so far, as typed values.
    ///
    /// # Errors
    /// A line that is no message; the framework writes none.
    pub fn messages(&self) -> serde_json::Result<Vec<Message>> {
        let bytes = self.bytes();
        bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).map(serde_json::from_slice).collect()
    }
}

impl Sink for MemorySink {
    fn records(&mut self, records: &Records) -> io::Result<()> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&records.bytes);
        Ok(())
    }

    fn message(&mut self, message: &Message) -> io::Result<()> {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        serde_json::to_writer(&mut *bytes, message)?;
        bytes.push(b'\n');
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
