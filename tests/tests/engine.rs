//! The core without HTTP: order of messages, states, faults that stay where they are.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use connector_core::cancel::Cancel;
use connector_core::clock::VirtualClock;
use connector_core::protocol::{ConfiguredCatalog, ConfiguredStream, IncomingState, Message, StreamName, SyncMode};
use connector_core::sink::{MemorySink, Records, Sink};
use connector_core::stream::StreamDescriptor;
use connector_core::{Connector, ErrorKind, ReadRequest, Result, Source, SourceContext, SourceInfo, Streams, Summary};
use connector_tests::messages;
use connector_tests::numbers::{Numbers, World};
use serde_json::{Value, json};

struct Run {
    summary: Summary,
    lines: Vec<Value>,
}

impl Run {
    /// What was said of one stream: statuses, and runs of records and states.
    fn story(&self, stream: &str) -> Vec<String> {
        let mut story: Vec<String> = Vec::new();
        for line in self.lines.iter().filter(|line| stream_of(line) == Some(stream)) {
            let word = match line["type"].as_str().unwrap() {
                "TRACE" if line["trace"]["type"] == "ERROR" => "ERROR".to_owned(),
                "TRACE" => line["trace"]["stream_status"]["status"].as_str().unwrap().to_owned(),
                "STATE" => format!(
                    "STATE {} {}",
                    line["state"]["stream"]["stream_state"], line["state"]["sourceStats"]["recordCount"]
                ),
                other => other.to_owned(),
            };
            if word != "RECORD" || story.last() != Some(&word) {
                story.push(word);
            }
        }
        story
    }

    fn records(&self, stream: &str) -> Vec<Value> {
        let of = |line: &&Value| line["type"] == "RECORD" && line["record"]["stream"] == stream;
        self.lines.iter().filter(of).map(|line| line["record"]["data"].clone()).collect()
    }

    fn states(&self) -> Vec<u8> {
        let states: Vec<&Value> =
            self.lines.iter().filter(|line| line["type"] == "STATE").map(|line| &line["state"]).collect();
        serde_json::to_vec(&states).unwrap()
    }
}

fn stream_of(line: &Value) -> Option<&str> {
    let places = [
        &line["record"]["stream"],
        &line["state"]["stream"]["stream_descriptor"]["name"],
        &line["trace"]["stream_status"]["stream_descriptor"]["name"],
        &line["trace"]["error"]["stream_descriptor"]["name"],
    ];
    places.into_iter().find_map(Value::as_str)
}

fn request(config: Value, streams: &[&str]) -> ReadRequest {
    let streams = Some(streams.iter().map(|stream| (*stream).to_owned()).collect());
    ReadRequest { streams, ..ReadRequest::all(config) }
}

async fn read(request: ReadRequest) -> Run {
    let sink = MemorySink::new();
    let summary = Connector::of::<Numbers>().read(request, sink.clone()).await.unwrap();
    let bytes = sink.bytes();
    messages::keep(env!("CARGO_TARGET_TMPDIR"), "read", i32::from(summary.error().is_some()), &bytes);
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Run { summary, lines: lines.map(|line| serde_json::from_slice(line).unwrap()).collect() }
}

