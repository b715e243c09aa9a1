//! The HTTP engine over real sockets, through a stream that is written by hand.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use connector_core::clock::VirtualClock;
use connector_core::record::{Field, Record, Shape};
use connector_core::sink::MemorySink;
use connector_core::stream::{NoParent, StreamDescriptor, StreamType};
use connector_core::{Connector, ReadRequest, SourceInfo};
use connector_http::prelude::*;
use connector_tests::{Fault, Reply, Server};
use serde_json::{Value, json};

struct Api {
    base_url: String,
    token: String,
}

impl Source for Api {
    const INFO: SourceInfo =
        SourceInfo { name: "source-network", version: "0.1.0", doc: "Items.", documentation_url: None };

    fn config_schema() -> Value {
        json!({"type": "object", "properties": {"base_url": {"type": "string"}}})
    }

    fn from_config(config: &Value) -> Result<Self> {
        Ok(Self {
            base_url: config["base_url"].as_str().unwrap_or_default().to_owned(),
            token: "t0ken-t0ken".to_owned(),
        })
    }

    fn descriptors() -> Vec<&'static StreamDescriptor> {
        vec![Item::descriptor()]
    }

    fn streams(self: Arc<Self>, cx: &SourceContext) -> Result<Streams> {
        HttpStreams::new(self, cx)?.with::<Item>()?.finish()
    }
}

impl HttpSource for Api {
    fn url_base(&self) -> Result<String> {
        Ok(self.base_url.clone())
    }

    fn authenticator(&self) -> Result<Auth> {
        Ok(Auth::bearer(&self.token))
    }
}

struct Item;

static FIELDS: &[Field] = &[Field::new("id", "", &<u64 as Record>::SHAPE)];

impl Record for Item {
    const SHAPE: Shape = Shape::Struct(|| FIELDS);
}

impl StreamType for Item {
    const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("items", "Items.", || FIELDS).primary_key(&[&["id"]]);
    type Parent = NoParent;
}

impl HttpStream<Api> for Item {
    fn settings(_: &Api) -> Result<Settings> {
        Ok(Settings::new().records("items").paginate(Paginator::token("next").param("page")))
    }

    fn path(_: &Cx<'_, Api>) -> Result<Path> {
        Ok(Path::new().text("items"))
    }
}

/// Three pages of two items.
fn server() -> Server {
    let server = Server::new().route("GET /v1/items", |request| {
        let page: u64 = request.param("page").map_or(0, |page| page.parse().unwrap());
        let next = if page < 2 { format!(r#","next":{}"#, page + 1) } else { String::new() };
        Reply::json(format!(r#"{{"items":[{{"id":{}}},{{"id":{}}}]{next}}}"#, page * 2, page * 2 + 1))
    });
    server.start().unwrap()
}

/// The ids that a sync emits, and its failure.
fn read(server: &Server, change: impl FnOnce(Connector) -> Connector) -> (Vec<u64>, Option<String>) {
    let connector = change(Connector::of::<Api>());
    let sink = MemorySink::new();
    let config = json!({"base_url": server.url("/v1/")});
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(ReadRequest::all(config), sink.clone())).unwrap();
    let lines = String::from_utf8(sink.bytes()).unwrap();
    let ids = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).unwrap().pointer("/record/data/id")?.as_u64());
    (ids.collect(), summary.error().map(|error| error.to_string()))
}

const ALL: [u64; 6] = [0, 1, 2, 3, 4, 5];

#[test]
fn pages_over_one_connection_with_the_credentials() {
    let server = server();
    assert_eq!(read(&server, |connector| connector), (ALL.to_vec(), None));
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    let seen = format!("{requests:?}");
    assert!(seen.contains("Bearer t0ken-t0ken") && seen.contains("source-network/0.1.0"), "{seen}");
}

#[test]
fn faults_on_the_wire_are_tried_again() {
    for fault in [
        Fault::ResetBefore,
        Fault::ResetAfter(10),
        Fault::CloseBefore,
        Fault::Truncate(5),
        Fault::Garbage(b"SSH-2.0-nonsense\r\n".to_vec()),
        Fault::Length(1000),
        Fault::CloseAfter,
        Fault::Drip(3, Duration::from_millis(2)),
    ] {
        let server = server();
        server.next("GET /v1/items", fault.clone());
        let clock = VirtualClock::new();
        assert_eq!(read(&server, |connector| connector.with_clock(clock.clone())), (ALL.to_vec(), None), "{fault:?}");
    }
}

#[test]
fn silence_and_stalls_end() {
    for fault in [Fault::Silence, Fault::Stall(7)] {
        let server = server();
        server.next("GET /v1/items", fault.clone());
        let quick = |connector: Connector| {
            connector.with_limits(|limits| {
                limits.first_byte_timeout = Duration::from_millis(150);
                limits.idle_timeout = Duration::from_millis(150);
                limits.backoff_first = Duration::from_millis(1);
            })
        };
        assert_eq!(read(&server, quick), (ALL.to_vec(), None), "{fault:?}");
    }
}

#[test]
fn nobody_listening_is_told() {
    let server = server();
    let url = server.url("/v1/");
    drop(server);
    let connector = Connector::of::<Api>().with_clock(VirtualClock::new());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let summary =
        runtime.block_on(connector.read(ReadRequest::all(json!({"base_url": url})), MemorySink::new())).unwrap();
    let error = summary.error().unwrap().to_string();
    assert!(
        error.contains("could not connect") && error.contains("refused") && error.contains("tried 5 times"),
        "{error}"
    );
}

#[test]
fn a_server_without_tls_is_told() {
    let server = server();
    let url = server.url("/v1/").replace("http://", "https://");
    let connector = Connector::of::<Api>().with_limits(|limits| {
        limits.tries = 1;
        limits.connect_timeout = Duration::from_millis(300);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let summary =
        runtime.block_on(connector.read(ReadRequest::all(json!({"base_url": url})), MemorySink::new())).unwrap();
    let error = summary.error().unwrap().to_string();
    assert!(error.contains("could not connect") && error.contains("https://127.0.0.1"), "{error}");
    assert!(server.requests().is_empty());
}
