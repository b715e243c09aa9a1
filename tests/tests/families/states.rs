//! The states of single streams, asked for and given in a program.

use crate::kit::BASE;
use connector_core::sink::MemorySink;
use connector_core::{Connector, ReadRequest};
use connector_http::prelude::*;
use connector_http::protocol::{IncomingState, Message};
use connector_http::state::StateManager;
use connector_http::transport::{Memory, Reply, SharedTransport};
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor(since = "since")]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "lines", namespace = "shop")]
struct Line {
    #[primary_key]
    #[cursor(since = "above")]
    id: u64,
}

#[source(name = "source-shop", base_url = "https://api.example.com/", streams(Order, Line))]
struct Shop {}

#[source(name = "source-global", base_url = "https://api.example.com/", streams(global::Order(&config.part)), global_state)]
struct Global {
    part: global::Part,
}

mod global {
    use connector_http::prelude::*;

    #[config]
    pub(super) struct Part {}

    #[derive(HttpStream)]
    #[http(path = "orders", config = Part)]
    pub(super) struct Order {
        #[primary_key]
        #[cursor(since = "above")]
        id: u64,
    }
}

fn sync<S: Source>(config: Value, states: &StateManager) -> (Vec<String>, MemorySink) {
    let memory = Memory::answering(|request| {
        Reply::json(match request.url.path() {
            "/orders" => r#"[{"id":1,"at":"2024-01-02T00:00:00Z"}]"#,
            _ => r#"[{"id":17}]"#,
        })
    });
    let connector = Connector::of::<S>().with_extension(SharedTransport(Arc::new(memory.clone())));
    let (sink, request) = (MemorySink::new(), ReadRequest { state: states.incoming(), ..ReadRequest::all(config) });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(request, states.keeping(sink.clone()))).unwrap();
    assert!(summary.error().is_none(), "{:?}", summary.error());
    let mut requests: Vec<String> =
        memory.seen().iter().map(|seen| seen.url.as_str().trim_start_matches(BASE).to_owned()).collect();
    requests.sort();
    (requests, sink)
}

#[test]
fn the_state_of_one_stream_is_asked_for_and_given() {
    let states = StateManager::new();
    states.update_stream_state("order", None, json!({"at": "2024-01-01T00:00:00Z"}));
    states.update_stream_state("forgotten", None, json!({"id": 1}));
    let (requests, sink) = sync::<Shop>(json!({}), &states);
    assert_eq!(requests, ["lines", "orders?since=2024-01-01T00%3A00%3A00Z"]);
    assert_eq!(states.stream_state("order", None), Some(json!({"at": "2024-01-02T00:00:00Z"})));
    assert_eq!(states.stream_state("line", Some("shop")), Some(json!({"id": 17})));
    assert_eq!(states.stream_state("line", None), None);

    // What it hands out is what the platform would have kept, and reads as that.
    let list = serde_json::to_vec(&states.messages()).unwrap();
    assert_eq!(IncomingState::parse(&list).unwrap(), states.incoming());
    let again = StateManager::from(&IncomingState::parse(&sink.bytes()).unwrap());
    assert_eq!(again.stream_state("line", Some("shop")), states.stream_state("line", Some("shop")));
    assert_eq!(states.stream_state("forgotten", None), Some(json!({"id": 1})), "that of another stream stays");

    states.reset_stream("order", None);
    let (requests, _) = sync::<Shop>(json!({}), &states.clone());
    assert_eq!(requests, ["lines?above=17", "orders"]);
}

#[test]
fn a_state_of_all_streams_is_kept_stream_by_stream() {
    let states = StateManager::new();
    states.update_stream_state("another", None, json!({"id": 3}));
    let (_, sink) = sync::<Global>(json!({"part": {}}), &states);
    assert!(sink.messages().unwrap().iter().any(|message| matches!(message, Message::State(_))));
    assert_eq!(states.stream_state("order", None), Some(json!({"id": 1})));
    assert_eq!(states.stream_state("another", None), Some(json!({"id": 3})));
    let (requests, _) = sync::<Global>(json!({"part": {}}), &states);
    assert_eq!(requests, ["orders?above=1"]);
}
