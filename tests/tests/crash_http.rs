//! A connector over HTTP, killed in the middle of a full refresh: the next attempt of the job goes on at a page, whatever names
//! the pages, and nothing is missing.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use connector_tests::crash::chance;
use connector_tests::{Reply, Request, Server, connector};
use serde_json::{Value, json};

const PAGES: u64 = 120;
const ITEMS: u64 = 10;

/// The items of a page; each page takes its time.
fn items(page: u64) -> String {
    std::thread::sleep(Duration::from_millis(4));
    let items = (page * ITEMS..(page + 1) * ITEMS).map(|id| format!(r#"{{"id":{id},"value":"{}"}}"#, "v".repeat(100)));
    items.collect::<Vec<_>>().join(",")
}

fn number(request: &Request, name: &str, otherwise: u64) -> u64 {
    request.param(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// The same items by each kind of pagination.
fn server() -> Server {
    let more = |page: u64| page + 1 < PAGES;
    Server::new()
        .route("GET /v1/items/cursor", move |request| {
            let page = number(request, "page_token", 0);
            let next = if more(page) { format!("\"{}\"", page + 1) } else { "null".to_owned() };
            Reply::json(format!(r#"{{"items":[{}],"next_page_token":{next}}}"#, items(page)))
        })
        .route("GET /v1/items/page", move |request| {
            let page = number(request, "page", 1) - 1;
            Reply::json(format!(r#"{{"items":[{}],"total_pages":{PAGES}}}"#, items(page)))
        })
        .route("GET /v1/items/offset", move |request| {
            let page = number(request, "offset", 0) / ITEMS;
            Reply::json(format!(r#"{{"items":[{}],"total":{}}}"#, items(page), PAGES * ITEMS))
        })
        .route("GET /v1/items/link", move |request| {
            let page = number(request, "page", 0);
            let reply = Reply::json(format!("[{}]", items(page)));
            let link = format!(r#"</v1/items/link?page={}>; rel="next""#, page + 1);
            if more(page) { reply.header("Link", link) } else { reply }
        })
        .route("GET /v1/items/nexturl", move |request| {
            let page = number(request, "page", 0);
            let next = if more(page) { format!("\"nexturl?page={}\"", page + 1) } else { "null".to_owned() };
            Reply::json(format!(r#"{{"items":[{}],"next":{next}}}"#, items(page)))
        })
        .start()
        .unwrap()
}

struct Job {
    program: PathBuf,
    folder: PathBuf,
    stream: &'static str,
    config: Value,
    /// The last complete STATE line of the attempts so far.
    state: Option<Value>,
    ids: BTreeSet<u64>,
    records: usize,
}

impl Job {
    fn new(program: &Path, server: &Server, stream: &'static str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("crash-http-{stream}"));
        std::fs::create_dir_all(&folder).unwrap();
        let config = json!({"base_url": server.url("/v1/"), "auth_type": "bearer", "api_token": "t0ken-t0ken"});
        Self { program: program.to_owned(), folder, stream, config, state: None, ids: BTreeSet::new(), records: 0 }
    }

    fn file(&self, name: &str, content: &Value) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, content.to_string()).unwrap();
        path
    }

    /// One attempt, which `end` may cut short.
    fn attempt(&mut self, end: impl FnOnce(&mut Child)) -> ExitStatus {
        let catalog = json!({"streams": [{
            "stream": {"name": self.stream, "json_schema": {}}, "sync_mode": "full_refresh",
            "destination_sync_mode": "append", "sync_id": 11, "generation_id": 2, "minimum_generation_id": 2,
        }]});
        let mut command = Command::new(&self.program);
        command.arg("read").arg("--config").arg(self.file("config.json", &self.config));
        command.arg("--catalog").arg(self.file("catalog.json", &catalog));
        if let Some(state) = &self.state {
            command.arg("--state").arg(self.file("state.json", &json!([state])));
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let mut output = Vec::new();
            stdout.read_to_end(&mut output).unwrap();
            output
        });
        end(&mut child);
        let status = child.wait().unwrap();
        self.take(&reader.join().unwrap());
        status
    }

    /// Keeps what the complete lines say.
    fn take(&mut self, output: &[u8]) {
        let whole = output.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        for line in output[..whole].split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let line: Value = serde_json::from_slice(line).unwrap();
            match line["type"].as_str() {
                Some("STATE") => self.state = Some(line["state"].clone()),
                Some("RECORD") => {
                    self.records += 1;
                    self.ids.insert(line["record"]["data"]["id"].as_u64().unwrap());
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_killed_full_refresh_goes_on_at_a_page() {
    let program = connector::build("source-extras").unwrap();
    for (index, stream) in
        ["items_cursor", "items_page", "items_offset", "items_link", "items_nexturl"].iter().enumerate()
    {
        let server = server();
        let mut job = Job::new(&program, &server, stream);
        let now = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap();
        for attempt in 0..4_u64 {
            let seed = u64::from(now.subsec_nanos()) + attempt * 7_919 + index as u64 * 104_729;
            let (pages, moment) = (10 + chance(seed, 8), Duration::from_micros(chance(seed / 7, 4_000) as u64));
            server.forget();
            job.attempt(|child| {
                while server.requests().len() < pages && child.try_wait().unwrap().is_none() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(moment);
                child.kill().unwrap();
            });
        }
        server.forget();
        let resumed = job.state.as_ref().is_some_and(|state| state["stream"]["stream_state"]["resume"].is_object());
        let before = job.records;
        let status = job.attempt(|_| {});
        assert!(status.success(), "{stream}");
        let all: BTreeSet<u64> = (0..PAGES * ITEMS).collect();
        let missing: Vec<_> = all.difference(&job.ids).collect();
        assert!(missing.is_empty(), "{stream}: {missing:?} are missing");
        let last = job.records - before;
        assert!(resumed && last < all.len(), "{stream}: the last attempt read {last} of {} records", all.len());
        assert_eq!(
            job.state.unwrap()["stream"]["stream_state"],
            json!({}),
            "{stream}: a final state is no resume point"
        );
    }
}
