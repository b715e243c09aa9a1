//! The state that comes in: from a platform, from other frameworks, from a shell user's file.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::StreamName;
use super::place::{Document, Place};
use crate::{ErrorKind, Result, config};

const STATE: Document = Document { name: "state", kind: ErrorKind::State };

/// What other sources of lines may stand between the states that a user kept.
const OTHER_MESSAGES: &[&str] = &["RECORD", "LOG", "TRACE", "CONTROL", "SPEC", "CONNECTION_STATUS", "CATALOG"];

/// Where the last sync stopped, stream by stream.
///
/// Accepted are: nothing (an empty file, `null`, `[]`, `{}`); a list of STREAM states; one GLOBAL state; LEGACY states, with
/// and without that type, and a bare object of streams and their states; and the STATE lines of an earlier sync, also with
/// its other lines between them. If a stream comes twice, the last one counts.
///
/// ```
/// use connector_core::protocol::IncomingState;
/// let state = IncomingState::parse(br#"[{"type": "STREAM", "stream": {
///     "stream_descriptor": {"name": "orders", "namespace": null}, "stream_state": {"updated_at": "2024-01-07T00:00:00Z"}}}]"#)?;
/// assert_eq!(state.stream_state("orders", None).unwrap()["updated_at"], "2024-01-07T00:00:00Z");
/// assert_eq!(state.stream_state("users", None), None);
/// # Ok::<(), connector_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IncomingState {
    /// By stream; null resets.
    streams: BTreeMap<StreamName, Value>,
    /// LEGACY states know names only.
    legacy: BTreeMap<String, Value>,
    shared: Option<Value>,
}

impl IncomingState {
    /// No state: everything is read.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads the file of a state.
    ///
    /// # Errors
    /// [`ErrorKind::State`], naming the file, if it cannot be read or is no state.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = config::read_file(path, "state", ErrorKind::State)?;
        Self::parse(&bytes).map_err(|error| config::of_file(error, path))
    }

    /// Reads a state, in any of the forms above.
    ///
    /// # Errors
    /// [`ErrorKind::State`], with the JSON path, what was expected and what was found there.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut state = Self::none();
        // One document, or one a line: nobody has to say which.
        for (index, value) in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>().enumerate() {
            let value = value.map_err(|error| STATE.error(format_args!("is not JSON: {error}")))?;
            let name = if index == 0 { String::new() } else { format!("document {}", index + 1) };
            let place = Place::root(STATE, name, &value);
            match &value {
                Value::Null => {}
                Value::Array(_) => place.items()?.iter().try_for_each(|item| state.add(item))?,
                _ => state.add(&place)?,
            }
        }
        Ok(state)
    }

    /// The state of a stream; none if there is none, or if it was reset (null).
    #[must_use]
    pub fn stream_state(&self, name: &str, namespace: Option<&str>) -> Option<&Value> {
        let key = StreamName::new(name).within(namespace);
        self.streams.get(&key).or_else(|| self.legacy.get(name)).filter(|state| !state.is_null())
    }

    /// What the streams of a GLOBAL state share.
    #[must_use]
    pub fn shared_state(&self) -> Option<&Value> {
        self.shared.as_ref()
    }

    /// Whether there is no state at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty() && self.legacy.is_empty() && self.shared.is_none()
    }

    /// All streams that have a state, also those that the source does not know: a file that is replaced keeps them.
    pub fn streams(&self) -> impl Iterator<Item = (StreamName, &Value)> {
        let legacy = self.legacy.iter().map(|(name, state)| (StreamName::new(name), state));
        let legacy = legacy.filter(|(name, _)| !self.streams.contains_key(name));
        let streams = self.streams.iter().map(|(name, state)| (name.clone(), state));
        streams.chain(legacy).filter(|(_, state)| !state.is_null())
    }

    /// Adds one state, whatever its form.
    fn add(&mut self, place: &Place<'_>) -> Result<()> {
        if place.value().is_null() {
            return Ok(());
        }
        let object = place.object()?;
        match object.get("type") {
            Some(Value::String(kind)) => match kind.as_str() {
                "STATE" => self.add(&place.require("state")?),
                "STREAM" => self.add_stream(&place.require("stream")?),
                "GLOBAL" => self.add_global(&global(place).map_or_else(|| place.require("global"), Ok)?),
                "LEGACY" => self.add_legacy_data(place),
                other if OTHER_MESSAGES.contains(&other) => Ok(()),
                _ => Err(place.require("type")?.unfit("STREAM, GLOBAL or LEGACY")),
            },
            _ => self.add_untyped(place, object),
        }
    }

    /// A state without a type is LEGACY, says the protocol; what can be told by its fields is taken as what it is.
    fn add_untyped(&mut self, place: &Place<'_>, object: &Map<String, Value>) -> Result<()> {
        if let Some(stream) = place.get("stream").filter(|stream| stream.get("stream_descriptor").is_some()) {
            return self.add_stream(&stream);
        }
        if let Some(global) = global(place).filter(|global| global.get("stream_states").is_some()) {
            return self.add_global(&global);
        }
        let envelope = ["type", "stream", "global", "global_", "data", "sourceStats", "destinationStats"];
        let data = object.get("data").and_then(Value::as_object);
        // `{"data": {"updated_at": "…"}}` is the state of a stream called data.
        let holds_states = data.is_some_and(|data| data.values().all(|state| state.is_object() || state.is_null()));
        if holds_states && object.keys().all(|key| envelope.contains(&key.as_str())) {
            return self.add_legacy_data(place);
        }
        self.add_legacy(place)
    }

    fn add_stream(&mut self, place: &Place<'_>) -> Result<()> {
        place.object()?;
        let descriptor = place.require("stream_descriptor")?;
        let namespace = descriptor.get("namespace").map(|place| place.text()).transpose()?;
        let name = StreamName::new(descriptor.require("name")?.text()?).within(namespace);
        let state = match place.get("stream_state") {
            Some(state) => Value::Object(state.object()?.clone()),
            None => Value::Null,
        };
        self.legacy.remove(&name.name);
        self.streams.insert(name, state);
        Ok(())
    }

    /// A GLOBAL state knows all streams: it replaces what came before.
    fn add_global(&mut self, place: &Place<'_>) -> Result<()> {
        place.object()?;
        *self = Self::none();
        self.shared = place.get("shared_state").map(|shared| shared.value().clone());
        match place.get("stream_states") {
            Some(streams) => streams.items()?.iter().try_for_each(|stream| self.add_stream(stream)),
            None => Ok(()),
        }
    }

    fn add_legacy_data(&mut self, place: &Place<'_>) -> Result<()> {
        place.get("data").map_or(Ok(()), |data| self.add_legacy(&data))
    }

    fn add_legacy(&mut self, place: &Place<'_>) -> Result<()> {
        for (name, state) in place.object()? {
            if let Some(state) = place.get(name) {
                state.object()?;
            }
            self.streams.retain(|stream, _| stream.name != *name);
            self.legacy.insert(name.clone(), state.clone());
        }
        Ok(())
    }
}

/// Pydantic models call the field `global_`, since `global` is a word of Python's; PyAirbyte's own files have it.
fn global<'a>(place: &Place<'a>) -> Option<Place<'a>> {
    place.get("global").or_else(|| place.get("global_"))
}
