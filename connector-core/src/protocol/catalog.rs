//! CATALOG: the streams of a source.

use serde::{Deserialize, Serialize};

use super::{StreamName, SyncMode, lenient};
use crate::schema::{self, Schema};
use crate::stream::{FieldPath, StreamDescriptor};

/// The streams of a source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Catalog {
    /// The streams.
    pub streams: Vec<CatalogStream>,
}

/// A stream that can be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CatalogStream {
    /// Its name.
    pub name: String,
    /// The schema of its records.
    pub json_schema: Schema,
    /// How it can be read.
    pub supported_sync_modes: Vec<SyncMode>,
    /// Whether the source says what the cursor is (then nobody can choose another).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_defined_cursor: Option<bool>,
    /// The way to the cursor.
    #[serde(default, deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub default_cursor_field: Vec<String>,
    /// The ways to the fields that identify a record.
    #[serde(default, deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub source_defined_primary_key: Vec<Vec<String>>,
    /// Its namespace, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Whether a full refresh that was cut off goes on where it stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_resumable: Option<bool>,
}

impl Catalog {
    /// The catalog of these streams.
    #[must_use]
    pub fn new(streams: Vec<CatalogStream>) -> Self {
        Self { streams }
    }
}

impl CatalogStream {
    /// What the constants of a stream tell. A stream with a cursor is incremental and, as the protocol wants it then,
    /// resumable; one without is neither, unless the caller knows better ([`CatalogStream::resumable`]).
    #[must_use]
    pub fn of(descriptor: &StreamDescriptor) -> Self {
        let incremental = descriptor.is_incremental();
        let mut modes = vec![SyncMode::FullRefresh];
        if incremental {
            modes.push(SyncMode::Incremental);
        }
        let stream = Self {
            name: descriptor.name.to_owned(),
            json_schema: schema::of_record(descriptor),
            supported_sync_modes: modes,
            source_defined_cursor: incremental.then_some(true),
            default_cursor_field: descriptor.cursor.map(|cursor| owned(cursor.path)).unwrap_or_default(),
            source_defined_primary_key: descriptor.primary_key.iter().map(|path| owned(path)).collect(),
            namespace: descriptor.namespace.map(str::to_owned),
            is_resumable: Some(incremental),
        };
        if descriptor.resumable { stream.resumable(true) } else { stream }
    }

    /// The same, saying whether a full refresh that was cut off goes on where it stopped.
    /// The protocol then wants `source_defined_cursor`, too.
    #[must_use]
    pub fn resumable(mut self, resumable: bool) -> Self {
        self.is_resumable = Some(resumable);
        if resumable {
            self.source_defined_cursor = Some(true);
        }
        self
    }

    /// Its name and namespace.
    #[must_use]
    pub fn stream_name(&self) -> StreamName {
        StreamName::new(&self.name).within(self.namespace.as_deref())
    }

    /// Whether it can be read incrementally.
    #[must_use]
    pub fn is_incremental(&self) -> bool {
        self.supported_sync_modes.contains(&SyncMode::Incremental)
    }
}

fn owned(path: FieldPath) -> Vec<String> {
    path.iter().map(|&name| name.to_owned()).collect()
}
