//! What servers do on bad days.

use super::kit::{Case, Plain, page, read_with, script};
use crate::prelude::*;
use crate::transport::{Memory, Reply, Trouble};
use serde_json::json;
use std::time::Duration;

#[test]
fn one_page() {
    let ran = script::<Plain>([page(0..3, "")]);
    assert_eq!(ran.error.as_ref().map(ToString::to_string), None);
    assert_eq!(ran.ids(), [0, 1, 2]);
    assert_eq!(ran.asked(), ["/v1/items"]);
    let headers = &ran.seen[0].headers;
    assert!(headers["user-agent"].to_str().unwrap().starts_with("source-test/1.2.3 connector/"));
    assert_eq!(headers["accept-encoding"], "gzip, br, zstd, deflate");
}

#[test]
fn retry_after_is_obeyed_and_told() {
    let ran = script::<Plain>([Reply::status(429).header("Retry-After", "7"), page(0..1, "")]);
    assert_eq!(ran.ids(), [0]);
    assert!(ran.waits().contains(&7), "{:?}", ran.waits());
    assert!(ran.output.contains("RATE_LIMITED") && ran.output.contains("quota_reset"), "{}", ran.output);
}

#[test]
fn a_burst_of_5xx_passes() {
    let ran = script::<Plain>([
        Reply::status(500),
        Reply::status(502),
        Reply::status(503),
        Reply::status(504),
        page(0..1, ""),
    ]);
    assert_eq!(ran.ids(), [0]);
    assert_eq!(ran.waits(), [1, 2, 4, 8]);
}

