//! Reads a source over a transport in memory.

use connector_core::clock::BoxFuture;
use connector_core::protocol::IncomingState;
use connector_core::sink::MemorySink;
use connector_core::{Connector, ReadRequest, Source};
use connector_http::transport::{Incoming, Memory, Outgoing, Reply, SharedTransport, Transport, TransportError};
use connector_tests::messages;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a sync asked for and brought.
pub(crate) struct Sync {
    /// `GET users?page=1 body`, in the order in which they were sent.
    pub(crate) requests: Vec<String>,
    /// `stream {record}`, sorted.
    pub(crate) records: Vec<String>,
    /// The messages, a line each.
    pub(crate) output: String,
    /// Why streams failed.
    pub(crate) error: Option<String>,
    /// The headers of each request, in lower case.
    pub(crate) headers: Vec<Vec<(String, String)>>,
}

impl Sync {
    /// The values of a header in all requests; `-` where it is not there.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let find = |headers: &'_ Vec<(String, String)>| headers.iter().position(|(known, _)| known == name);
        self.headers.iter().map(|headers| find(headers).map_or("-", |at| headers[at].1.as_str())).collect()
    }

    /// The states, as the next sync is handed them.
    pub(crate) fn states(&self) -> Vec<Value> {
        let messages = self.output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        messages.filter(|message| message["type"] == "STATE").map(|message| message["state"].clone()).collect()
    }

    /// The last state of a stream.
    pub(crate) fn state(&self, stream: &str) -> Value {
        let of = |state: &Value| state["stream"]["stream_descriptor"]["name"] == stream;
        let last = self.states().into_iter().rfind(of);
        last.map(|state| state["stream"]["stream_state"].clone()).unwrap_or_default()
    }

    /// The same requests, whatever the order.
    pub(crate) fn sorted(mut self) -> Self {
        self.requests.sort();
        self
    }
}

pub(crate) const BASE: &str = "https://api.example.com/";

/// Reads all streams of a source; `answer` is handed the path and query below the base URL, and the body.
pub(crate) fn read<S: Source>(config: Value, answer: fn(&str, &str) -> Reply) -> Sync {
    read_from::<S>(config, &[], answer)
}

/// The same, going on from states, as [`Sync::states`] has them.
pub(crate) fn read_from<S: Source>(config: Value, states: &[Value], answer: fn(&str, &str) -> Reply) -> Sync {
    let state = IncomingState::parse(&serde_json::to_vec(states).unwrap()).unwrap();
    let memory = Memory::answering(move |request| {
        let body = request.body.as_ref().map(|body| String::from_utf8_lossy(body).into_owned()).unwrap_or_default();
        answer(request.url.as_str().trim_start_matches(BASE), &body)
    });
    let connector = Connector::of::<S>().with_extension(SharedTransport(Arc::new(memory.clone())));
    let sink = MemorySink::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary =
        runtime.block_on(connector.read(ReadRequest { state, ..ReadRequest::all(config) }, sink.clone())).unwrap();
    messages::keep(env!("CARGO_TARGET_TMPDIR"), "read", i32::from(summary.error().is_some()), &sink.bytes());
    let output = String::from_utf8(sink.bytes()).unwrap();
    let mut records: Vec<String> = output.lines().filter_map(record).collect();
    records.sort();
    let mut requests = Vec::new();
    let mut headers = Vec::new();
    for request in memory.seen() {
        let body = request.body.as_ref().map(|body| String::from_utf8_lossy(body).into_owned()).unwrap_or_default();
        let url = request.url.as_str().trim_start_matches(BASE);
        requests.push(format!("{} {url} {body}", request.method).trim_end().to_owned());
        let named = |(name, value): (&connector_http::http::HeaderName, &connector_http::http::HeaderValue)| {
            (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned())
        };
        headers.push(request.headers.iter().map(named).collect());
    }
    let error = summary.error().map(|error| error.to_string());
    Sync { requests, records, output, error, headers }
}

/// `stream {record}` of a line, its bytes as they are.
fn record(line: &str) -> Option<String> {
    let rest = line.strip_prefix(r#"{"type":"RECORD","record":{"stream":""#)?;
    let (stream, rest) = rest.split_once('"')?;
    let (_, data) = rest.split_once(r#""data":"#)?;
    let (data, _) = data.rsplit_once(r#","emitted_at""#)?;
    Some(format!("{stream} {data}"))
}

/// How many requests were under way at once at most; all find nothing, after a while.
pub(crate) fn most_in_flight<S: Source>(config: Value) -> usize {
    let busy = Busy::default();
    let connector = Connector::of::<S>().with_extension(SharedTransport(Arc::new(busy.clone())));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(ReadRequest::all(config), MemorySink::new())).unwrap();
    assert!(summary.error().is_none(), "{:?}", summary.error());
    busy.most.load(Ordering::SeqCst)
}

/// A transport whose answers take a while.
#[derive(Clone, Default)]
struct Busy {
    flying: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Transport for Busy {
    fn send(&self, request: Outgoing) -> BoxFuture<'_, Result<Incoming, TransportError>> {
        Box::pin(async move {
            let flying = self.flying.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(flying, Ordering::SeqCst);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            self.flying.fetch_sub(1, Ordering::SeqCst);
            Memory::script([Reply::json("[]")]).send(request).await
        })
    }
}
