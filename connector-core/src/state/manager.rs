//! The states of all streams, stream by stream: for programs that run a source, and for tests of one.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::protocol::{IncomingState, Message, RawJson, State, StateMessage, StreamName, StreamStateMessage};
use crate::record::Framing;
use crate::sink::{Records, Sink};

/// The newest state of each stream: begun with what came in, kept up to date by a sync whose output goes through
/// [`keeping`](Self::keeping), asked for and given at any time. Clones share what they hold.
///
/// What it has of a stream is as safe as a STATE line: the sink was handed the records before it. What is given to it is read by
/// the sync that starts with [`incoming`](Self::incoming) next.
///
/// ```
/// # use connector_core::clock::BoxFuture;
/// # use connector_core::stream::{CursorField, Flow, Slice, SliceEnd, SliceWriter, Stream, StreamDescriptor};
/// # use connector_core::{Result, Source, SourceContext, SourceInfo, Streams, cursor::CursorKind, record::{Field, Record}};
/// # struct Numbers;
/// # static FIELDS: &[Field] = &[Field::new("n", "", &<u64 as Record>::SHAPE)];
/// # static NUMBERS: StreamDescriptor = StreamDescriptor::new("numbers", "", || FIELDS).cursor(&["n"], CursorKind::Integer);
/// # impl Stream for Numbers {
/// #     fn descriptor(&self) -> &'static StreamDescriptor { &NUMBERS }
/// #     fn read_slice<'a>(&'a self, slice: &'a Slice, mut writer: SliceWriter) -> BoxFuture<'a, Result<SliceEnd>> {
/// #         Box::pin(async move {
/// #             let start = slice.window.start.as_ref().and_then(|start| start.integer()).unwrap_or(0);
/// #             let mut batch = writer.batch();
/// #             for n in start..10 { batch.push(format!(r#"{{"n":{n}}}"#).as_bytes())?; }
/// #             if writer.commit(batch).await? == Flow::Stop { return Ok(writer.stop()); }
/// #             Ok(writer.end())
/// #         })
/// #     }
/// # }
/// # struct Example;
/// # impl Source for Example {
/// #     const INFO: SourceInfo = SourceInfo { name: "source-example", version: "1.0.0", doc: "", documentation_url: None };
/// #     fn config_schema() -> serde_json::Value { serde_json::json!({"type": "object"}) }
/// #     fn from_config(_: &serde_json::Value) -> Result<Self> { Ok(Self) }
/// #     fn descriptors() -> Vec<&'static StreamDescriptor> { vec![&NUMBERS] }
/// #     fn streams(self: std::sync::Arc<Self>, _: &SourceContext) -> Result<Streams> {
/// #         let numbers: std::sync::Arc<dyn Stream> = std::sync::Arc::new(Numbers);
/// #         Ok(Streams::from(vec![numbers]))
/// #     }
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use connector_core::{Connector, ReadRequest, sink::MemorySink, state::StateManager};
/// use serde_json::json;
///
/// let (states, sink) = (StateManager::new(), MemorySink::new());
/// states.update_stream_state("numbers", None, json!({"n": 7}));
/// let request = ReadRequest { state: states.incoming(), ..ReadRequest::all(json!({})) };
/// let summary = Connector::of::<Example>().read(request, states.keeping(sink)).await.unwrap();
/// assert_eq!(summary.records(), 3);
/// assert_eq!(states.stream_state("numbers", None), Some(json!({"n": 9})));
/// # });
/// ```
#[derive(Debug, Clone, Default)]
pub struct StateManager {
    held: Arc<Mutex<Held>>,
}

#[derive(Debug, Default)]
struct Held {
    streams: BTreeMap<StreamName, RawJson>,
    shared: Option<RawJson>,
}

impl StateManager {
    /// No states.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The state of a stream; none if it has none.
    #[doc(alias("get_stream_state", "get_bookmark"))]
    #[must_use]
    pub fn stream_state(&self, name: &str, namespace: Option<&str>) -> Option<Value> {
        self.held().streams.get(&StreamName::new(name).within(namespace))?.to().ok()
    }

    /// Takes the place of a stream's state.
    #[doc(alias("update_state_for_stream", "write_bookmark"))]
    pub fn update_stream_state(&self, name: &str, namespace: Option<&str>, state: impl Into<RawJson>) {
        self.held().streams.insert(StreamName::new(name).within(namespace), state.into());
    }

    /// Forgets a stream's state: the next sync reads it from its start.
    #[doc(alias = "clear_bookmark")]
    pub fn reset_stream(&self, name: &str, namespace: Option<&str>) {
        self.held().streams.remove(&StreamName::new(name).within(namespace));
    }

    /// Takes what a STATE message says, of one stream or of all.
    pub fn update(&self, message: &StateMessage) {
        let mut held = self.held();
        let states = match &message.state {
            State::Stream(state) => std::slice::from_ref(state),
            State::Global(global) => {
                held.shared.clone_from(&global.shared_state);
                &global.stream_states
            }
            State::Legacy(_) => return,
        };
        for state in states {
            match &state.stream_state {
                Some(blob) => held.streams.insert(state.stream_descriptor.clone(), blob.clone()),
                None => held.streams.remove(&state.stream_descriptor),
            };
        }
    }

    /// All of it as a sync takes it: [`ReadRequest::state`](crate::ReadRequest::state).
    #[must_use]
    pub fn incoming(&self) -> IncomingState {
        let held = self.held();
        IncomingState::of(&held.streams, held.shared.as_ref())
    }

    /// A STREAM state for each stream, as a platform hands them to the next sync, and as `--state` reads them in a JSON list.
    #[doc(alias("create_state_message"))]
    #[must_use]
    pub fn messages(&self) -> Vec<StateMessage> {
        let state = |state| StateMessage { state: State::Stream(state), source_stats: None, destination_stats: None };
        self.stream_states().into_iter().map(state).collect()
    }

    /// A sink that passes everything on to another one, and keeps the states once that has taken them.
    pub fn keeping<S: Sink>(&self, sink: S) -> KeepingSink<S> {
        KeepingSink { inner: sink, states: self.clone() }
    }

    pub(crate) fn stream_states(&self) -> Vec<StreamStateMessage> {
        let state = |(name, blob): (&StreamName, &RawJson)| StreamStateMessage {
            stream_descriptor: name.clone(),
            stream_state: Some(blob.clone()),
        };
        self.held().streams.iter().map(state).collect()
    }

    pub(crate) fn shared_state(&self) -> Option<RawJson> {
        self.held().shared.clone()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins with the states that came in, those of streams included that the source does not know.
impl From<&IncomingState> for StateManager {
    fn from(incoming: &IncomingState) -> Self {
        let streams = incoming.streams().map(|(name, state)| (name, state.clone())).collect();
        let shared = incoming.shared_state().map(|shared| RawJson::from(shared.clone()));
        Self { held: Arc::new(Mutex::new(Held { streams, shared })) }
    }
}

/// Passes everything on to another sink and keeps the states in a [`StateManager`], whose
/// [`keeping`](StateManager::keeping) makes it.
#[derive(Debug)]
pub struct KeepingSink<S> {
    inner: S,
    states: StateManager,
}

impl<S: Sink> Sink for KeepingSink<S> {
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
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
