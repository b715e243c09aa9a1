//! STATE: the point from which a later sync goes on.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{RawJson, StreamName, lenient};

/// A state, and how many records it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StateMessage {
    /// The state.
    pub state: State,
    /// What the source counted since the previous state of the same stream.
    pub source_stats: Option<StateStats>,
    /// What the destination counted; a source leaves it empty.
    pub destination_stats: Option<StateStats>,
}

/// The forms of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// The state of one stream.
    Stream(StreamStateMessage),
    /// The state of all streams at once.
    Global(GlobalState),
    /// The form before there were streams: one document. Only comes in.
    Legacy(RawJson),
}

/// The state of one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StreamStateMessage {
    /// The stream.
    pub stream_descriptor: StreamName,
    /// Its state; none resets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_state: Option<RawJson>,
}

/// The state of all streams at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GlobalState {
    /// What the streams share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_state: Option<RawJson>,
    /// The state of each.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub stream_states: Vec<StreamStateMessage>,
}

/// Counts that come with a state. On the wire they always have a decimal point, as the protocol asks (`3.0`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StateStats {
    /// The records written since the previous state.
    #[serde(
        default,
        deserialize_with = "lenient::whole_or_none",
        serialize_with = "with_point",
        skip_serializing_if = "Option::is_none"
    )]
    pub record_count: Option<u64>,
    /// The records refused since the previous state.
    #[serde(
        default,
        deserialize_with = "lenient::whole_or_none",
        serialize_with = "with_point",
        skip_serializing_if = "Option::is_none"
    )]
    pub rejected_record_count: Option<u64>,
}

/// Writes a count as text with `.0`: a float would lose it above 10^16 (`1e16`).
fn with_point<S: Serializer>(count: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    let text = format!("{}.0", count.unwrap_or_default());
    RawValue::from_string(text).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

impl StateMessage {
    /// The state of one stream, and the number of records written since its previous one.
    pub fn stream(stream: StreamName, state: RawJson, record_count: u64) -> Self {
        Self::counted(
            State::Stream(StreamStateMessage { stream_descriptor: stream, stream_state: Some(state) }),
            record_count,
        )
    }

    /// The state of all streams, and the number of records written since the previous one.
    pub fn global(shared: Option<RawJson>, streams: Vec<StreamStateMessage>, record_count: u64) -> Self {
        Self::counted(State::Global(GlobalState { shared_state: shared, stream_states: streams }), record_count)
    }

    fn counted(state: State, record_count: u64) -> Self {
        let stats = StateStats { record_count: Some(record_count), rejected_record_count: None };
        Self { state, source_stats: Some(stats), destination_stats: None }
    }

    /// Appends the line of a stream's state whose blob is rendered already, line break included, without parsing the blob.
    ///
    /// `blob` has to be one JSON object without line breaks, as [`crate::record`] and the state documents are.
    ///
    /// ```
    /// use connector_core::protocol::{StateMessage, StreamName};
    /// let mut out = Vec::new();
    /// StateMessage::write_stream_line(&mut out, &StreamName::new("users"), br#"{"id":3}"#, 2);
    /// assert_eq!(
    ///     String::from_utf8_lossy(&out),
    ///     concat!(
    ///         r#"{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"users"},"#,
    ///         r#""stream_state":{"id":3}},"sourceStats":{"recordCount":2.0}}}"#, "\n",
    ///     )
    /// );
    /// ```
    pub fn write_stream_line(out: &mut Vec<u8>, stream: &StreamName, blob: &[u8], record_count: u64) {
        debug_assert!(!blob.contains(&b'\n'), "a state blob with a line break");
        out.extend_from_slice(br#"{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":"#);
        // Writing strings into a `Vec` cannot fail.
        let _ = serde_json::to_writer(&mut *out, stream);
        out.extend_from_slice(br#","stream_state":"#);
        out.extend_from_slice(blob);
        out.extend_from_slice(br#"},"sourceStats":{"recordCount":"#);
        out.extend_from_slice(record_count.to_string().as_bytes());
        out.extend_from_slice(b".0}}}\n");
    }
}

impl Serialize for StateMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("StateMessage", 4)?;
        match &self.state {
            State::Stream(stream) => {
                fields.serialize_field("type", "STREAM")?;
                fields.serialize_field("stream", stream)?;
            }
            State::Global(global) => {
                fields.serialize_field("type", "GLOBAL")?;
                fields.serialize_field("global", global)?;
            }
            State::Legacy(data) => {
                fields.serialize_field("type", "LEGACY")?;
                fields.serialize_field("data", data)?;
            }
        }
        if let Some(stats) = &self.source_stats {
            fields.serialize_field("sourceStats", stats)?;
        }
        if let Some(stats) = &self.destination_stats {
            fields.serialize_field("destinationStats", stats)?;
        }
        fields.end()
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    stream: Option<StreamStateMessage>,
    #[serde(default)]
    global: Option<GlobalState>,
    #[serde(default)]
    data: Option<RawJson>,
    #[serde(default, rename = "sourceStats")]
    source_stats: Option<StateStats>,
    #[serde(default, rename = "destinationStats")]
    destination_stats: Option<StateStats>,
}

impl<'de> Deserialize<'de> for StateMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let wire = Wire::deserialize(deserializer)?;
        // A state without a type is LEGACY, says the protocol.
        let state = match wire.r#type.as_deref().unwrap_or("LEGACY") {
            "STREAM" => State::Stream(wire.stream.ok_or_else(|| D::Error::missing_field("stream"))?),
            "GLOBAL" => State::Global(wire.global.ok_or_else(|| D::Error::missing_field("global"))?),
            "LEGACY" => State::Legacy(wire.data.ok_or_else(|| D::Error::missing_field("data"))?),
            other => return Err(D::Error::unknown_variant(other, &["STREAM", "GLOBAL", "LEGACY"])),
        };
        Ok(Self { state, source_stats: wire.source_stats, destination_stats: wire.destination_stats })
    }
}
