//! A slow API: its records are on stdout as soon as their page is there, not when a buffer is full.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use connector_tests::{Reply, Server, connector};
use serde_json::{Value, json};

const PAGES: usize = 150;

/// 150 pages of one record, 50 a second.
fn server(ended: Arc<Mutex<Vec<Instant>>>) -> Server {
    Server::new()
        .route("GET /v1/items/cursor", move |request| {
            let page: usize = request.param("page_token").map_or(0, |token| token.parse().unwrap());
            std::thread::sleep(Duration::from_millis(20));
            let next = if page + 1 < PAGES { format!("\"{}\"", page + 1) } else { "null".to_owned() };
            ended.lock().unwrap().push(Instant::now());
            Reply::json(format!(r#"{{"items":[{{"id":{page},"value":"x"}}],"next_page_token":{next}}}"#))
        })
        .start()
        .unwrap()
}

#[test]
fn a_record_is_out_within_a_second_of_its_page() {
    let program = connector::build("source-extras").unwrap();
    let ended = Arc::<Mutex<Vec<Instant>>>::default();
    let server = server(Arc::clone(&ended));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("realtime");
    std::fs::create_dir_all(&folder).unwrap();
    let config = json!({"base_url": server.url("/v1/"), "auth_type": "bearer", "api_token": "t0ken-t0ken"});
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let mut child = Command::new(program)
        .args(["read", "--streams", "items_cursor", "--config"])
        .arg(folder.join("config.json"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut seen = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        if line["type"] == "RECORD" {
            seen.push(Instant::now());
        }
    }
    assert!(child.wait().unwrap().success());
    let ended = ended.lock().unwrap();
    assert_eq!((seen.len(), ended.len()), (PAGES, PAGES));
    let late = seen.iter().zip(ended.iter()).map(|(seen, ended)| seen.saturating_duration_since(*ended)).max().unwrap();
    assert!(late < Duration::from_secs(1), "a record came {late:?} after its page");
    // They came one after the other, not all at the end.
    let first = seen.first().unwrap().saturating_duration_since(*ended.first().unwrap());
    assert!(first < Duration::from_secs(1) && seen[PAGES - 1] - seen[0] > Duration::from_secs(2), "{first:?}");
}
