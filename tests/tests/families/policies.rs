//! Waits that answers ask for in odd ways, odd encodings, what is sent only when the config has it, rules on the config.

use crate::kit::{Sync, read};
use connector_core::Connector;
use connector_core::clock::{Clock as _, VirtualClock};
use connector_core::sink::MemorySink;
use connector_core::{ReadRequest, Source};
use connector_http::prelude::*;
use connector_http::transport::{Memory, Reply, SharedTransport};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

#[derive(HttpStream)]
#[http(path = "told")]
#[on(status = 429, rate_limited, wait_text = "try again in {minutes} minutes")]
struct Told {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "rated")]
#[on(status = 429, rate_limited, wait_rate = "X-Rate")]
struct Rated {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "daily")]
#[on(text = "daily quota", rate_limited, wait_until = midnight)]
struct Daily {
    #[primary_key]
    id: u64,
}

#[source(name = "source-waits", base_url = "https://api.example.com/", streams(Told, Rated, Daily))]
struct Waits {}

#[test]
fn odd_waits() {
    let clock = VirtualClock::new();
    let asked: Arc<Mutex<BTreeMap<String, Vec<u64>>>> = Arc::default();
    let (told, now) = (Arc::clone(&asked), clock.clone());
    let memory = Memory::answering(move |request| {
        let path = request.url.path().to_owned();
        let mut told = told.lock().unwrap();
        let times = told.entry(path.clone()).or_default();
        times.push(u64::try_from(now.elapsed().as_millis()).unwrap());
        match (path.as_str(), times.len()) {
            ("/told", 1) => Reply::status(429).body(r#"{"error":"Slow down, try again in 3 minutes."}"#),
            ("/rated", 1) => Reply::status(429).header("X-Rate", "0.25"),
            // The server's own clock counts: it is half an hour before its midnight.
            ("/daily", 1) => {
                Reply::status(400).header("Date", "Tue, 02 Jan 2024 23:30:00 GMT").body("your daily quota is used up")
            }
            _ => Reply::json(r#"[{"id":1}]"#),
        }
    });
    let connector = Connector::of::<Waits>()
        .with_extension(SharedTransport(Arc::new(memory)))
        .with_clock(clock)
        .with_limits(|limits| limits.streams = 1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(ReadRequest::all(json!({})), MemorySink::new())).unwrap();
    assert_eq!(summary.error().map(|error| error.to_string()), None);
    let asked = asked.lock().unwrap();
    let waited = |path: &str| (asked[path][1] - asked[path][0]) / 1000;
    assert_eq!((waited("/told"), waited("/rated"), waited("/daily")), (180, 4, 1800));
}

#[derive(HttpStream)]
#[http(
    path = "things",
    params(ids = "List({config.urns.join(\",\")})", q = "a b", fields = "id,name"),
    encoding(keep = "(),%", spaces = percent)
)]
#[paginate(token = "next", param = "page token")]
struct Thing {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(
    path = "maybe",
    params(region = config.region, since = config.since, deleted = config.deleted.then_some(1)),
    headers("X-Team" = config.team)
)]
struct Maybe {
    #[primary_key]
    id: u64,
}

#[source(name = "source-policies", base_url = "https://api.example.com/", streams(Thing, Maybe), validate = Self::validate)]
struct Policies {
    #[schemars(length(min = 1))]
    urns: Vec<String>,
    #[schemars(regex(pattern = "^[a-z]{2}$"))]
    region: Option<String>,
    team: Option<String>,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
    #[serde(default)]
    deleted: bool,
    #[schemars(range(min = 1, max = 100))]
    size: Option<u32>,
}

impl Policies {
    fn validate(&self) -> Result<()> {
        if self.until.is_some() && self.until < self.since {
            return Err(Error::in_config("until", "lies before `since`"));
        }
        Ok(())
    }
}

fn policies(config: Value) -> Sync {
    read::<Policies>(config, |url, _| Reply::json(if url.starts_with("things") { r#"[{"id":1}]"# } else { "[]" }))
        .sorted()
}

#[test]
fn odd_percent_encoding() {
    let sync = policies(json!({ "urns": ["urn%3A1", "é"] }));
    assert_eq!(sync.requests[1], "GET things?ids=List(urn%3A1,%C3%A9)&q=a%20b&fields=id,name");
}

#[test]
fn sent_only_when_the_config_has_it() {
    let none = policies(json!({ "urns": ["1"] }));
    assert_eq!((none.requests[0].as_str(), none.header("x-team")), ("GET maybe", vec!["-", "-"]));
    let all = policies(json!({ "urns": ["1"], "region": "eu", "since": "2024-01-01", "deleted": true, "team": "a" }));
    assert_eq!(all.requests[0], "GET maybe?region=eu&since=2024-01-01&deleted=1");
    assert!(all.header("x-team").contains(&"a"), "{:?}", all.headers);
}

/// What keeps a sync from starting, without any request.
fn refused<S: Source>(config: Value) -> String {
    let memory = Memory::answering(|_| Reply::status(500));
    let connector = Connector::of::<S>().with_extension(SharedTransport(Arc::new(memory.clone())));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(connector.read(ReadRequest::all(config.clone()), MemorySink::new())).unwrap_err();
    let status = serde_json::to_value(runtime.block_on(connector.check(config))).unwrap();
    assert_eq!((status["status"].as_str(), memory.seen().len()), (Some("FAILED"), 0), "{status}");
    error.to_string()
}

#[test]
fn rules_on_the_config() {
    let error = refused::<Policies>(json!({ "urns": [], "region": "Europe", "size": 101 }));
    for fault in [
        "urns: expected at least 1 items, found 0",
        "region: expected a text that matches `^[a-z]{2}$`, found \"Europe\"",
        "size: expected at most 100, found 101",
    ] {
        assert!(error.contains(fault), "{fault}: {error}");
    }
    let error = refused::<Policies>(json!({ "urns": ["1"], "since": "2024-02-01", "until": "2024-01-01" }));
    assert_eq!(error, "the config does not fit: until: lies before `since`");
}
