//! Quotas, limits that servers tell of, several tokens in rotation: what is sent when, on a clock that does not sleep.

use connector_core::clock::{Clock as _, VirtualClock};
use connector_core::sink::MemorySink;
use connector_core::{Connector, ReadRequest, Source};
use connector_http::prelude::*;
use connector_http::transport::{Memory, Outgoing, Reply, SharedTransport};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A sync on a virtual clock.
struct Timed {
    /// When each request was sent, in seconds, and its path, with the token that it had.
    sent: Vec<(u64, String)>,
    ids: usize,
    output: String,
    error: Option<String>,
}

impl Timed {
    /// When the requests of a path were sent.
    fn at(&self, path: &str) -> Vec<u64> {
        self.sent.iter().filter(|(_, sent)| sent.starts_with(path)).map(|(at, _)| *at).collect()
    }
}

/// Reads one stream after the other; `answer` is handed the path, the token, and how long the sync has lasted.
fn timed<S: Source>(config: Value, answer: impl Fn(&str, &str, Duration) -> Reply + Send + Sync + 'static) -> Timed {
    let clock = VirtualClock::new();
    let sent = Arc::new(Mutex::new(Vec::new()));
    let (told, now) = (Arc::clone(&sent), clock.clone());
    let memory = Memory::answering(move |request: &Outgoing| {
        let path = request.url.as_str().trim_start_matches("https://api.example.com/");
        let token = request.headers.get("authorization").map_or("", |token| token.to_str().unwrap());
        let token = token.trim_start_matches("Bearer ").trim_start_matches("token ");
        told.lock().unwrap().push((now.elapsed().as_secs(), format!("{path} {token}").trim_end().to_owned()));
        answer(path, token, now.elapsed())
    });
    let connector = Connector::of::<S>()
        .with_extension(SharedTransport(Arc::new(memory)))
        .with_clock(clock)
        .with_limits(|limits| (limits.streams, limits.slices, limits.backoff_jitter) = (1, 1, 0.0));
    let sink = MemorySink::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(ReadRequest::all(config), sink.clone())).unwrap();
    let output = String::from_utf8(sink.bytes()).unwrap();
    let sent = sent.lock().unwrap().clone();
    let ids = output.lines().filter(|line| line.starts_with(r#"{"type":"RECORD""#)).count();
    Timed { sent, ids, output, error: summary.error().map(|error| error.to_string()) }
}

/// Six pages.
fn page(path: &str) -> Reply {
    let at: u64 = path.split_once("page=").map_or(1, |(_, page)| page.parse().unwrap());
    Reply::json(if at < 6 { format!(r#"[{{"id":{at}}}]"#) } else { "[]".to_owned() })
}

#[derive(HttpStream)]
#[http(path = "orders")]
#[paginate(pages, param = "page", size(count = 1, unsent))]
struct Order {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "search", weight = 2)]
#[paginate(pages, param = "page", size(count = 1, unsent))]
struct Search {
    #[primary_key]
    id: u64,
}

#[source(
    name = "source-quotas", base_url = "https://api.example.com/", streams(Order, Search),
    quota(requests = 1000, seconds = 3600),
    quota(requests = 2, seconds = 10, streams(Order)),
    quota(requests = 4, seconds = 60, window = fixed, streams(Search)),
)]
struct Quotas {}

#[test]
fn several_quotas() {
    let sync = timed::<Quotas>(json!({}), |path, _, _| page(path));
    assert_eq!((sync.error.as_deref(), sync.ids), (None, 10));
    // Two in any ten seconds.
    assert_eq!(sync.at("orders"), [0, 0, 10, 10, 20, 20]);
    // Two of weight 2 in each full minute, from the first that is left.
    assert_eq!(sync.at("search"), [20, 20, 60, 60, 120, 120]);
}

/// A source of `Order` alone; a stream is listed by one source of a crate, so each has its own.
macro_rules! source {
    ($name:ident: $($keys:tt)+) => {
        mod $name {
            use connector_http::prelude::*;

            #[derive(HttpStream)]
            #[http(path = "orders")]
            #[paginate(pages, param = "page", size(count = 1, unsent))]
            struct Order {
                #[primary_key]
                id: u64,
            }

            #[source(name = "source-limits", base_url = "https://api.example.com/", streams(Order), $($keys)+)]
            pub(super) struct Config {
                #[serde(default)]
                tokens: Vec<Secret>,
                #[serde(default = "none")]
                listed: Secret,
            }

            fn none() -> Secret {
                "".into()
            }
        }
    };
}

source! { own_headers: limit_headers(remaining = "X-Budget-Left", reset = "X-Budget-Reset", pause = "X-Slow-Down", retry_after = "X-Come-Back") }
source! { usual_headers: requests_per_host = 4 }
source! { rotating: auth = rotate(config.tokens, sent(prefix = "token ")) }
source! { commas: auth = rotate(config.listed) }

#[test]
fn limits_learnt_from_headers() {
    let sync = timed::<own_headers::Config>(json!({}), |path, _, now| match path {
        "orders?page=2" => page(path).header("X-Budget-Left", "0").header("X-Budget-Reset", "30"),
        "orders?page=4" => page(path).header("X-Slow-Down", "7"),
        "orders?page=5" if now.as_secs() < 40 => Reply::status(429).header("X-Come-Back", "20"),
        "orders?page=6" => page(path).header("X-Slow-Down", "100000"),
        _ => page(path),
    });
    assert_eq!((sync.error.as_deref(), sync.ids), (None, 5));
    let at = sync.at("orders");
    assert_eq!(at[..6], [0, 0, 30, 30, 37, 57], "{:?}", sync.sent);
}

/// `Backoff` is obeyed without being declared, up to a minute.
#[test]
fn a_pause_between_pages() {
    let sync = timed::<usual_headers::Config>(json!({}), |path, _, _| match path {
        "orders?page=2" => page(path).header("Backoff", "10"),
        "orders?page=3" => page(path).header("Backoff", "86400"),
        _ => page(path),
    });
    assert_eq!((sync.error.as_deref(), sync.at("orders")), (None, vec![0, 0, 10, 70, 70, 70]));
}

fn tokens() -> Value {
    json!({ "tokens": ["token-one", "token-two", "token-three"] })
}

#[test]
fn tokens_take_turns() {
    let sync = timed::<rotating::Config>(tokens(), |path, _, _| page(path));
    let used: Vec<_> = sync.sent.iter().map(|(_, sent)| sent.split(' ').nth(1).unwrap()).collect();
    assert_eq!((sync.error.as_deref(), sync.ids), (None, 5));
    for token in ["token-one", "token-two", "token-three"] {
        assert_eq!(used.iter().filter(|used| **used == token).count(), 2, "{used:?}");
        assert!(!sync.output.contains(token), "{}", sync.output);
    }
    let commas = timed::<commas::Config>(json!({ "listed": "token-one, token-two" }), |path, _, _| page(path));
    assert_eq!(commas.sent.iter().filter(|(_, sent)| sent.ends_with("token-two")).count(), 3, "{:?}", commas.sent);
}

/// A limited token is put aside at once; only when all are limited is the first reset waited for.
#[test]
fn a_limited_token_is_put_aside() {
    let sync = timed::<rotating::Config>(tokens(), |path, token, now| match (token, now.as_secs()) {
        ("token-one", 0..300) => {
            Reply::status(403).header("X-RateLimit-Remaining", "0").header("X-RateLimit-Reset", "300")
        }
        ("token-two", 0..120) if path != "orders?page=1" => Reply::status(429).header("Retry-After", "120"),
        ("token-three", 0..1000) if path > "orders?page=3" => Reply::status(429).header("Retry-After", "1000"),
        _ => page(path),
    });
    assert_eq!((sync.error.as_deref(), sync.ids), (None, 5));
    // Nobody waits until all three are limited; then token two is the first to be free again.
    let at_page_4: Vec<_> = sync.sent.iter().filter(|(_, sent)| sent.starts_with("orders?page=4")).collect();
    assert_eq!(at_page_4.last().unwrap(), &&(120, "orders?page=4 token-two".to_owned()), "{:?}", sync.sent);
    assert!(sync.sent.iter().filter(|(_, sent)| sent.ends_with("token-one")).count() == 1, "{:?}", sync.sent);
    assert!(sync.output.contains("RATE_LIMITED"), "{}", sync.output);
}

#[test]
fn a_refused_token_is_dropped_with_one_warning() {
    let sync = timed::<rotating::Config>(tokens(), |path, token, _| match token {
        "token-two" => Reply::status(401).body(r#"{"message":"Bad credentials"}"#),
        _ => page(path),
    });
    assert_eq!((sync.error.as_deref(), sync.ids), (None, 5));
    assert_eq!(sync.sent.iter().filter(|(_, sent)| sent.ends_with("token-two")).count(), 1);
    assert_eq!(sync.output.matches("token 2 of 3 was refused").count(), 1, "{}", sync.output);
    let none = timed::<rotating::Config>(tokens(), |_, _, _| Reply::status(401).body("no"));
    assert_eq!(none.sent.len(), 3);
    let error = none.error.unwrap();
    assert!(error.contains("all 3 tokens were refused; renew them in the config"), "{error}");
    assert!(none.output.contains(r#""failure_type":"config_error""#), "{}", none.output);
}
