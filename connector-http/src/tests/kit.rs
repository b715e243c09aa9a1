//! A source whose answers are a script and whose settings are a test's own.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use connector_core::clock::VirtualClock;
use connector_core::cursor::{CursorKind, CursorSpec, Missing};
use connector_core::record::{Field, Record};
use connector_core::sink::MemorySink;
use connector_core::stream::{CursorField, NoParent, StreamDescriptor, StreamType};
use connector_core::{Connector, ReadRequest, SourceInfo, Streams};
use serde_json::{Value, json};

use crate::prelude::*;
use crate::record::Shape;
use crate::transport::{Memory, Reply, Seen, SharedTransport};

/// What a test varies.
pub(crate) trait Case: Send + Sync + 'static {
    fn settings() -> Settings {
        Settings::new().records("items")
    }

    fn auth(_config: &Value) -> Auth {
        Auth::none()
    }

    fn source() -> SourceSettings {
        SourceSettings::new()
    }

    fn cursor(cursor: CursorSpec) -> CursorSpec {
        cursor
    }

    fn params(_params: &mut Params) {}

    fn parse(_response: &Response<'_>, _records: &mut Records<'_>) -> Result<Parsed> {
        Ok(Parsed::Declared)
    }

    fn should_retry(_answer: &Answer<'_>) -> Result<Option<Verdict>> {
        Ok(None)
    }
}

/// A case with nothing special.
pub(crate) struct Plain;

impl Case for Plain {}

pub(crate) struct Api<K>(Value, PhantomData<K>);

impl<K: Case> Source for Api<K> {
    const INFO: SourceInfo =
        SourceInfo { name: "source-test", version: "1.2.3", doc: "A test.", documentation_url: None };

    fn config_schema() -> Value {
        json!({"type": "object", "properties": {
            "base_url": {"type": "string"},
            "token": {"type": "string", "airbyte_secret": true},
            "refresh_token": {"type": "string", "airbyte_secret": true},
        }})
    }

    fn from_config(config: &Value) -> Result<Self> {
        Ok(Self(config.clone(), PhantomData))
    }

    fn descriptors() -> Vec<&'static StreamDescriptor> {
        vec![Item::descriptor()]
    }

    fn streams(self: Arc<Self>, cx: &SourceContext) -> Result<Streams> {
        HttpStreams::new(self, cx)?.with::<Item>()?.finish()
    }
}

impl<K: Case> HttpSource for Api<K> {
    fn url_base(&self) -> Result<String> {
        Ok(self.0.get("base_url").and_then(Value::as_str).unwrap_or("https://api.example.com/v1/").to_owned())
    }

    fn authenticator(&self) -> Result<Auth> {
        Ok(K::auth(&self.0))
    }

    fn settings(&self) -> Result<SourceSettings> {
        Ok(K::source())
    }
}

pub(crate) struct Item;

static FIELDS: &[Field] =
    &[Field::new("id", "", &<u64 as Record>::SHAPE), Field::new("at", "", &<Option<DateTime<Utc>> as Record>::SHAPE)];

impl Record for Item {
    const SHAPE: Shape = Shape::Struct(|| FIELDS);
}

impl StreamType for Item {
    const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("items", "Items.", || FIELDS)
        .primary_key(&[&["id"]])
        .cursor(&["at"], CursorKind::DateTime)
        .resumable();
    type Parent = NoParent;
}

impl<K: Case> HttpStream<Api<K>> for Item {
    fn settings(_: &Api<K>) -> Result<Settings> {
        let cursor =
            CursorSpec::new(CursorField { path: &["at"], kind: CursorKind::DateTime }).missing(Missing::Include);
        Ok(K::settings().cursor(K::cursor(cursor)))
    }

    fn path(_: &Cx<'_, Api<K>>) -> Result<Path> {
        Ok(Path::new().text("items"))
    }

    fn request_params(_: &Cx<'_, Api<K>>, params: &mut Params) -> Result<()> {
        K::params(params);
        Ok(())
    }

    fn poll_request(_: &Cx<'_, Api<K>>, request: &mut JobRequest) -> Result<()> {
        request.path = Some(Path::new().text("poll"));
        Ok(())
    }

    fn parse_response(response: &Response<'_>, records: &mut Records<'_>) -> Result<Parsed> {
        K::parse(response, records)
    }

    fn should_retry(answer: &Answer<'_>) -> Result<Option<Verdict>> {
        K::should_retry(answer)
    }
}

/// What a sync did.
pub(crate) struct Ran {
    pub(crate) clock: VirtualClock,
    pub(crate) seen: Vec<Seen>,
    /// Everything that was written, as text.
    pub(crate) output: String,
    pub(crate) error: Option<connector_core::Error>,
}

impl Ran {
    /// The ids of the records, in order.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.lines("RECORD").iter().filter_map(|line| line.pointer("/record/data/id")?.as_u64()).collect()
    }

    /// The messages of a type.
    pub(crate) fn lines(&self, of: &str) -> Vec<Value> {
        let lines = self.output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["type"] == of).collect()
    }

    /// The URLs that were asked, without scheme and host.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.seen
            .iter()
            .map(|request| {
                let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
                format!("{}{query}", request.url.path())
            })
            .collect()
    }

    pub(crate) fn error(&self) -> String {
        self.error.as_ref().unwrap_or_else(|| panic!("no error; the output was {}", self.output)).to_string()
    }

    pub(crate) fn waits(&self) -> Vec<u64> {
        self.clock.sleeps().iter().map(Duration::as_secs).collect()
    }
}

/// Reads all streams over a script of answers.
pub(crate) fn script<K: Case>(replies: impl IntoIterator<Item = Reply>) -> Ran {
    read::<K>(Memory::script(replies), json!({"token": "hunter2hunter2"}))
}

/// Reads all streams with a config.
pub(crate) fn read<K: Case>(memory: Memory, config: Value) -> Ran {
    read_with::<K>(memory, config, |connector| connector)
}

pub(crate) fn read_with<K: Case>(memory: Memory, config: Value, change: impl FnOnce(Connector) -> Connector) -> Ran {
    read_as::<K>(memory, ReadRequest::all(config), change)
}

/// Reads as a request says.
pub(crate) fn read_as<K: Case>(
    memory: Memory,
    request: ReadRequest,
    change: impl FnOnce(Connector) -> Connector,
) -> Ran {
    read_over::<K>(Arc::new(memory.clone()), &memory, request, change)
}

/// Reads through a transport that hands on to a memory.
pub(crate) fn read_over<K: Case>(
    transport: Arc<dyn crate::transport::Transport>,
    memory: &Memory,
    request: ReadRequest,
    change: impl FnOnce(Connector) -> Connector,
) -> Ran {
    let clock = VirtualClock::new();
    let connector = Connector::of::<Api<K>>()
        .with_clock(clock.clone())
        .with_limits(|limits| limits.backoff_jitter = 0.0)
        .with_extension(SharedTransport(transport));
    let connector = change(connector);
    let sink = MemorySink::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(request, sink.clone()));
    let error = match summary {
        Ok(summary) => summary.error(),
        Err(error) => Some(error),
    };
    Ran { clock, seen: memory.seen(), output: String::from_utf8(sink.bytes()).unwrap(), error }
}

/// A page of items with these ids and something besides.
pub(crate) fn page(ids: std::ops::Range<u64>, rest: &str) -> Reply {
    let items: Vec<_> = ids.map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    Reply::json(format!(r#"{{"items":[{}]{rest}}}"#, items.join(",")))
}