#[tokio::test]
async fn a_stream_tells_its_statuses_in_order_and_its_state_before_complete() {
    let run = read(request(json!({"numbers": 9}), &["numbers"])).await;
    assert_eq!(run.story("numbers"), ["STARTED", "RUNNING", "RECORD", r#"STATE {"n":9} 9.0"#, "COMPLETE"]);
    assert_eq!(run.records("numbers").len(), 9);
    assert!(run.summary.error().is_none());
}

#[tokio::test]
async fn an_empty_stream_never_runs_and_still_has_a_state() {
    let run = read(request(json!({"letters": ""}), &["letters"])).await;
    assert_eq!(run.story("letters"), ["STARTED", "STATE {} 0.0", "COMPLETE"]);
}

#[tokio::test]
async fn the_next_sync_goes_on_from_the_state() {
    let first = read(request(json!({"numbers": 9}), &["numbers"])).await;
    let state = IncomingState::parse(&first.states()).unwrap();
    let second = read(ReadRequest { state, ..request(json!({"numbers": 12}), &["numbers"]) }).await;
    assert_eq!(second.records("numbers"), [json!({"n": 9}), json!({"n": 10}), json!({"n": 11}), json!({"n": 12})]);
    assert_eq!(second.story("numbers")[3], r#"STATE {"n":12} 4.0"#);
}

#[tokio::test]
async fn a_stream_without_an_order_makes_no_state_before_its_slice_ends() {
    let run = read(request(json!({"numbers": 9, "fail": "numbers"}), &["numbers"])).await;
    assert_eq!(run.story("numbers"), ["STARTED", "RUNNING", "RECORD", "STATE {} 4.0", "ERROR", "INCOMPLETE"]);
}

#[tokio::test]
async fn an_ascending_stream_keeps_what_it_had_when_it_failed() {
    let run = read(request(json!({"numbers": 9, "ascending": true, "fail": "numbers"}), &["numbers"])).await;
    let story = run.story("numbers");
    assert_eq!(
        story[story.len() - 3..],
        [r#"STATE {"n":4} 4.0"#.to_owned(), "ERROR".to_owned(), "INCOMPLETE".to_owned()]
    );
}

#[tokio::test]
async fn a_failed_stream_does_not_stop_the_others() {
    let run = read(request(json!({"fail": "letters"}), &["numbers", "letters"])).await;
    assert_eq!(run.story("numbers").last().unwrap(), "COMPLETE");
    assert_eq!(run.story("letters").last().unwrap(), "INCOMPLETE");
    let error = run.summary.error().unwrap();
    assert_eq!(error.to_string(), "stream `letters`: the server answered 500");
    assert_eq!(error.failure_type().as_str(), "transient_error");
}

#[tokio::test]
async fn a_panic_is_the_failure_of_its_stream() {
    let run = read(request(json!({"panic": "numbers"}), &["numbers", "letters"])).await;
    assert_eq!(run.story("numbers").last().unwrap(), "INCOMPLETE");
    assert_eq!(run.story("letters").last().unwrap(), "COMPLETE");
    let error = run.summary.error().unwrap();
    assert_eq!(error.kind(), ErrorKind::Panic);
    assert!(error.message().contains("planted"), "{error}");
}

#[tokio::test]
async fn a_parent_that_nobody_selected_feeds_its_sub_stream_in_silence() {
    let run = read(request(json!({"letters": "abc"}), &["pairs"])).await;
    let mut pairs: Vec<String> =
        run.records("pairs").iter().map(|pair| pair["letter"].as_str().unwrap().to_owned()).collect();
    pairs.sort();
    assert_eq!(pairs, ["aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"]);
    assert!(run.lines.iter().all(|line| stream_of(line) != Some("letters")));
}

#[tokio::test]
async fn more_parents_than_places_in_the_queue_are_all_read() {
    let letters: String = ('\u{4e00}'..).take(2_000).collect();
    let connector = Connector::of::<Numbers>().with_limits(|limits| {
        limits.waiting_partitions = 1;
        limits.slices = 1;
        limits.output_bytes = 1;
    });
    let sink = MemorySink::new();
    let request = request(json!({"letters": letters, "page": 7}), &["letters", "pairs"]);
    let summary = connector.read(ReadRequest { limit: Some(5_000), ..request }, sink).await.unwrap();
    assert!(summary.error().is_none(), "{:?}", summary.error());
    assert_eq!(summary.records(), 2_000 + 5_000);
}

#[tokio::test]
async fn a_partition_that_fails_does_not_stop_the_others_of_its_stream() {
    let run = read(request(json!({"letters": "abc", "page": 9, "fail": r#"pairs letter="b""#}), &["pairs"])).await;
    assert_eq!(run.records("pairs").len(), 9);
    assert_eq!(run.story("pairs").last().unwrap(), "INCOMPLETE");
    let error = run.summary.error().unwrap();
    assert_eq!(error.to_string(), r#"stream `pairs`, letter="b": the server answered 500"#);
}

#[tokio::test]
async fn the_failure_of_a_parent_is_the_failure_of_its_sub_stream() {
    let run = read(request(json!({"fail": "letters"}), &["pairs"])).await;
    assert_eq!(run.story("pairs").last().unwrap(), "INCOMPLETE");
    let error = run.summary.error().unwrap();
    assert_eq!(error.message(), "its parent stream `letters` failed: the server answered 500");
}

#[tokio::test]
async fn an_unknown_stream_fails_alone() {
    let catalog = ConfiguredCatalog::parse(
        &serde_json::to_vec(&json!({"streams": [
            {"stream": {"name": "lettres", "json_schema": {}}, "sync_mode": "full_refresh", "destination_sync_mode": "append"},
            {"stream": {"name": "numbers", "json_schema": {}}, "sync_mode": "sideways", "destination_sync_mode": "append"},
            {"stream": {"name": "letters", "json_schema": {}}, "sync_mode": "incremental", "destination_sync_mode": "append"},
        ]}))
        .unwrap(),
    )
    .unwrap();
    let run = read(ReadRequest { catalog: Some(catalog), ..ReadRequest::all(json!({})) }).await;
    assert_eq!(run.story("lettres"), ["STARTED", "ERROR", "INCOMPLETE"]);
    assert_eq!(run.story("numbers"), ["STARTED", "ERROR", "INCOMPLETE"]);
    assert_eq!(run.story("letters").last().unwrap(), "COMPLETE");
    let texts: Vec<_> =
        run.summary.streams().iter().filter_map(|stream| Some(stream.error.as_ref()?.to_string())).collect();
    assert_eq!(texts[0], "stream `lettres`: the source has no stream `lettres`; did you mean `letters`?");
    assert!(texts[1].contains("sync mode `sideways`"), "{}", texts[1]);
}

#[tokio::test]
async fn a_limit_stops_each_stream_and_leaves_the_state_where_it_was() {
    let request = request(json!({"numbers": 9}), &["numbers"]);
    let run = read(ReadRequest { limit: Some(3), ..request }).await;
    assert_eq!(run.records("numbers"), [json!({"n": 1}), json!({"n": 2}), json!({"n": 3})]);
    assert_eq!(run.story("numbers"), ["STARTED", "RUNNING", "RECORD", "STATE {} 3.0", "COMPLETE"]);
}

#[tokio::test]
async fn a_stop_leaves_the_stream_incomplete_and_its_reason_transient() {
    let cancel = Cancel::new();
    let request =
        ReadRequest { cancel: cancel.clone(), ..request(json!({"hang": "numbers"}), &["numbers", "letters"]) };
    let (run, ()) = tokio::join!(read(request), async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        cancel.cancel("the sync was stopped by a test");
    });
    assert_eq!(run.story("numbers").last().unwrap(), "INCOMPLETE");
    assert_eq!(run.story("letters").last().unwrap(), "COMPLETE");
    let error = run.summary.error().unwrap();
    assert_eq!(error.failure_type().as_str(), "transient_error");
}

/// A reader that goes away after some lines.
struct Closing(u32);

impl Sink for Closing {
    fn records(&mut self, _: &Records) -> std::io::Result<()> {
        self.0 = self.0.checked_sub(1).ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok(())
    }

    fn message(&mut self, _: &Message) -> std::io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_closed_output_ends_the_sync() {
    let request = request(json!({"numbers": 1_000_000}), &["numbers"]);
    let error = Connector::of::<Numbers>().read(request, Closing(3)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Output);
}

#[tokio::test]
async fn check_reads_one_page_and_emits_nothing() {
    let status = Connector::of::<Numbers>().check(json!({"numbers": 1_000_000})).await;
    assert_eq!(serde_json::to_value(status).unwrap()["status"], "SUCCEEDED");
    let status = Connector::of::<Numbers>().check(json!({"numbers": "many"})).await;
    let status = serde_json::to_value(status).unwrap();
    assert_eq!(status["status"], "FAILED");
    assert!(status["message"].as_str().unwrap().contains("numbers"), "{status}");
}

#[tokio::test]
async fn a_panic_in_a_hook_is_the_failure_of_its_stream() {
    for hook in ["partitions", "cursor"] {
        let run = read(request(json!({"panic": format!("numbers {hook}")}), &["numbers", "letters"])).await;
        assert_eq!(run.story("numbers"), ["STARTED", "ERROR", "INCOMPLETE"]);
        assert_eq!(run.story("letters").last().unwrap(), "COMPLETE");
        let error = run.summary.error().unwrap();
        assert_eq!(error.kind(), ErrorKind::Panic);
        assert!(error.message().contains(&format!("planted in {hook}")), "{error}");
    }
}

#[tokio::test]
async fn slices_side_by_side_keep_their_own_order() {
    let config = json!({"rows": 50, "users": 12, "page": 7, "seed": 3, "ascending": true});
    let run = read(request(config, &["tasks"])).await;
    let rows = run.records("tasks");
    assert_eq!(rows.len(), 600);
    let partitions: Vec<_> = rows.iter().map(|row| row["of"].as_u64().unwrap()).collect();
    assert!(!partitions.is_sorted(), "nothing was read side by side");
    for user in 1..=12 {
        let ids = rows.iter().filter(|row| row["of"] == user).map(|row| row["id"].as_u64().unwrap());
        assert!(ids.eq(0..50), "user {user}");
    }
}

/// Moves the time on until something is said.
async fn until(clock: &VirtualClock, sink: &MemorySink, said: impl Fn(&str) -> bool) -> String {
    for _ in 0..10_000 {
        let bytes = sink.bytes();
        let text = String::from_utf8(bytes).unwrap();
        if let Some(line) = text.lines().find(|line| said(line)) {
            return line.to_owned();
        }
        clock.advance(std::time::Duration::from_secs(10));
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    panic!("it was not said: {}", String::from_utf8(sink.bytes()).unwrap());
}

#[tokio::test]
async fn a_sync_in_which_nothing_moves_says_who_waits_and_stays_alive() {
    let (clock, sink, cancel) = (VirtualClock::new(), MemorySink::new(), Cancel::new());
    let config = json!({"letters": "abc", "rows": 3, "hang": "letters", "page": 2});
    let both = request(config, &["letters", "pairs", "events"]);
    let connector = Connector::of::<Numbers>().with_clock(clock.clone());
    let (summary, ()) =
        tokio::join!(connector.read(ReadRequest { cancel: cancel.clone(), ..both }, sink.clone()), async {
            let warning = until(&clock, &sink, |line| line.contains("nothing has moved")).await;
            assert!(warning.contains(r"stream `letters` waits for the source (since "), "{warning}");
            assert!(warning.contains(r"stream `pairs` waits for its parent (since "), "{warning}");
            assert!(!warning.contains("events"), "{warning}");
            let alive = |line: &str| line.contains(r#""STATE""#) && line.contains("letters");
            let state = until(&clock, &sink, alive).await;
            assert!(state.contains(r#""recordCount":2.0"#), "{state}");
            let again = |line: &str| alive(line) && line.contains(r#""recordCount":0.0"#);
            until(&clock, &sink, again).await;
            cancel.cancel("the sync was stopped by a test");
        });
    assert_eq!(summary.unwrap().error().unwrap().failure_type().as_str(), "transient_error");
    let text = String::from_utf8(sink.bytes()).unwrap();
    let signs = text.lines().filter(|line| line.contains(r#""STATE""#) && line.contains(r#""name":"events""#)).count();
    assert_eq!(signs, 1, "a stream that has ended says nothing more");
}

/// A full refresh of `archive` as an attempt of a job, from these states.
async fn attempt(config: Value, job: i64, states: &[u8]) -> Run {
    let mut stream = ConfiguredStream::new(StreamName::new("archive"), SyncMode::FullRefresh);
    stream.sync_id = Some(job);
    let catalog = Some(ConfiguredCatalog::new(vec![stream]));
    let state = IncomingState::parse(states).unwrap();
    read(ReadRequest { catalog, state, ..ReadRequest::all(config) }).await
}

#[tokio::test]
async fn a_full_refresh_goes_on_at_a_page_within_one_job_only() {
    let whole = json!({"rows": 12, "page": 4});
    let failing = json!({"rows": 12, "page": 4, "fail": "archive"});
    let first = attempt(failing, 7, b"[]").await;
    assert_eq!(first.story("archive")[3], r#"STATE {"resume":{"page":4,"sync_id":7}} 4.0"#);

    let second = attempt(whole.clone(), 7, &first.states()).await;
    assert_eq!(second.records("archive").len(), 8);
    let end = second.story("archive").split_off(3);
    assert_eq!(end, ["STATE {} 8.0", "COMPLETE"], "a final state is never a resume point");

    let other_job = attempt(whole.clone(), 8, &first.states()).await;
    assert_eq!(other_job.records("archive").len(), 12);
    let no_job = request(whole, &["archive"]);
    let state = IncomingState::parse(&first.states()).unwrap();
    assert_eq!(read(ReadRequest { state, ..no_job }).await.records("archive").len(), 12);
}

#[tokio::test]
async fn discover_says_which_streams_are_resumable() {
    let catalog = Connector::of::<Numbers>().discover();
    let of = |name: &str| catalog.streams.iter().find(|stream| stream.name == name).unwrap().is_resumable;
    assert_eq!((of("archive"), of("notes"), of("events")), (Some(true), Some(false), Some(true)));
}

/// The events whose rows a stream has, in order.
fn events_of(run: &Run, stream: &str) -> Vec<u64> {
    let mut events: Vec<_> = run.records(stream).iter().map(|row| row["of"].as_u64().unwrap()).collect();
    events.sort_unstable();
    events.dedup();
    events
}

#[tokio::test]
async fn a_parent_with_a_state_is_read_a_second_time_for_a_sub_stream_that_needs_all_of_it() {
    let first = read(request(json!({"rows": 6}), &["events", "echoes"])).await;
    let state = IncomingState::parse(&first.states()).unwrap();
    let second = read(ReadRequest { state, ..request(json!({"rows": 9}), &["events", "echoes"]) }).await;
    assert_eq!(events_of(&second, "echoes"), (0..9).collect::<Vec<_>>());
    assert_eq!(second.records("events").len(), 6, "three new ones, and three on the border");
}

#[tokio::test]
async fn an_incremental_dependency_visits_the_parents_that_changed() {
    for child in ["replies", "answers"] {
        let first = read(request(json!({"rows": 6}), &["events", child])).await;
        assert_eq!(events_of(&first, child), (0..6).collect::<Vec<_>>());
        let state = IncomingState::parse(&first.states()).unwrap();
        let own = first.story(child).into_iter().rfind(|word| word.starts_with("STATE")).unwrap();
        assert!(own.contains(r#""parent_state":{"events":{"n":1}}"#), "{own}");

        let grown = json!({"rows": 9, "fail": format!("{child} id=8")});
        let failed = read(ReadRequest { state: state.clone(), ..request(grown.clone(), &["events", child]) }).await;
        assert_eq!(failed.story(child).last().unwrap(), "INCOMPLETE");
        let own = failed.story(child).into_iter().rfind(|word| word.starts_with("STATE")).unwrap();
        assert!(own.contains(r#""parent_state":{"events":{"n":1}}"#), "a partition is still to be read: {own}");

        // The parent is ahead of the sub-stream's own state of it now; alone it would not show event 8 again.
        let state = IncomingState::parse(&failed.states()).unwrap();
        let next = read(ReadRequest { state, ..request(json!({"rows": 12}), &["events", child]) }).await;
        assert!(events_of(&next, child).starts_with(&[3]), "{:?}", events_of(&next, child));
        assert!((6..12).all(|event| child == "answers" || events_of(&next, child).contains(&event)));
        assert!(events_of(&next, child).contains(&8));
        let own = next.story(child).into_iter().rfind(|word| word.starts_with("STATE")).unwrap();
        assert!(own.contains(r#""parent_state":{"events":{"n":3}}"#), "{own}");
    }
}

#[tokio::test]
async fn a_stream_with_an_incremental_dependency_is_incremental() {
    let catalog = Connector::of::<Numbers>().discover();
    let of = |name: &str| catalog.streams.iter().find(|stream| stream.name == name).unwrap().is_incremental();
    assert_eq!((of("replies"), of("echoes")), (true, false));
}

#[tokio::test]
async fn parents_that_a_limit_hides_are_not_taken_for_gone() {
    for (limit, complete) in [(None, true), (Some(4), false)] {
        let request = request(json!({"rows": 0, "users": 9, "page": 2}), &["users", "tasks"]);
        let run = read(ReadRequest { limit, ..request }).await;
        assert_eq!(run.story("tasks").last().unwrap(), "COMPLETE");
        let state = run.story("tasks").into_iter().rfind(|word| word.starts_with("STATE")).unwrap();
        assert!(state.contains(&format!(r#""complete":{complete}"#)), "limit {limit:?}: {state}");
    }
}

#[tokio::test]
async fn the_config_can_say_how_many_slices_are_read_side_by_side() {
    for (slices, in_order) in [(1, true), (6, false)] {
        let config = json!({"rows": 30, "users": 6, "page": 5, "seed": 3, "slices": slices});
        let run = read(request(config, &["tasks"])).await;
        let partitions: Vec<_> = run.records("tasks").iter().map(|row| row["of"].as_u64().unwrap()).collect();
        assert_eq!(partitions.is_sorted(), in_order, "{slices} slices");
    }
}

#[tokio::test]
async fn windows_of_one_partition_stay_in_order() {
    let config = json!({"rows": 60, "shards": 4, "page": 2, "step": 3, "seed": 5, "ascending": true});
    let run = read(request(config, &["shards"])).await;
    for shard in 0..4 {
        let rows = run.records("shards").into_iter().filter(|row| row["of"] == shard);
        assert!(rows.map(|row| row["id"].as_u64().unwrap()).eq(0..60), "shard {shard}");
    }
}

#[tokio::test]
async fn estimates_of_slices_are_told_as_their_sum() {
    let run = read(request(json!({"rows": 30, "users": 40, "estimate": true}), &["tasks"])).await;
    let estimates: Vec<_> = run.lines.iter().filter(|line| line["trace"]["type"] == "ESTIMATE").collect();
    let rows: Vec<_> =
        estimates.iter().map(|line| line["trace"]["estimate"]["row_estimate"].as_u64().unwrap()).collect();
    assert!(rows.is_sorted() && rows[0] == 30 && *rows.last().unwrap() > 1_000, "{rows:?}");
    assert!(rows.len() < 40, "not one line a slice: {rows:?}");
    assert_eq!(estimates[0]["trace"]["estimate"]["type"], "STREAM");
}

#[tokio::test]
async fn a_parent_is_not_read_on_when_its_last_sub_stream_has_ended() {
    let config = json!({"rows": 5, "users": 100_000, "page": 10});
    let run = read(ReadRequest { limit: Some(20), ..request(config, &["notes"]) }).await;
    assert_eq!(run.records("notes").len(), 20);
    let pages = run.lines.iter().filter_map(|line| line["log"]["message"].as_str());
    let parent = pages.filter(|line| line.contains("stream `users`")).collect::<Vec<_>>();
    let pages = parent.iter().find_map(|line| line.split("; ").nth(1)?.split(' ').next()?.parse::<u64>().ok());
    assert!(pages.unwrap() < 100, "{parent:?}");
}

fn sorted(mut rows: Vec<String>) -> Vec<String> {
    rows.sort_unstable();
    rows
}

fn rows_of(run: &Run, stream: &str) -> Vec<String> {
    sorted(run.records(stream).iter().map(ToString::to_string).collect())
}

/// As records are compared: their keys in the order of `serde_json`.
fn truth(config: &Value, stream: &str) -> Vec<String> {
    let parsed = |row: &String| serde_json::from_str::<Value>(row).unwrap().to_string();
    sorted(World::new(config).truth(stream).iter().map(parsed).collect())
}

#[tokio::test]
async fn several_parents_give_the_partitions_of_all_of_them_once() {
    for seed in 1..=20 {
        let config = json!({"rows": 11, "users": 7, "page": 3, "seed": seed, "slices": 1 + seed % 4});
        for streams in [
            &["marks"][..],
            &["marks", "users"],
            &["users", "events", "marks"],
            &["labels"],
            &["traces"],
            &["labels", "events", "traces", "spans", "marks"],
        ] {
            let run = read(request(config.clone(), streams)).await;
            assert!(run.summary.error().is_none(), "{:?}", run.summary.error());
            for stream in streams {
                assert_eq!(rows_of(&run, stream), truth(&config, stream), "{stream} of {streams:?}, seed {seed}");
            }
        }
    }
}

/// Each of a user's notes, and the user: whoever is ahead, none waits for the other for ever.
#[tokio::test]
async fn parents_that_feed_each_other_do_not_wait_in_a_circle() {
    for (seed, room) in (1..=20).zip([1, 2, 1, 3].into_iter().cycle()) {
        let config = json!({"rows": 9, "users": 40, "page": 2, "seed": seed});
        let connector = Connector::of::<Numbers>().with_limits(|limits| {
            (limits.waiting_partitions, limits.slices, limits.output_bytes) = (room, room, 1);
        });
        let both = request(config.clone(), &["knots", "notes"]);
        let read = connector.read(both, MemorySink::new());
        let summary = tokio::time::timeout(std::time::Duration::from_secs(60), read).await.unwrap().unwrap();
        assert!(summary.error().is_none(), "{:?}", summary.error());
        // 40 users and 360 notes have 2 knots each.
        assert_eq!(summary.records(), 360 + 400 * 2);
        assert_eq!(truth(&config, "knots").len(), 800);
    }
}

#[tokio::test]
async fn two_parents_give_each_pair_of_their_records_once() {
    for (seed, room) in (1..=10).zip([1, 2, 256].into_iter().cycle()) {
        let config = json!({"rows": 6, "users": 5, "page": 2, "seed": seed});
        let connector = Connector::of::<Numbers>().with_limits(|limits| {
            (limits.waiting_partitions, limits.slices) = (room, 3);
        });
        for streams in [&["duels"][..], &["notes", "duels"]] {
            let sink = MemorySink::new();
            let read = connector.read(request(config.clone(), streams), sink.clone());
            let summary = tokio::time::timeout(std::time::Duration::from_secs(60), read).await.unwrap().unwrap();
            assert!(summary.error().is_none(), "{:?}", summary.error());
            let bytes = sink.bytes();
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
            let run = Run { summary, lines: lines.map(|line| serde_json::from_slice(line).unwrap()).collect() };
            assert_eq!(rows_of(&run, "duels"), truth(&config, "duels"), "{streams:?}, seed {seed}, room {room}");
        }
    }
    // They are held in memory, so there is a limit.
    let connector = Connector::of::<Numbers>().with_limits(|limits| limits.paired_records = 30);
    let few = connector.read(request(json!({"rows": 6, "users": 5}), &["duels"]), MemorySink::new()).await.unwrap();
    let error = few.error().unwrap();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert!(error.message().contains("more than the 30 records"), "{error}");
}

#[tokio::test]
async fn the_failure_of_one_parent_leaves_the_partitions_of_the_other() {
    for (failing, parent) in [("users", "events"), ("events", "users")] {
        let config = json!({"rows": 9, "users": 9, "page": 2, "fail": failing});
        let run = read(request(config.clone(), &["labels"])).await;
        assert_eq!(run.story("labels").last().unwrap(), "INCOMPLETE");
        let text = format!("its parent stream `{failing}` failed: the server answered 500");
        assert_eq!(run.summary.error().unwrap().message(), text);
        let side = u64::from(parent == "events");
        let partitions = events_of(&run, "labels");
        assert_eq!(partitions.iter().filter(|of| *of % 2 == side).count(), 9, "{failing} failed: {partitions:?}");
        let state = run.story("labels").into_iter().rfind(|word| word.starts_with("STATE")).unwrap();
        assert!(state.contains(r#""complete":false"#), "{state}");
    }
}

#[tokio::test]
async fn parents_that_are_read_incrementally_keep_a_state_each() {
    let config = json!({"rows": 6, "page": 2});
    let first = read(request(config, &["traces"])).await;
    let own = first.story("traces").into_iter().rfind(|word| word.starts_with("STATE")).unwrap();
    assert!(own.contains(r#"{"parent_state":{"events":{"n":1},"spans":{"n":1}}}"#), "{own}");
    let from = |state: &[u8]| IncomingState::parse(state).unwrap();

    // One of the parents fails: neither state moves, so nothing of the other is left out either.
    for fail in ["traces kind=\"span\" id=8", "spans"] {
        let failing = json!({"rows": 9, "page": 2, "fail": fail});
        let failed = read(ReadRequest { state: from(&first.states()), ..request(failing, &["traces"]) }).await;
        assert_eq!(failed.story("traces").last().unwrap(), "INCOMPLETE");
        let own = failed.story("traces").into_iter().rfind(|word| word.starts_with("STATE")).unwrap();
        assert!(own.contains(r#"{"parent_state":{"events":{"n":1},"spans":{"n":1}}}"#), "{fail}: {own}");
    }

    let grown = json!({"rows": 9, "page": 2});
    let next = read(ReadRequest { state: from(&first.states()), ..request(grown.clone(), &["traces"]) }).await;
    assert_eq!(
        events_of(&next, "traces"),
        (6..18).collect::<Vec<_>>(),
        "the last three events and spans on the border, and the new ones"
    );
    // As the Python framework writes it; of a parent without a state all is read.
    let python = json!([{"type": "STREAM", "stream": {"stream_descriptor": {"name": "traces"}, "stream_state": {
        "use_global_cursor": false, "states": [], "state": {}, "parent_state": {"events": {"n": 2}}
    }}}]);
    let state = from(python.to_string().as_bytes());
    let next = read(ReadRequest { state, ..request(grown, &["traces"]) }).await;
    let partitions: Vec<_> = (0..9).map(|span| span * 2 + 1).chain([12, 14, 16]).collect();
    let mut found = events_of(&next, "traces");
    found.sort_by_key(|of| (of % 2 == 0, *of));
    assert_eq!(found, partitions);
}

#[tokio::test]
async fn the_python_frameworks_state_of_several_parents_is_accepted() {
    // User 1 and event 1, under names of their own; event 2 has none.
    let python = json!([{"type": "STREAM", "stream": {"stream_descriptor": {"name": "labels"}, "stream_state": {
        "use_global_cursor": false, "lookback_window": 1, "parent_state": {}, "state": {"n": 9}, "states": [
            {"partition": {"user_id": 1, "parent_slice": {}}, "cursor": {"n": 3}},
            {"partition": {"event_id": 1, "parent_slice": {}}, "cursor": {"n": 2}},
            {"partition": {"event_id": 0, "parent_slice": {}}, "cursor": {"n": 3}},
        ]
    }}}]);
    let state = IncomingState::parse(python.to_string().as_bytes()).unwrap();
    let config = json!({"rows": 3, "users": 1, "replies": 12});
    let run = read(ReadRequest { state, ..request(config, &["labels"]) }).await;
    assert!(run.summary.error().is_none(), "{:?}", run.summary.error());
    let of = |partition: u64| -> Vec<u64> {
        let rows = run.records("labels").into_iter().filter(|row| row["of"] == partition);
        let mut ids: Vec<_> = rows.map(|row| row["id"].as_u64().unwrap()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(of(1), (9..12).collect::<Vec<_>>(), "event 0 goes on");
    assert_eq!(of(5), (0..12).collect::<Vec<_>>(), "event 2 begins");
    // User 1 and event 1 look alike: the first goes on at the lower value, nothing of the other is left out.
    for partition in [2, 3] {
        assert!(of(partition).ends_with(&[6, 7, 8, 9, 10, 11]), "{partition}: {:?}", of(partition));
    }
}

#[tokio::test]
async fn a_partition_that_comes_again_is_read_once() {
    let run = read(request(json!({"letters": "abcab"}), &["letters", "pairs"])).await;
    // Each of three letters has five pairs.
    assert_eq!((run.records("letters").len(), run.records("pairs").len()), (5, 15));
    let told =
        |line: &Value| line["log"]["message"].as_str().is_some_and(|text| text.contains("2 partitions came again"));
    assert!(run.lines.iter().any(told));
}

/// The same source, but `check` looks at a sub-stream.
struct ChecksPairs(Arc<Numbers>);

impl Source for ChecksPairs {
    const INFO: SourceInfo = Numbers::INFO;

    fn config_schema() -> Value {
        Numbers::config_schema()
    }

    fn from_config(config: &Value) -> Result<Self> {
        Numbers::from_config(config).map(Arc::new).map(Self)
    }

    fn descriptors() -> Vec<&'static StreamDescriptor> {
        Numbers::descriptors()
    }

    fn streams(self: Arc<Self>, cx: &SourceContext) -> Result<Streams> {
        Arc::clone(&self.0).streams(cx)
    }

    fn check_streams() -> &'static [&'static str] {
        &["pairs"]
    }
}

#[tokio::test]
async fn check_reads_a_page_of_a_sub_stream_too() {
    for (config, status) in [(json!({}), "SUCCEEDED"), (json!({"panic": r#"pairs read"#}), "FAILED")] {
        let answer = Connector::of::<ChecksPairs>().check(config).await;
        assert_eq!(serde_json::to_value(answer).unwrap()["status"], status);
    }
}
