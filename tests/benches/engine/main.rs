//! Time, memory and bytes of the engine without HTTP: `cargo bench -p connector-tests --bench engine`.
//!
//! Each scenario runs in a process of its own, so that its peak memory is its own.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod source;

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use connector_core::protocol::IncomingState;
use connector_core::sink::{StdoutFormat, StdoutSink};
use connector_core::{Connector, ReadRequest};
use serde_json::{Value, json};
use source::Bench;

/// Name, config, streams, whether a second sync starts from the state of the first, ideal seconds where waits decide.
type Scenario = (&'static str, Value, &'static [&'static str], bool, Option<f64>);

fn scenarios() -> Vec<Scenario> {
    let plain: &[&str] =
        &["plain_0", "plain_1", "plain_2", "plain_3", "plain_4", "plain_5", "plain_6", "plain_7", "plain_8", "plain_9"];
    vec![
        (
            "100,000 parents × 1 page of 10, 50 slices",
            json!({"parents": 100_000, "slices": 50}),
            &["children"],
            false,
            None,
        ),
        (
            "the same, parents selected too",
            json!({"parents": 100_000, "slices": 50}),
            &["parents", "children"],
            false,
            None,
        ),
        ("the same with a cursor", json!({"parents": 100_000, "slices": 50}), &["cursored"], false, None),
        (
            "1,000,000 partitions with a cursor",
            json!({"parents": 1_000_000, "page": 1, "slices": 50}),
            &["cursored"],
            false,
            None,
        ),
        (
            "the same, from the state before",
            json!({"parents": 1_000_000, "page": 1, "slices": 50}),
            &["cursored"],
            true,
            None,
        ),
        (
            "ten streams of 100 pages, 50 ms each",
            json!({"pages": 100, "page": 100, "pause": 50}),
            plain,
            false,
            Some(5.0),
        ),
        (
            "2,000 parents at 5 ms, 10 slices",
            json!({"parents": 2_000, "pause": 5, "slices": 10}),
            &["children"],
            false,
            Some(1.0),
        ),
    ]
}

fn main() {
    if let Some(number) = std::env::args().skip(1).find_map(|arg| arg.parse::<usize>().ok()) {
        let scenario = scenarios().swap_remove(number);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(run(&scenario));
    }
    println!(
        "| scenario | records | seconds | ideal | records a second | peak RSS MiB | state bytes | STATE bytes a RECORD byte |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    for number in 0..scenarios().len() {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.arg(number.to_string()).stdin(Stdio::null()).status().unwrap();
    }
}

/// Counts the bytes of the lines by type. A state is as large as what is measured, so it is kept only where it is asked for.
#[derive(Debug, Clone, Default)]
struct Counter(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    /// The beginning of the line that is being written, and how long it is so far.
    head: Vec<u8>,
    size: u64,
    records: u64,
    record_bytes: u64,
    state_bytes: u64,
    last_state: u64,
    keep: bool,
    line: Vec<u8>,
    kept: Vec<u8>,
}

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let counts = &mut *self.0.lock().unwrap();
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let missing = 32_usize.saturating_sub(counts.head.len());
            counts.head.extend_from_slice(&piece[..piece.len().min(missing)]);
            counts.size += piece.len() as u64;
            if counts.keep {
                counts.line.extend_from_slice(piece);
            }
            if !piece.ends_with(b"\n") {
                continue;
            }
            if counts.head.starts_with(br#"{"type":"RECORD""#) {
                counts.records += 1;
                counts.record_bytes += counts.size;
            } else if counts.head.starts_with(br#"{"type":"STATE""#) {
                counts.state_bytes += counts.size;
                counts.last_state = counts.size;
                counts.kept.clone_from(&counts.line);
            }
            counts.size = 0;
            counts.head.clear();
            counts.line.clear();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn run((name, config, streams, again, ideal): &Scenario) {
    let file = std::env::temp_dir().join(format!("connector-engine-bench-{}", std::process::id()));
    let mut state = IncomingState::none();
    if *again {
        // In a process of its own, so that the first sync's memory does not count.
        let first = Command::new(std::env::current_exe().unwrap()).arg("3").env("KEEP_STATE", &file).output().unwrap();
        assert!(first.status.success());
        state = IncomingState::read(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
    }
    let streams = Some(streams.iter().map(|stream| (*stream).to_owned()).collect());
    let keep = std::env::var_os("KEEP_STATE");
    let counter = Counter::default();
    counter.0.lock().unwrap().keep = keep.is_some();
    let request = ReadRequest { streams, state, ..ReadRequest::all(config.clone()) };
    let start = Instant::now();
    let sink = StdoutSink::over(counter.clone(), StdoutFormat::Protocol);
    let summary = Connector::of::<Bench>().read(request, sink).await.unwrap();
    let seconds = start.elapsed().as_secs_f64();
    assert!(summary.error().is_none(), "{:?}", summary.error());
    let counts = counter.0.lock().unwrap();
    if let Some(keep) = keep {
        std::fs::write(keep, &counts.kept).unwrap();
    }
    let Counts { records, record_bytes, state_bytes, last_state, .. } = &*counts;
    let ideal = ideal.map_or("–".to_owned(), |ideal| format!("{ideal:.1}"));
    let (share, rate) = (*state_bytes as f64 / *record_bytes as f64, *records as f64 / seconds);
    let (peak, size) = (peak_mib(), *last_state);
    println!("| {name} | {records} | {seconds:.2} | {ideal} | {rate:.0} | {peak:.0} | {size} | {share:.3} |");
}

/// The most memory that this process ever had, in MiB; 0 where the system does not tell.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    peak.unwrap_or_default() / 1024.0
}
