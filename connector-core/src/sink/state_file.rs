//! Keeps the states of a sync in a file, for `read --state-file`.

use std::io;
use std::path::PathBuf;

use super::{Records, Sink};
use crate::ErrorKind;
use crate::config::replace_file;
use crate::protocol::{IncomingState, Message};
use crate::record::Framing;
use crate::state::StateManager;

/// Passes everything on to another sink, and keeps the latest state of each stream in a file.
///
/// The file is replaced atomically, after the records before the state were flushed by the inner sink.
#[derive(Debug)]
pub struct StateFileSink<S> {
    inner: S,
    path: PathBuf,
    states: StateManager,
    changed: bool,
}

impl<S: Sink> StateFileSink<S> {
    /// Keeps states in `path`, beginning with those that it holds already.
    pub fn new(inner: S, path: impl Into<PathBuf>, held: &IncomingState) -> Self {
        Self { inner, path: path.into(), states: held.into(), changed: false }
    }

    /// The file's content: a list of STREAM states, as `--state` reads it.
    fn content(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&self.states.messages())
    }
}

impl<S: Sink> Sink for StateFileSink<S> {
    fn framing(&self) -> Framing {
        self.inner.framing()
    }

    fn records(&mut self, records: &Records) -> io::Result<()> {
        self.inner.records(records)
    }

    fn message(&mut self, message: &Message) -> io::Result<()> {
        self.inner.message(message)?;
        if let Message::State(state) = message {
            self.states.update(state);
            self.changed = true;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()?;
        if std::mem::take(&mut self.changed) {
            replace_file(&self.path, "state", ErrorKind::State, &self.content()?).map_err(io::Error::other)?;
        }
        Ok(())
    }
}
