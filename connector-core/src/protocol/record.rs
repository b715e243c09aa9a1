//! RECORD: one record of a stream.

use serde::{Deserialize, Serialize};

use super::{RawJson, StreamName, lenient};

/// A record. The sync itself renders record lines without it ([`crate::record`]); this is for tests and embedding programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecordMessage {
    /// The stream.
    pub stream: String,
    /// The stream's namespace, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The record, byte for byte as it leaves.
    pub data: RawJson,
    /// What was changed in it on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<RecordMeta>,
    /// When it left: milliseconds since 1970.
    #[serde(deserialize_with = "lenient::whole")]
    pub emitted_at: i64,
}

/// What is told about a record besides its data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecordMeta {
    /// The fields that are not as the API sent them.
    #[serde(default, deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// A field that is not as the API sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// The field.
    pub field: String,
    /// What was done to it.
    pub change: ChangeKind,
    /// Why.
    pub reason: ChangeReason,
}

/// What was done to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// Its value was replaced by null.
    Nulled,
    /// Its value was cut.
    Truncated,
}

/// Why a field was changed. A source gives the reasons that begin with `Source`; the others may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)] // the names are the protocol's, and say it all
pub enum ChangeReason {
    SourceRecordSizeLimitation,
    DestinationRecordSizeLimitation,
    PlatformRecordSizeLimitation,
    SourceFieldSizeLimitation,
    DestinationFieldSizeLimitation,
    PlatformFieldSizeLimitation,
    SourceSerializationError,
    DestinationSerializationError,
    PlatformSerializationError,
    SourceRetrievalError,
    DestinationTypecastError,
}

impl RecordMessage {
    /// A record of a stream; `emitted_at` in milliseconds since 1970.
    pub fn new(stream: &StreamName, data: RawJson, emitted_at: i64) -> Self {
        Self { stream: stream.name.clone(), namespace: stream.namespace.clone(), data, meta: None, emitted_at }
    }

    /// The same, with what was changed in it.
    #[must_use]
    pub fn with_changes(mut self, changes: Vec<Change>) -> Self {
        self.meta = Some(RecordMeta { changes });
        self
    }
}

impl Change {
    /// A field whose value was replaced by null because it does not fit its type.
    pub fn nulled(field: impl Into<String>) -> Self {
        Self { field: field.into(), change: ChangeKind::Nulled, reason: ChangeReason::SourceSerializationError }
    }
}
