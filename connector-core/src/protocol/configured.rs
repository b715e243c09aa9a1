//! The configured catalog: which streams to read, and how. It comes in.

use std::collections::HashSet;
use std::path::Path;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::place::{Document, Place};
use super::{Catalog, DestinationSyncMode, StreamName, SyncMode};
use crate::{ErrorKind, Result, config};

const CATALOG: Document = Document { name: "configured catalog", kind: ErrorKind::Catalog };

/// Which streams to read, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ConfiguredCatalog {
    /// The streams, in the order in which they are begun.
    pub streams: Vec<ConfiguredStream>,
}

/// A stream to read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConfiguredStream {
    /// Which stream.
    pub stream: StreamName,
    /// The schema that the reader of the output goes by, if it was handed in.
    pub json_schema: Option<Value>,
    /// How to read it. A word that the protocol does not know is kept: only this stream fails.
    pub sync_mode: SyncMode,
    /// What the destination does with it.
    pub destination_sync_mode: Option<DestinationSyncMode>,
    /// The cursor that the user chose; the source's own goes first.
    pub cursor_field: Vec<String>,
    /// The primary key that the user chose.
    pub primary_key: Vec<Vec<String>>,
    /// The generation of the stream's records.
    pub generation_id: Option<i64>,
    /// Records of generations below this one are to be deleted.
    pub minimum_generation_id: Option<i64>,
    /// The sync; a full refresh that was cut off goes on only within the same one.
    pub sync_id: Option<i64>,
    /// Whether a stream of files brings the files along.
    pub include_files: bool,
}

impl ConfiguredCatalog {
    /// A catalog of these streams.
    #[must_use]
    pub fn new(streams: Vec<ConfiguredStream>) -> Self {
        Self { streams }
    }

    /// All streams of a catalog, incremental where they can be.
    #[must_use]
    pub fn all(catalog: &Catalog) -> Self {
        let configured = |stream: &super::CatalogStream| {
            let mode = if stream.is_incremental() { SyncMode::Incremental } else { SyncMode::FullRefresh };
            ConfiguredStream {
                cursor_field: stream.default_cursor_field.clone(),
                primary_key: stream.source_defined_primary_key.clone(),
                ..ConfiguredStream::new(stream.stream_name(), mode)
            }
        };
        Self { streams: catalog.streams.iter().map(configured).collect() }
    }

    /// Reads the file of a catalog.
    ///
    /// # Errors
    /// [`ErrorKind::Catalog`], naming the file, if it cannot be read or does not fit.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = config::read_file(path, "configured catalog", ErrorKind::Catalog)?;
        Self::parse(&bytes).map_err(|error| config::of_file(error, path))
    }

    /// Reads a catalog. Unknown fields and explicit nulls are accepted everywhere; a stream without a sync mode is read in
    /// full, as the protocol's default says.
    ///
    /// ```
    /// use connector_core::protocol::{ConfiguredCatalog, SyncMode};
    /// let catalog = ConfiguredCatalog::parse(br#"{"streams":[{"stream":{"name":"users"},"sync_mode":"incremental"}]}"#)?;
    /// assert_eq!(catalog.streams[0].sync_mode, SyncMode::Incremental);
    ///
    /// let error = ConfiguredCatalog::parse(br#"{"streams":[{"stream":{}}]}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "the configured catalog does not fit: streams[0].stream.name: missing");
    /// # Ok::<(), connector_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Catalog`], with the JSON path, what was expected and what was found there; also if a stream is listed twice.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let raw: &RawValue = config::parse_json(bytes).map_err(|reason| CATALOG.error(reason))?;
        let root = Place::root(CATALOG, String::new(), raw).fields()?;
        let mut seen = HashSet::new();
        let mut streams = Vec::new();
        for place in root.require("streams")?.items()? {
            let stream = ConfiguredStream::at(&place)?;
            if !seen.insert(stream.stream.clone()) {
                return Err(CATALOG.error(format_args!("lists the stream `{}` twice", stream.stream)));
            }
            streams.push(stream);
        }
        Ok(Self { streams })
    }
}

