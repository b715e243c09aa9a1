//! One response of 64 MB: it streams through, in little memory, and its first records leave long before its end.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use connector_tests::connector;
use serde_json::json;

const RECORDS: u64 = 64 << 10;
/// The bytes after which the server waits for the first record to come out.
const EARLY: usize = 2 << 20;
/// What a container for a small connector has.
const MEMORY_KB: u64 = 32 << 10;
const PATIENCE: Duration = Duration::from_secs(60);

/// A record of 1 KB.
fn record(id: u64) -> String {
    let actor = "a".repeat(880);
    format!(
        r#"{{"id":{id},"kind":"login","actor":"{actor}","session":"s","seq":{id},"value":1.5,"ok":null,"at":"2026-01-01T00:00:00Z"}}"#
    )
}

fn read_request(connection: &TcpStream) {
    let mut request = BufReader::new(connection);
    let mut line = String::new();
    while request.read_line(&mut line).unwrap() > 2 {
        line.clear();
    }
}

/// Answers one request with one long body; stops before 2 MB are out until the first record was seen, and before the last
/// bytes until the memory was measured.
fn serve(listener: &TcpListener, seen: &Receiver<()>, almost: &Sender<()>, measured: &Receiver<()>) {
    let (mut connection, _) = listener.accept().unwrap();
    read_request(&connection);
    connection
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"events\":[")
        .unwrap();
    let (mut sent, mut waited) = (0, false);
    for id in 0..RECORDS {
        let mut piece = record(id);
        if id > 0 {
            piece.insert(0, ',');
        }
        if !waited && sent + piece.len() > EARLY {
            seen.recv_timeout(PATIENCE).unwrap();
            waited = true;
        }
        connection.write_all(piece.as_bytes()).unwrap();
        sent += piece.len();
    }
    almost.send(()).unwrap();
    measured.recv_timeout(PATIENCE).unwrap();
    connection.write_all(b"],\"next_page_token\":null}").unwrap();
}

/// The largest memory that a process had so far, in KiB.
fn peak_kb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

#[test]
fn a_large_response_streams_through_in_little_memory() {
    let binary = connector::build("source-bench").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let config = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("large_body.json");
    std::fs::write(&config, json!({"base_url": base, "api_token": "t0ken", "page_size": 100}).to_string()).unwrap();

    let (see, seen) = channel();
    let (almost, nearly_sent) = channel();
    let (measure, measured) = channel();
    let server = thread::spawn(move || serve(&listener, &seen, &almost, &measured));
    let mut child = Command::new(binary)
        .args(["read", "--config", config.to_str().unwrap(), "--streams", "events", "--format", "records"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let reader = thread::spawn(move || {
        let (mut first, mut rest) = (String::new(), Vec::new());
        out.read_line(&mut first).unwrap();
        see.send(()).unwrap();
        let mut buffer = vec![0; 1 << 20];
        let mut lines = 1;
        loop {
            let count = out.read(&mut buffer).unwrap();
            if count == 0 {
                return (first, lines, rest);
            }
            lines += buffer[..count].iter().filter(|&&byte| byte == b'\n').count() as u64;
            rest.extend_from_slice(&buffer[count.saturating_sub(2000)..count]);
            rest.drain(..rest.len().saturating_sub(2000));
        }
    });
    nearly_sent.recv_timeout(PATIENCE).unwrap();
    let peak = peak_kb(child.id());
    measure.send(()).unwrap();

    server.join().unwrap();
    let (first, lines, end) = reader.join().unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(first.trim_end(), record(0));
    assert_eq!(lines, RECORDS);
    assert!(end.ends_with(format!("{}\n", record(RECORDS - 1)).as_bytes()));
    assert!(peak < MEMORY_KB, "the largest memory was {peak} KiB");
}
