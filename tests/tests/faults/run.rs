//! Reads with the connector of `api`, and keeps what was seen on both sides.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use connector_core::cancel::Cancel;
use connector_core::clock::VirtualClock;
use connector_core::protocol::{ConfiguredCatalog, Message};
use connector_core::sink::{MemorySink, Records, Sink};
use connector_core::{Connector, Error, ReadRequest};
use connector_tests::{Recorded, Reply, Server, messages};
use serde_json::{Value, json};
use tokio::net::TcpSocket;

use super::api::{Api, TOKEN};
use super::clock::HalfVirtual;
use super::row::{Kit, Row, World};

/// What a sync did.
pub(crate) struct Ran {
    pub(crate) api: String,
    pub(crate) other: String,
    pub(crate) requests: Vec<Recorded>,
    pub(crate) other_requests: Vec<Recorded>,
    pub(crate) waits: Vec<Duration>,
    pub(crate) output: String,
    pub(crate) lines: Vec<Value>,
    pub(crate) error: Option<Error>,
    pub(crate) started: bool,
}

impl Ran {
    pub(crate) fn of(&self, kind: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["type"] == kind).collect()
    }

    /// The ids of the records, in order.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.of("RECORD").iter().filter_map(|line| line.pointer("/record/data/id")?.as_u64()).collect()
    }

    /// The bytes of the records.
    pub(crate) fn data(&self) -> Vec<&str> {
        self.output
            .lines()
            .filter(|line| line.starts_with(r#"{"type":"RECORD""#))
            .map(|line| {
                let data = line.split_once(r#""data":"#).unwrap().1;
                data.rsplit_once(r#","meta":"#).or_else(|| data.rsplit_once(r#","emitted_at":"#)).unwrap().0
            })
            .collect()
    }

    pub(crate) fn logs(&self) -> Vec<String> {
        let text = |line: &&Value| line.pointer("/log/message").unwrap().as_str().unwrap().to_owned();
        self.of("LOG").iter().map(text).collect()
    }

    /// The statuses of a stream, in order; a rate limit is RUNNING, too.
    pub(crate) fn statuses(&self, stream: &str) -> Vec<&str> {
        let of_stream = |line: &&Value| line["trace"]["stream_status"]["stream_descriptor"]["name"] == stream;
        let statuses = self.lines.iter().filter(of_stream);
        statuses.map(|line| line["trace"]["stream_status"]["status"].as_str().unwrap()).collect()
    }
}

/// A reader of the output that stops once.
struct Reader {
    memory: MemorySink,
    pause: Option<Duration>,
    paused: Arc<AtomicBool>,
}

impl Sink for Reader {
    fn records(&mut self, records: &Records) -> io::Result<()> {
        if let Some(pause) = self.pause
            && !self.paused.swap(true, Ordering::Relaxed)
        {
            std::thread::sleep(pause);
        }
        self.memory.records(records)
    }

    fn message(&mut self, message: &Message) -> io::Result<()> {
        self.memory.message(message)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The servers of a row.
fn world(row: &Row, kit: &Kit) -> World {
    let mut api = Server::new();
    for routes in &row.routes {
        api = routes(api, kit);
    }
    let page = |_: &connector_tests::Request| Reply::json(r#"{"items":[{"id":0},{"id":1},{"id":2}]}"#);
    let others = |_: &connector_tests::Request| Reply::json(r#"{"items":[{"id":7}]}"#);
    let ready = |_: &connector_tests::Request| Reply::json(r#"{"state":"READY","urls":["/v1/files/1"]}"#);
    let api = api
        .route("GET /v1/items", page)
        .route("GET /v1/others", others)
        .route("POST /v1/reports", |_| Reply::json(r#"{"id":"r1"}"#))
        .route("GET /v1/reports/r1", ready)
        .route("GET /v1/files/1", page)
        .start()
        .unwrap();
    let other = Server::new().route("GET /v1/items", page).start().unwrap();
    let world = World { api, other };
    for script in &row.script {
        script(&world);
    }
    world
}

/// A line; null where it is JSON with a number that `Value` cannot hold.
fn parsed(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|_| {
        serde_json::from_str::<serde::de::IgnoredAny>(line).expect(line);
        Value::Null
    })
}

pub(crate) fn run(row: &Row) -> Ran {
    let (clock, sink, cancel) = (VirtualClock::new(), MemorySink::new(), Cancel::new());
    let kit = Kit { clock: clock.clone(), sink: sink.clone(), cancel: cancel.clone() };
    let world = world(row, &kit);
    let mut config = json!({"base_url": world.api.url("/v1/"), "token": TOKEN});
    for change in &row.configure {
        change(&world, &mut config);
    }
    // Bound, so that no other row's server gets the port, but nobody listens.
    let deserted = TcpSocket::new_v4().unwrap();
    if row.server_gone {
        deserted.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        config["base_url"] = json!(format!("http://{}/v1/", deserted.local_addr().unwrap()));
    }
    let connector = Connector::of::<Api>().with_limits(|limits| {
        limits.backoff_jitter = 0.0;
        (row.limits)(limits);
    });
    let connector = if row.real_time {
        connector.with_clock(HalfVirtual::new(clock.clone()))
    } else {
        connector.with_clock(clock.clone())
    };
    let config_url = config["base_url"].as_str().unwrap_or_default().to_owned();
    let mut request = ReadRequest::all(config);
    request.cancel = cancel;
    match &row.catalog {
        Some(catalog) => request.catalog = Some(ConfiguredCatalog::parse(catalog.to_string().as_bytes()).unwrap()),
        None => request.streams = Some(row.streams.iter().map(|&stream| stream.to_owned()).collect()),
    }
    let reader = Reader { memory: sink.clone(), pause: row.slow_reader, paused: Arc::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let other = world.other.origin();
    let api = if row.server_gone { config_url.trim_end_matches("/v1/").to_owned() } else { world.api.origin() };
    let summary = runtime.block_on(connector.read(request, reader));
    let (requests, other_requests) = (world.api.requests(), world.other.requests());
    drop(deserted);
    if let Ok(summary) = &summary {
        messages::keep(env!("CARGO_TARGET_TMPDIR"), "read", i32::from(summary.error().is_some()), &sink.bytes());
    }
    let output = String::from_utf8(sink.bytes()).unwrap();
    let lines = output.lines().map(parsed).collect();
    let started = summary.is_ok();
    let error = summary.map_or_else(Some, |summary| summary.error());
    Ran { api, other, requests, other_requests, waits: clock.sleeps(), output, lines, error, started }
}
