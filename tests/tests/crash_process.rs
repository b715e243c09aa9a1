//! The program, killed and stopped at any moment: nothing is missing after the next sync, and a stop is in order.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use connector_tests::crash::{Platform, chance};
use connector_tests::numbers::World;
use serde_json::{Value, json};

const STREAMS: [&str; 7] = ["events", "spans", "archive", "shards", "users", "notes", "tasks"];

/// One sync of the program after the other, from what the platform has.
struct Syncs {
    folder: PathBuf,
    config: Value,
    platform: Platform,
}

impl Syncs {
    fn new(test: &str, config: Value) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder, config, platform: Platform::default() }
    }

    fn file(&self, name: &str, content: &Value) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, content.to_string()).unwrap();
        path
    }

    fn spawn(&self) -> Child {
        let streams = STREAMS.map(|stream| {
            json!({"stream": {"name": stream, "json_schema": {}}, "sync_mode": "incremental", "destination_sync_mode": "append"})
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_source-numbers"));
        command.arg("read").arg("--config").arg(self.file("config.json", &self.config));
        command.arg("--catalog").arg(self.file("catalog.json", &json!({"streams": streams})));
        command.arg("--state").arg(self.file("state.json", &self.platform.state_file()));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Reads a sync that is ended by `end`, which can wait for the first output, and keeps what it said.
    fn run(&mut self, end: impl FnOnce(&Child, &Receiver<()>)) -> (Vec<u8>, ExitStatus) {
        let mut child = self.spawn();
        let mut stdout = child.stdout.take().unwrap();
        let (began, begin) = std::sync::mpsc::channel();
        let reader = std::thread::spawn(move || {
            let mut output = vec![0];
            let first = stdout.read(&mut output).unwrap();
            output.truncate(first);
            let _ = began.send(());
            stdout.read_to_end(&mut output).unwrap();
            output
        });
        end(&child, &begin);
        let status = child.wait().unwrap();
        let output = reader.join().unwrap();
        self.platform.take(&output, &World::new(&self.config));
        (output, status)
    }

    fn nothing_is_missing(&mut self) {
        let (_, status) = self.run(|_, _| {});
        assert!(status.success());
        let missing = self.platform.missing(&STREAMS, &World::new(&self.config));
        assert!(missing.is_empty(), "{} records are missing: {:#?}", missing.len(), &missing[..missing.len().min(5)]);
        assert!(self.platform.faults.is_empty(), "{:#?}", self.platform.faults);
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).stderr(Stdio::null()).status().unwrap();
    let _ = sent.success();
}

/// A moment of a sync that nobody chose: from the clock, in a run of tests another one each time.
fn moments(count: usize, within: Duration) -> Vec<Duration> {
    let now = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap();
    let moment = |i: u64| chance(u64::from(now.subsec_nanos()) + i * 7_919, within.as_micros() as usize);
    (0..count as u64).map(|i| Duration::from_micros(moment(i) as u64)).collect()
}

fn data(rows: u64) -> Value {
    json!({"rows": rows, "users": 12, "shards": 6, "page": 10, "step": 20, "pause": 1_000, "ascending": true})
}

#[test]
fn nothing_is_missing_after_sigkill() {
    for chain in 0..4 {
        let mut syncs = Syncs::new("sigkill", data(60 + chain));
        for moment in moments(5, Duration::from_millis(250)) {
            syncs.run(|child, _| {
                std::thread::sleep(moment);
                signal(child, "-KILL");
            });
            syncs.config["rows"] = json!(syncs.config["rows"].as_u64().unwrap() + chain);
        }
        syncs.nothing_is_missing();
    }
}

#[test]
fn a_stop_at_any_moment_is_in_order() {
    let mut syncs = Syncs::new("sigterm", data(60));
    let mut stopped = 0;
    for moment in moments(8, Duration::from_millis(20)) {
        let start = Instant::now();
        let (output, status) = syncs.run(|child, begin| {
            begin.recv().unwrap();
            std::thread::sleep(moment);
            signal(child, "-TERM");
        });
        assert!(start.elapsed() < Duration::from_secs(9), "stopping took {:?}", start.elapsed());
        if status.success() {
            // The signal came after the end.
            continue;
        }
        assert!(output.ends_with(b"\n"), "the last line is whole");
        assert_eq!(status.code(), Some(1));
        let lines: Vec<Value> =
            output.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        let with =
            |status: &str| lines.iter().filter(|line| line["trace"]["stream_status"]["status"] == status).count();
        assert_eq!(with("STARTED"), with("COMPLETE") + with("INCOMPLETE"), "each stream that began is ended");
        assert!(with("INCOMPLETE") > 0);
        stopped += 1;
        let errors = lines.iter().map(|line| &line["trace"]["error"]).filter(|error| error.is_object());
        for error in errors {
            assert_eq!(error["failure_type"], "transient_error", "{error}");
        }
    }
    assert!(stopped > 0, "no signal met a running sync");
    syncs.nothing_is_missing();
}

#[test]
fn a_reader_that_does_not_read_cannot_keep_a_stopped_program() {
    let mut config = data(20_000);
    config["pause"] = json!(0);
    let syncs = Syncs::new("deaf", config);
    let mut child = syncs.spawn();
    std::thread::sleep(Duration::from_millis(1_500));
    assert!(child.try_wait().unwrap().is_none(), "the program waits for its reader");
    let start = Instant::now();
    signal(&child, "-TERM");
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if start.elapsed() > Duration::from_secs(14) => {
                child.kill().unwrap();
                panic!("the program is still there");
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    assert!(start.elapsed() < Duration::from_secs(10), "stopping took {:?}", start.elapsed());
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_slow_reader_gets_all_of_it() {
    // More than a pipe holds, less than the program queues: all is read long before the reader begins.
    let mut config = data(300);
    config["pause"] = json!(0);
    let mut syncs = Syncs::new("slow", config);
    let mut child = syncs.spawn();
    std::thread::sleep(Duration::from_secs(9));
    assert!(child.try_wait().unwrap().is_none(), "the program waits for its reader");
    let mut output = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut output).unwrap();
    assert!(child.wait().unwrap().success());
    let world = World::new(&syncs.config);
    syncs.platform.take(&output, &world);
    assert!(syncs.platform.missing(&STREAMS, &world).is_empty());
}
