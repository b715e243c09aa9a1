//! Keeps the states of a sync in a file, for `read --state-file`.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use super::{Records, Sink};
use crate::ErrorKind;
use crate::config::replace_file;
use crate::protocol::{IncomingState, Message, RawJson, State, StateMessage, StreamName, StreamStateMessage};
use crate::record::Framing;

/// Passes everything on to another sink, and keeps the latest state of each stream in a file.
///
/// The file is replaced atomically, after the records before the state were flushed by the inner sink.
#[derive(Debug)]
pub struct StateFileSink<S> {
    inner: S,
    path: PathBuf,
    states: BTreeMap<StreamName, RawJson>,
    changed: bool,
}

impl<S: Sink> StateFileSink<S> {
    /// Keeps states in `path`, beginning with those that it holds already.
    pub fn new(inner: S, path: impl Into<PathBuf>, held: &IncomingState) -> Self {
        let states = held.streams().filter_map(|(name, state)| Some((name, RawJson::parse(state.to_string()).ok()?)));
        Self { inner, path: path.into(), states: states.collect(), changed: false }
    }

    fn keep(&mut self, state: &StateMessage) {
        let states = match &state.state {
            State::Stream(state) => std::slice::from_ref(state),
            State::Global(global) => &global.stream_states,
            State::Legacy(_) => return,
        };
        for state in states {
            match &state.stream_state {
                Some(blob) => self.states.insert(state.stream_descriptor.clone(), blob.clone()),
                None => self.states.remove(&state.stream_descriptor),
            };
        }
        self.changed = true;
    }

    /// The file's content: a list of STREAM states, as `--state` reads it.
    fn content(&self) -> serde_json::Result<Vec<u8>> {
        let states = self.states.iter().map(|(name, blob)| uncounted(name, blob));
        serde_json::to_vec(&states.collect::<Vec<_>>())
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
            self.keep(state);
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

fn uncounted(stream: &StreamName, blob: &RawJson) -> StateMessage {
    let state = StreamStateMessage { stream_descriptor: stream.clone(), stream_state: Some(blob.clone()) };
    StateMessage { state: State::Stream(state), source_stats: None, destination_stats: None }
}