impl ConfiguredStream {
    /// A stream, and how to read it.
    #[must_use]
    pub fn new(stream: StreamName, sync_mode: SyncMode) -> Self {
        Self {
            stream,
            json_schema: None,
            sync_mode,
            destination_sync_mode: None,
            cursor_field: Vec::new(),
            primary_key: Vec::new(),
            generation_id: None,
            minimum_generation_id: None,
            sync_id: None,
            include_files: false,
        }
    }

    fn at(place: &Place<'_>) -> Result<Self> {
        let fields = place.fields()?;
        let stream = fields.require("stream")?.fields()?;
        let name = stream.require("name")?;
        if name.text()?.is_empty() {
            return Err(name.unfit("the name of a stream, at least one character"));
        }
        let namespace = stream.get("namespace").map(|place| place.text()).transpose()?;
        let mode = |key| fields.get(key).map(|place| place.text()).transpose();
        let id = |key| fields.get(key).map(|place| place.whole()).transpose();
        Ok(Self {
            stream: StreamName::new(name.text()?).within(namespace.as_deref()),
            json_schema: stream.get("json_schema").map(|place| place.to("a JSON schema")).transpose()?,
            sync_mode: mode("sync_mode")?.map_or(SyncMode::FullRefresh, |mode| SyncMode::from(mode.as_str())),
            destination_sync_mode: mode("destination_sync_mode")?.map(|mode| mode.as_str().into()),
            cursor_field: texts(fields.get("cursor_field").as_ref())?,
            primary_key: match fields.get("primary_key") {
                Some(keys) => keys.items()?.iter().map(|key| texts(Some(key))).collect::<Result<_>>()?,
                None => Vec::new(),
            },
            generation_id: id("generation_id")?,
            minimum_generation_id: id("minimum_generation_id")?,
            sync_id: id("sync_id")?,
            include_files: fields.get("include_files").map(|place| place.flag()).transpose()?.unwrap_or(false),
        })
    }
}

fn texts(place: Option<&Place<'_>>) -> Result<Vec<String>> {
    let Some(place) = place else { return Ok(Vec::new()) };
    place.items()?.iter().map(Place::text).collect()
}

/// As a platform writes it, for tests and for programs that run a connector as a process.
impl Serialize for ConfiguredStream {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Stream<'a> {
            name: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            namespace: Option<&'a str>,
            json_schema: Value,
            supported_sync_modes: Vec<&'a SyncMode>,
        }
        let object = || Value::Object(serde_json::Map::new());
        let stream = Stream {
            name: &self.stream.name,
            namespace: self.stream.namespace.as_deref(),
            json_schema: self.json_schema.clone().unwrap_or_else(object),
            supported_sync_modes: vec![&self.sync_mode],
        };
        let mut fields = serializer.serialize_struct("ConfiguredStream", 9)?;
        fields.serialize_field("stream", &stream)?;
        fields.serialize_field("sync_mode", &self.sync_mode)?;
        let destination = self.destination_sync_mode.as_ref().unwrap_or(&DestinationSyncMode::Append);
        fields.serialize_field("destination_sync_mode", destination)?;
        if !self.cursor_field.is_empty() {
            fields.serialize_field("cursor_field", &self.cursor_field)?;
        }
        if !self.primary_key.is_empty() {
            fields.serialize_field("primary_key", &self.primary_key)?;
        }
        let ids = [
            ("generation_id", self.generation_id),
            ("minimum_generation_id", self.minimum_generation_id),
            ("sync_id", self.sync_id),
        ];
        for (name, id) in ids {
            if let Some(id) = id {
                fields.serialize_field(name, &id)?;
            }
        }
        if self.include_files {
            fields.serialize_field("include_files", &true)?;
        }
        fields.end()
    }
}
