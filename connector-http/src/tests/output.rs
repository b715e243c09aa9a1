//! A slow reader of the output, recordings.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use connector_core::clock::BoxFuture;
use connector_core::protocol::Message;
use connector_core::sink::{MemorySink, Records, Sink};
use connector_core::{Connector, ReadRequest};
use serde_json::json;

use super::kit::{Api, Case, Plain, page};
use super::pages::ByToken;
use crate::Mask;
use crate::transport::{
    Incoming, Memory, Outgoing, Recorder, Replay, Reply, SharedTransport, Transport, TransportError,
};

/// Takes its time for each batch of records.
struct Slow(MemorySink);

impl Sink for Slow {
    fn records(&mut self, records: &Records) -> io::Result<()> {
        std::thread::sleep(Duration::from_millis(20));
        self.0.records(records)
    }

    fn message(&mut self, message: &Message) -> io::Result<()> {
        self.0.message(message)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn read<K: Case>(transport: SharedTransport, sink: impl Sink + 'static) -> Option<String> {
    let connector = Connector::of::<Api<K>>().with_extension(transport).with_limits(|limits| {
        limits.output_bytes = 1;
        limits.backoff_first = Duration::from_millis(1);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(ReadRequest::all(json!({})), sink)).unwrap();
    summary.error().map(|error| error.to_string())
}

fn ids(sink: &MemorySink) -> Vec<u64> {
    let text = String::from_utf8(sink.bytes()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.filter_map(|line| line.pointer("/record/data/id")?.as_u64()).collect()
}

#[test]
fn a_slow_reader_loses_nothing_and_a_fault_ahead_is_tried_again() {
    let memory = Memory::script([
        page(0..5, r#","next":"a""#),
        page(5..9, r#","next":"b""#),
        Reply::status(500),
        Reply::json(r#"{"items":[{"id""#).broken(),
        page(9..12, ""),
    ]);
    let sink = MemorySink::new();
    let slow = Slow(sink.clone());
    assert_eq!(read::<ByToken>(SharedTransport(Arc::new(memory.clone())), slow), None);
    assert_eq!(ids(&sink), (0..12).collect::<Vec<_>>());
    assert_eq!(memory.seen().len(), 5);
}

#[test]
fn a_recording_is_replayed() {
    let file = std::env::temp_dir().join(format!("connector-http-recording-{}", std::process::id()));
    let memory = Arc::new(Memory::script([page(0..2, r#","next":"a""#), page(2..3, "")]));
    let recorder = Recorder::new(memory, &file, Mask::default()).unwrap();
    let first = MemorySink::new();
    assert_eq!(read::<ByToken>(SharedTransport(Arc::new(recorder)), first.clone()), None);
    let second = MemorySink::new();
    let replay = Replay::open(&file, Mask::default()).unwrap();
    assert_eq!(read::<ByToken>(SharedTransport(Arc::new(replay)), second.clone()), None);
    assert_eq!((ids(&first), ids(&second)), (vec![0, 1, 2], vec![0, 1, 2]));
    let replay = Replay::open(&file, Mask::default()).unwrap();
    let _ = std::fs::remove_file(&file);
    let error = read::<Plain>(SharedTransport(Arc::new(replay)), MemorySink::new()).unwrap();
    assert!(error.contains("the recording has no answer"), "{error}");
}

/// A server that takes its time, and notes when it was asked.
struct Distant {
    memory: Memory,
    asked: Mutex<Vec<Instant>>,
}

impl Transport for Distant {
    fn send(&self, request: Outgoing) -> BoxFuture<'_, Result<Incoming, TransportError>> {
        self.asked.lock().unwrap().push(Instant::now());
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(60)).await;
            self.memory.send(request).await
        })
    }
}

/// Takes its time for each batch of records, and notes when it had taken it.
struct Noting(MemorySink, Arc<Mutex<Vec<Instant>>>);

impl Sink for Noting {
    fn records(&mut self, records: &Records) -> io::Result<()> {
        std::thread::sleep(Duration::from_millis(150));
        self.1.lock().unwrap().push(Instant::now());
        self.0.records(records)
    }

    fn message(&mut self, message: &Message) -> io::Result<()> {
        self.0.message(message)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[test]
fn the_next_page_is_asked_for_while_one_is_processed() {
    let pages = ["a", "b", "c", "d"].iter().enumerate();
    let pages = pages.map(|(at, next)| page(at as u64..at as u64 + 1, &format!(r#","next":"{next}""#)));
    let memory = Memory::script(pages.chain([page(4..5, "")]));
    let distant = Arc::new(Distant { memory, asked: Mutex::default() });
    let (sink, written) = (MemorySink::new(), Arc::<Mutex<Vec<Instant>>>::default());
    let noting = Noting(sink.clone(), Arc::clone(&written));
    assert_eq!(read::<ByToken>(SharedTransport(Arc::clone(&distant) as Arc<dyn Transport>), noting), None);
    assert_eq!(ids(&sink), [0, 1, 2, 3, 4]);
    let (asked, written) = (distant.asked.lock().unwrap(), written.lock().unwrap());
    for number in 1..5 {
        assert!(
            asked[number] < written[number - 1],
            "page {} was asked for after page {number} was written",
            number + 1
        );
    }
}
