//! What answers mean, and which forms they have.

use crate::kit::read;
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(HttpStream)]
#[http(path = "gone")]
#[on(status = 404, ignore)]
struct Gone {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "busy", records = "rows")]
#[on(body("error.code" = "busy"), retry, wait = millis(1))]
#[on(text = "no plan", fail = "the plan of this account has no API")]
struct Busy {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "slow")]
#[on(status = 500..=599, retry, wait_header = "X-Wait")]
struct Slow {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "told")]
#[on(status = 420, rate_limited, wait_at = "in")]
struct Told {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "denied")]
#[on(text = "no plan", fail = "the plan of this account has no API")]
struct Denied {
    #[primary_key]
    id: u64,
}

#[source(name = "source-answers", base_url = "https://api.example.com/", streams(Gone, Busy, Slow, Told, Denied))]
struct Answers {}

static ASKED: AtomicUsize = AtomicUsize::new(0);

#[test]
fn rules_and_waits() {
    let sync = read::<Answers>(json!({}), |url, _| {
        let first = |bit: usize| ASKED.fetch_or(bit, Ordering::SeqCst) & bit == 0;
        match url {
            "busy" if first(1) => Reply::json(r#"{"error":{"code":"busy"}}"#),
            "busy" => Reply::json(r#"{"rows":[{"id":1}]}"#),
            "slow" if first(2) => Reply::status(503).header("X-Wait", "0"),
            "told" if first(4) => Reply::status(420).body(r#"{"in":0}"#),
            "slow" | "told" => Reply::json(r#"[{"id":2}]"#),
            "denied" => Reply::status(400).body("sorry, no plan"),
            _ => Reply::status(404),
        }
    });
    assert_eq!(sync.records, [r#"busy {"id":1}"#, r#"slow {"id":2}"#, r#"told {"id":2}"#]);
    assert_eq!(sync.requests.len(), 1 + 2 + 2 + 2 + 1);
    assert!(sync.error.unwrap().contains("the plan of this account has no API"), "{}", sync.output);
}

#[derive(HttpStream)]
#[http(path = "table", format = csv)]
struct Row {
    #[primary_key]
    id: String,
    name: String,
}

#[derive(HttpStream)]
#[http(path = "lines", format = json_lines)]
struct Line {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "maybe", records = "data.rows", records_optional)]
struct Maybe {
    #[primary_key]
    id: u64,
}

#[source(name = "source-formats", base_url = "https://api.example.com/", streams(Row, Line, Maybe))]
struct Formats {}

#[test]
fn formats_of_bodies() {
    let sync = read::<Formats>(json!({}), |url, _| match url {
        "table" => Reply::status(200).body("id,name\n1,\"a, b\"\n"),
        "lines" => Reply::status(200).body("{\"id\":1}\n{\"id\":2}\n"),
        _ => Reply::json(r#"{"data":null}"#),
    });
    assert_eq!(sync.error, None);
    assert_eq!(sync.records, [r#"line {"id":1}"#, r#"line {"id":2}"#, r#"row {"id":"1","name":"a, b"}"#]);
}