#[test]
fn endless_5xx_fail_after_five_tries() {
    let ran = script::<Plain>((0..20).map(|_| Reply::status(503).body("down for maintenance")));
    let error = ran.error();
    assert_eq!(ran.seen.len(), 5);
    for part in
        ["stream `items`", "GET https://api.example.com/v1/items", "503", "down for maintenance", "tried 5 times"]
    {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn endless_429_fail_after_eight_tries() {
    let ran = script::<Plain>((0..20).map(|_| Reply::status(429).header("Retry-After", "1")));
    assert_eq!(ran.seen.len(), 8);
    assert!(ran.error().contains("429"), "{}", ran.error());
}

#[test]
fn a_wait_beyond_the_budget_fails_at_once() {
    let ran = script::<Plain>([Reply::status(429).header("Retry-After", "86400")]);
    assert_eq!((ran.seen.len(), ran.waits()), (1, vec![]));
    assert!(ran.error().contains("24 h"), "{}", ran.error());
}

#[test]
fn long_waits_give_signs_of_life() {
    let ran = script::<Plain>([Reply::status(429).header("Retry-After", "3000"), page(0..1, "")]);
    assert_eq!(ran.ids(), [0]);
    let states =
        ran.lines("STATE").iter().filter(|state| state["state"]["sourceStats"]["recordCount"] == json!(0.0)).count();
    assert!(states >= 5, "{}", ran.output);
}

#[test]
fn broken_and_silent_connections_are_tried_again() {
    let ran = script::<Plain>([
        Reply::failure(Trouble::Connect, "connection refused"),
        page(0..2, "").broken(),
        Reply::json(r#"{"items":[{"id":0},{"#).broken(),
        page(0..3, ""),
    ]);
    assert_eq!(ran.ids(), [0, 1, 2]);
}

#[test]
fn what_is_no_json_is_asked_again_and_then_told() {
    for (body, shown) in [
        ("<html><b>Login, please</b></html>", "Login, please"),
        ("", "the body is empty"),
        (r#"{"items":[{"id":1}"#, "truncated"),
        (r#"{"items":[{"id":NaN}]}"#, "NaN"),
    ] {
        let ran = script::<Plain>((0..9).map(|_| Reply::json(body)));
        assert_eq!(ran.seen.len(), 5, "{body}");
        assert!(ran.ids().is_empty());
        assert!(ran.error().contains(shown), "{}", ran.error());
        let ran = script::<Plain>([Reply::json(body), page(0..2, "")]);
        assert_eq!(ran.ids(), [0, 1], "{body}");
    }
}

#[test]
fn a_missing_records_path_is_refused_once() {
    let ran = script::<Plain>([Reply::json(r#"{"data":[]}"#)]);
    assert_eq!(ran.seen.len(), 1);
    assert!(ran.error().contains("items"), "{}", ran.error());
}

#[test]
fn refusals_fail_at_once_and_say_what_to_do() {
    for (status, part) in
        [(401, "check the credentials"), (403, "no right"), (404, "nothing at this address"), (422, "does not accept")]
    {
        let ran = script::<Plain>([Reply::status(status).body("no \u{1f}way")]);
        assert_eq!(ran.seen.len(), 1);
        assert!(ran.error().contains(part) && ran.error().contains("no way"), "{}", ran.error());
    }
}

#[test]
fn accepted_is_asked_again_and_no_content_is_no_record() {
    let ran = script::<Plain>([Reply::status(202), page(0..1, "")]);
    assert_eq!(ran.ids(), [0]);
    for status in [204, 304] {
        let ran = script::<Plain>([Reply::status(status)]);
        assert!(ran.error.is_none() && ran.ids().is_empty());
    }
}

#[test]
fn a_403_with_nothing_remaining_is_a_rate_limit() {
    let limited = Reply::status(403).header("X-RateLimit-Remaining", "0").header("X-RateLimit-Reset", "1704067260");
    let ran = script::<Plain>([limited, page(0..1, "")]);
    assert_eq!(ran.ids(), [0]);
    assert!(ran.clock.sleeps().contains(&Duration::from_secs(60)), "{:?}", ran.waits());
}

struct Ruled;

impl Case for Ruled {
    fn settings() -> Settings {
        Settings::new()
            .records("items")
            .rule(Rule::status(404).ignore())
            .rule(Rule::body("error", "ratelimited").rate_limited())
            .rule(Rule::body("error", "busy").retry().wait_at("again_in"))
            .rule(Rule::body("ok", false).fail("the workspace is archived"))
    }
}

#[test]
fn rules_speak_before_the_table() {
    assert!(script::<Ruled>([Reply::status(404)]).error.is_none());
    let ran = script::<Ruled>([Reply::json(r#"{"ok":false,"error":"ratelimited"}"#), page(0..1, "")]);
    assert_eq!(ran.ids(), [0]);
    let ran = script::<Ruled>([Reply::status(500).body(r#"{"error":"busy","again_in":33}"#), page(0..1, "")]);
    assert_eq!((ran.ids(), ran.waits()), (vec![0], vec![33]));
    let ran = script::<Ruled>([Reply::json(r#"{"ok":false}"#)]);
    assert!(ran.error().contains("the workspace is archived"), "{}", ran.error());
    // The flag stands behind the records: none of them has left.
    let ran = script::<Ruled>([page(0..3, r#","ok":false"#)]);
    assert!(ran.ids().is_empty() && ran.error().contains("archived"));
}

#[test]
fn a_secret_in_a_body_is_masked() {
    let ran = script::<Plain>([Reply::status(400).body("bad token hunter2hunter2")]);
    assert!(!ran.output.contains("hunter2hunter2") && !ran.error().contains("hunter2hunter2"), "{}", ran.output);
}

/// A body of more than a page's bytes, and how it ends.
fn large(end: &str) -> Reply {
    let pad = "x".repeat(1000);
    let mut reply = Reply::json("{\"items\":[");
    for id in 0..5000 {
        let comma = if id == 0 { "" } else { "," };
        reply = reply.body(format!(r#"{comma}{{"id":{id},"pad":"{pad}"}}"#));
    }
    reply.body(end.to_owned())
}

#[test]
fn a_large_body_that_breaks_is_asked_again_without_doubles() {
    let ran = script::<Plain>([large("").broken(), large(",{\"id\":5000}]}")]);
    assert_eq!(ran.error.as_ref().map(ToString::to_string), None);
    assert_eq!(ran.ids(), (0..=5000).collect::<Vec<_>>());
}

#[test]
fn a_stalled_body_is_given_up() {
    let memory = Memory::script([Reply::json("{\"items\":[").stalled(), page(0..1, "")]);
    let ran = read_with::<Plain>(memory, json!({}), |connector| {
        connector.with_limits(|limits| limits.idle_timeout = Duration::ZERO)
    });
    assert_eq!(ran.ids(), [0]);
}

struct Hooked;

impl Case for Hooked {
    fn parse(response: &Response<'_>, records: &mut Records<'_>) -> Result<Parsed> {
        for id in response.json::<Vec<u64>>()? {
            records.push_value(&json!({ "id": id }))?;
        }
        Ok(Parsed::Done)
    }
}

#[test]
fn a_hook_gets_the_whole_body() {
    let ran = script::<Hooked>([Reply::json("[4,").body("5]")]);
    assert_eq!(ran.ids(), [4, 5]);
    let ran = script::<Hooked>((0..9).map(|_| Reply::json("nonsense")));
    assert_eq!(ran.seen.len(), 5);
}

struct Formats;

impl Case for Formats {
    fn settings() -> Settings {
        Settings::new()
    }
}

#[test]
fn lines_and_csv_by_content_type() {
    let lines = Reply::status(200).header("Content-Type", "application/x-ndjson").body("{\"id\":1}\n{\"id\":2}\n");
    assert_eq!(script::<Formats>([lines]).ids(), [1, 2]);
    let csv = Reply::status(200)
        .header("Content-Type", "text/csv; charset=utf-8")
        .body("id,at\n1,\n2,2024-01-01T00:00:00Z\n");
    let ran = script::<Formats>([csv]);
    assert_eq!(ran.ids(), [1, 2], "{}", ran.output);
}

#[test]
fn enough_is_enough_in_the_middle_of_a_large_body() {
    let memory = Memory::script([large(",{\"id\":5000}]}")]);
    let clock = connector_core::clock::VirtualClock::new();
    let connector = connector_core::Connector::of::<super::kit::Api<Plain>>()
        .with_clock(clock)
        .with_extension(crate::transport::SharedTransport(std::sync::Arc::new(memory)));
    let sink = connector_core::sink::MemorySink::new();
    let request = connector_core::ReadRequest { limit: Some(7), ..connector_core::ReadRequest::all(json!({})) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(request, sink)).unwrap();
    assert_eq!(summary.records(), 7);
}
