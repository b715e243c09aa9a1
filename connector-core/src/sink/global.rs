//! One state for all streams (GLOBAL), for a source that asks for it.

use std::io;

use super::{Records, Sink};
use crate::protocol::{IncomingState, Message, State, StateMessage};
use crate::record::Framing;
use crate::state::StateManager;

/// Passes everything on to another sink, and makes each stream's state one of all streams.
///
/// It sees the output in its order, so a state covers the records of every stream that came before it.
#[derive(Debug)]
pub(crate) struct GlobalStateSink<S> {
    inner: S,
    states: StateManager,
    /// Records since the last state.
    records: u64,
}

impl<S: Sink> GlobalStateSink<S> {
    /// Begins with the states that came in, so that those of streams which are not read stay.
    pub(crate) fn new(inner: S, held: &IncomingState) -> Self {
        Self { inner, states: held.into(), records: 0 }
    }
}

impl<S: Sink> Sink for GlobalStateSink<S> {
    fn framing(&self) -> Framing {
        self.inner.framing()
    }

    fn records(&mut self, records: &Records) -> io::Result<()> {
        self.records += records.count;
        self.inner.records(records)
    }

    fn message(&mut self, message: &Message) -> io::Result<()> {
        let Message::State(own @ StateMessage { state: State::Stream(_), .. }) = message else {
            return self.inner.message(message);
        };
        self.states.update(own);
        let records = std::mem::take(&mut self.records);
        let global = StateMessage::global(self.states.shared_state(), self.states.stream_states(), records);
        self.inner.message(&Message::State(global))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::protocol::{RawJson, StreamName};
    use crate::sink::MemorySink;

    #[test]
    fn each_state_tells_all_streams_and_counts_all_records_since_the_last() {
        let held = br#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"old"},"stream_state":{"id":1}}}]"#;
        let memory = MemorySink::new();
        let mut sink = GlobalStateSink::new(memory.clone(), &IncomingState::parse(held).unwrap());
        let state = |name: &str, blob: &str| {
            Message::State(StateMessage::stream(StreamName::new(name), RawJson::parse(blob).unwrap(), 0))
        };
        sink.records(&Records { stream: "users", bytes: Vec::new(), count: 2 }).unwrap();
        sink.records(&Records { stream: "orders", bytes: Vec::new(), count: 3 }).unwrap();
        sink.message(&state("users", r#"{"id":7}"#)).unwrap();
        sink.message(&state("orders", r#"{"id":9}"#)).unwrap();
        let lines = String::from_utf8(memory.bytes()).unwrap();
        let lines: Vec<_> = lines.lines().collect();
        assert_eq!(
            lines,
            [
                concat!(
                    r#"{"type":"STATE","state":{"type":"GLOBAL","global":{"stream_states":["#,
                    r#"{"stream_descriptor":{"name":"old"},"stream_state":{"id":1}},"#,
                    r#"{"stream_descriptor":{"name":"users"},"stream_state":{"id":7}}]},"sourceStats":{"recordCount":5.0}}}"#
                ),
                concat!(
                    r#"{"type":"STATE","state":{"type":"GLOBAL","global":{"stream_states":["#,
                    r#"{"stream_descriptor":{"name":"old"},"stream_state":{"id":1}},"#,
                    r#"{"stream_descriptor":{"name":"orders"},"stream_state":{"id":9}},"#,
                    r#"{"stream_descriptor":{"name":"users"},"stream_state":{"id":7}}]},"sourceStats":{"recordCount":0.0}}}"#
                ),
            ]
        );
    }
}
