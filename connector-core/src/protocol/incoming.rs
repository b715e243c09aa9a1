//! The state that comes in: from a platform, from other frameworks, from a shell user's file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;
use serde_json::value::RawValue;

use super::place::{Document, Fields, Place};
use super::{RawJson, StreamName};
use crate::{ErrorKind, Result, config};

const STATE: Document = Document { name: "state", kind: ErrorKind::State };

/// What may stand between the states that a user kept.
const OTHER_MESSAGES: &[&str] = &["RECORD", "LOG", "TRACE", "CONTROL", "SPEC", "CONNECTION_STATUS", "CATALOG"];

/// Where the last sync stopped, stream by stream.
///
/// Accepted are: nothing (an empty file, `null`, `[]`, `{}`); a list of STREAM states; one GLOBAL state; LEGACY states, with
/// and without that type, and a bare object of streams and their states; and the STATE lines of an earlier sync, also with
/// its other lines between them. If a stream comes twice, the last one counts.
///
/// The states stay text until they are asked for.
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
    /// By stream; none resets.
    streams: BTreeMap<StreamName, Option<Blob>>,
    /// LEGACY states know names only.
    legacy: BTreeMap<String, Option<Blob>>,
    shared: Option<Blob>,
}

/// A state: its text, and its value once somebody wanted it.
#[derive(Debug, Clone)]
struct Blob {
    raw: RawJson,
    value: OnceLock<Value>,
}

impl Blob {
    fn new(raw: &RawValue) -> Self {
        Self { raw: RawJson::one_line(raw.to_owned()), value: OnceLock::new() }
    }

    fn value(&self) -> &Value {
        // What is valid JSON and no value all the same (half a surrogate pair, nesting without end) becomes a text, which no
        // stream takes for its state: it is refused with this reason in place of being read as nothing.
        self.value.get_or_init(|| self.raw.to().unwrap_or_else(|error| Value::String(format!("unreadable: {error}"))))
    }
}

impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl IncomingState {
    /// No state: everything is read.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    pub(crate) fn of(streams: &BTreeMap<StreamName, RawJson>, shared: Option<&RawJson>) -> Self {
        let blob = |raw: &RawJson| Blob { raw: raw.clone(), value: OnceLock::new() };
        let streams = streams.iter().map(|(name, raw)| (name.clone(), Some(blob(raw)))).collect();
        Self { streams, legacy: BTreeMap::new(), shared: shared.map(blob) }
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
        for (index, raw) in serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>().enumerate() {
            let raw = raw.map_err(|error| STATE.error(format_args!("is not JSON: {error}")))?;
            let name = if index == 0 { String::new() } else { format!("document {}", index + 1) };
            let place = Place::root(STATE, name, raw);
            if place.is_list() {
                place.items()?.iter().try_for_each(|item| state.add(item))?;
            } else {
                state.add(&place)?;
            }
        }
        Ok(state)
    }

    /// The state of a stream; none if there is none, or if it was reset (null). It is parsed at the first call.
    #[must_use]
    pub fn stream_state(&self, name: &str, namespace: Option<&str>) -> Option<&Value> {
        self.blob(name, namespace).map(Blob::value)
    }

    /// The same as text, byte for byte as it came in.
    #[must_use]
    pub fn stream_text(&self, name: &str, namespace: Option<&str>) -> Option<&RawJson> {
        self.blob(name, namespace).map(|blob| &blob.raw)
    }

    /// What the streams of a GLOBAL state share.
    #[must_use]
    pub fn shared_state(&self) -> Option<&Value> {
        self.shared.as_ref().map(Blob::value)
    }

    /// Whether there is no state at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty() && self.legacy.is_empty() && self.shared.is_none()
    }

    /// All streams that have a state, also those that the source does not know: a file that is replaced keeps them.
    pub fn streams(&self) -> impl Iterator<Item = (StreamName, &RawJson)> {
        let legacy = self.legacy.iter().map(|(name, blob)| (StreamName::new(name), blob));
        let legacy = legacy.filter(|(name, _)| !self.streams.contains_key(name));
        let streams = self.streams.iter().map(|(name, blob)| (name.clone(), blob));
        streams.chain(legacy).filter_map(|(name, blob)| Some((name, &blob.as_ref()?.raw)))
    }

    fn blob(&self, name: &str, namespace: Option<&str>) -> Option<&Blob> {
        let key = StreamName::new(name).within(namespace);
        self.streams.get(&key).or_else(|| self.legacy.get(name))?.as_ref()
    }

    /// Adds one state, whatever its form.
    fn add(&mut self, place: &Place<'_>) -> Result<()> {
        if place.is_null() {
            return Ok(());
        }
        let fields = place.fields()?;
        let Some(kind) = fields.get("type").filter(|kind| kind.text().is_ok()) else {
            return self.add_untyped(place, &fields);
        };
        match kind.text()?.as_str() {
            "STATE" => self.add(&fields.require("state")?),
            "STREAM" => self.add_stream(&fields.require("stream")?),
            "GLOBAL" => self.add_global(&global(&fields).map_or_else(|| fields.require("global"), Ok)?),
            "LEGACY" => fields.get("data").map_or(Ok(()), |data| self.add_legacy(&data)),
            other if OTHER_MESSAGES.contains(&other) => Ok(()),
            _ => Err(kind.unfit("STREAM, GLOBAL or LEGACY")),
        }
    }

    /// A state without a type is LEGACY, says the protocol; what can be told by its fields is taken as what it is.
    fn add_untyped(&mut self, place: &Place<'_>, fields: &Fields<'_>) -> Result<()> {
        let has = |place: &Place<'_>, key| place.fields().is_ok_and(|fields| fields.get(key).is_some());
        if let Some(stream) = fields.get("stream").filter(|stream| has(stream, "stream_descriptor")) {
            return self.add_stream(&stream);
        }
        if let Some(global) = global(fields).filter(|global| has(global, "stream_states")) {
            return self.add_global(&global);
        }
        let envelope = ["type", "stream", "global", "global_", "data", "sourceStats", "destinationStats"];
        if let Some(data) = fields.get("data").filter(|_| fields.names().all(|name| envelope.contains(&name))) {
            // `{"data": {"updated_at": "…"}}` is the state of a stream called data.
            let inner = data.fields()?;
            if inner.names().all(|name| inner.get(name).is_none_or(|state| state.is_object())) {
                return self.add_legacy(&data);
            }
        }
        self.add_legacy(place)
    }

    fn add_stream(&mut self, place: &Place<'_>) -> Result<()> {
        let fields = place.fields()?;
        let descriptor = fields.require("stream_descriptor")?.fields()?;
        let namespace = descriptor.get("namespace").map(|place| place.text()).transpose()?;
        let name = StreamName::new(descriptor.require("name")?.text()?).within(namespace.as_deref());
        let blob = fields.get("stream_state").map(|state| object(&state)).transpose()?;
        self.legacy.remove(&name.name);
        self.streams.insert(name, blob);
        Ok(())
    }

    /// A GLOBAL state knows all streams: it replaces what came before.
    fn add_global(&mut self, place: &Place<'_>) -> Result<()> {
        let fields = place.fields()?;
        *self = Self::none();
        self.shared = fields.get("shared_state").map(|shared| Blob::new(shared.raw()));
        match fields.get("stream_states") {
            Some(streams) => streams.items()?.iter().try_for_each(|stream| self.add_stream(stream)),
            None => Ok(()),
        }
    }

    fn add_legacy(&mut self, place: &Place<'_>) -> Result<()> {
        let fields = place.fields()?;
        for name in fields.names() {
            let blob = fields.get(name).map(|state| object(&state)).transpose()?;
            self.streams.retain(|stream, _| stream.name != *name);
            self.legacy.insert(name.to_owned(), blob);
        }
        Ok(())
    }
}

/// The state of a stream has to be an object; which, is the stream's business.
fn object(place: &Place<'_>) -> Result<Blob> {
    if place.is_object() { Ok(Blob::new(place.raw())) } else { Err(place.unfit("an object")) }
}

/// Pydantic models call the field `global_`, since `global` is a word of Python's; PyAirbyte's own files have it.
fn global<'a>(fields: &Fields<'a>) -> Option<Place<'a>> {
    fields.get("global").or_else(|| fields.get("global_"))
}
