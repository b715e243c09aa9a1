//! Streams with partitions.

use serde_json::{Value, json};

use super::support::{ID, at, close, moment, partition, reopened, spec, starts};
use crate::cursor::{CursorSpec, NewPartitions, Span};
use crate::state::{Listed, PartitionKey, StreamState};

const FIRST: &str = "2024-06-01T00:00:00Z";
const SECOND: &str = "2024-06-02T00:00:00Z";
const THIRD: &str = "2024-06-03T00:00:00Z";

fn started() -> CursorSpec {
    spec().start(Some(moment("2020-01-01T00:00:00Z")))
}

/// Reads a partition to its end; returns where it started.
fn read(state: &mut StreamState, id: i64, values: &[&str]) -> String {
    let key = partition(id);
    let windows: Vec<_> = state.windows(&key).collect();
    for window in &windows {
        close(state, &key, window, values);
    }
    windows[0].start.as_ref().unwrap().to_text()
}

fn first(spec: CursorSpec) -> StreamState {
    StreamState::open_partitioned(Some(spec), None, at(FIRST)).unwrap()
}

fn next(state: &StreamState, spec: CursorSpec, now: &str) -> StreamState {
    reopened(spec, &state.document(), now)
}

#[test]
fn finished_partitions_start_where_they_were_asked_up_to() {
    let mut state = first(started());
    assert_eq!(read(&mut state, 1, &[r#""2021-01-01T00:00:00Z""#]), "2020-01-01T00:00:00Z");
    read(&mut state, 2, &[]);
    state.finish(Listed::All);
    let mut state = next(&state, started(), SECOND);
    assert_eq!(read(&mut state, 1, &[]), FIRST);
    assert_eq!(read(&mut state, 2, &[]), FIRST);
    assert_eq!(read(&mut state, 3, &[]), "2020-01-01T00:00:00Z", "unknown: from the configured start");
}

#[test]
fn a_partition_that_was_not_read_to_its_end_lags() {
    let mut state = first(started());
    read(&mut state, 1, &[]);
    read(&mut state, 2, &[]);
    state.finish(Listed::All);
    let mut state = next(&state, started(), SECOND);
    read(&mut state, 1, &[]);
    assert_eq!(state.windows(&partition(2)).count(), 1);
    state.abandon(&partition(2));
    assert_eq!(state.windows(&partition(3)).count(), 1);
    state.finish(Listed::All);
    let mut state = next(&state, started(), THIRD);
    assert_eq!(read(&mut state, 1, &[]), SECOND);
    assert_eq!(read(&mut state, 2, &[]), FIRST);
    assert_eq!(read(&mut state, 3, &[]), "2020-01-01T00:00:00Z");
}

#[test]
fn ended_windows_of_an_open_partition_count() {
    let spec = started().step(Span::years(1)).granularity(Span::seconds(1));
    let mut state = first(spec.clone());
    let key = partition(1);
    let windows: Vec<_> = state.windows(&key).collect();
    close(&mut state, &key, &windows[0], &[r#""2020-05-05T00:00:00Z""#]);
    close(&mut state, &key, &windows[2], &[r#""2022-05-05T00:00:00Z""#]);
    let mut state = next(&state, spec, SECOND);
    assert_eq!(starts(&mut state, &key)[0].as_deref(), Some("2020-05-05T00:00:00Z"));
}

#[test]
fn a_parent_that_comes_twice_is_read_once() {
    let mut state = first(started());
    assert_eq!(state.windows(&partition(1)).count(), 1);
    assert_eq!(state.windows(&partition(1)).count(), 0);
    assert_eq!(state.duplicates(), 1);
    state.abandon(&partition(1));
    read(&mut state, 2, &[]);
    assert_eq!(state.windows(&partition(2)).count(), 0);
}

#[test]
fn integers_have_no_bound_so_each_partition_keeps_its_own_value() {
    let spec = CursorSpec::new(ID);
    let mut state = first(spec.clone());
    for (id, value) in [(1, "17"), (2, "4")] {
        let key = partition(id);
        let window = state.windows(&key).next().unwrap();
        close(&mut state, &key, &window, &[value]);
    }
    state.finish(Listed::All);
    let mut state = next(&state, spec, SECOND);
    assert_eq!(starts(&mut state, &partition(1)), [Some("17".to_owned())]);
    assert_eq!(starts(&mut state, &partition(2)), [Some("4".to_owned())]);
    assert_eq!(starts(&mut state, &partition(3)), [None]);
}

#[test]
fn from_watermark_remembers_no_members() {
    let spec = started().new_partitions(NewPartitions::FromWatermark);
    let mut state = first(spec.clone());
    for id in 0..100 {
        read(&mut state, id, &[]);
    }
    state.finish(Listed::All);
    assert!(state.document().to_string().len() < 200, "{}", state.document());
    let mut state = next(&state, spec, SECOND);
    assert_eq!(read(&mut state, 1, &[]), FIRST);
    assert_eq!(read(&mut state, 1000, &[]), FIRST);
}

#[test]
fn the_lookback_is_taken_off_once() {
    let spec = started().lookback(Span::days(2));
    let mut state = first(spec.clone());
    read(&mut state, 1, &[]);
    state.finish(Listed::All);
    let mut state = next(&state, spec, SECOND);
    assert_eq!(read(&mut state, 1, &[]), "2024-05-30T00:00:00Z");
}

#[test]
fn gone_partitions_are_forgotten_after_some_complete_syncs() {
    let mut state = first(started());
    read(&mut state, 1, &[]);
    read(&mut state, 2, &[]);
    state.finish(Listed::All);
    for day in 2..9 {
        state = next(&state, started(), &format!("2024-06-{day:02}T00:00:00Z"));
        read(&mut state, 1, &[]);
        state.finish(Listed::All);
    }
    let document = state.document();
    assert_eq!(document["partitions"]["groups"].as_array().unwrap().len(), 1, "{document}");
    let mut state = next(&state, started(), "2024-06-20T00:00:00Z");
    assert_eq!(read(&mut state, 2, &[]), "2020-01-01T00:00:00Z");
}

#[test]
fn groups_stay_few_where_parents_are_read_incrementally() {
    let mut state = first(started());
    for day in 0..60_i64 {
        let now = (at(FIRST) + chrono::TimeDelta::days(day)).to_rfc3339();
        state = next(&state, started(), &now);
        read(&mut state, day, &[]);
        state.finish(Listed::Changed);
    }
    let groups = state.document()["partitions"]["groups"].as_array().unwrap().len();
    assert!(groups <= 24, "{groups}");
    let mut state = next(&state, started(), "2024-12-01T00:00:00Z");
    for day in 0..60 {
        assert!(read(&mut state, day, &[]).as_str() >= FIRST, "partition {day} is remembered");
    }
    assert!(state.document()["partitions"]["groups"].as_array().unwrap().len() <= 24);
}

fn python() -> Value {
    json!({
        "use_global_cursor": false,
        "states": [
            {"partition": {"parent_slice": {}, "user_id": 1}, "cursor": {"updated_at": "2023-01-01T00:00:00Z"}},
            {"partition": {"parent_slice": {}, "user_id": 2}, "cursor": {}},
            {"partition": {"parent_slice": {}, "user_id": 3}, "cursor": {"updated_at": "2023-03-01T00:00:00Z"}},
        ],
        "state": {"updated_at": "2023-05-01T00:00:00Z"},
        "lookback_window": 60,
        "parent_state": {"users": {"updated_at": "2023-04-01T00:00:00Z"}},
    })
}

#[test]
fn python_partitions_go_on_where_they_were() {
    let mut state = reopened(started(), &python(), FIRST);
    assert_eq!(state.parents(), Some(&json!({"users": {"updated_at": "2023-04-01T00:00:00Z"}})));
    assert_eq!(read(&mut state, 1, &[]), "2023-01-01T00:00:00Z");
    assert_eq!(read(&mut state, 2, &[]), "2020-01-01T00:00:00Z");
    assert_eq!(read(&mut state, 9, &[]), "2020-01-01T00:00:00Z", "new since then");
    let mut state = next(&state, started(), SECOND);
    assert_eq!(read(&mut state, 3, &[]), "2023-03-01T00:00:00Z", "not met in the first sync");
    assert_eq!(read(&mut state, 1, &[]), FIRST);
    assert_eq!(state.parents(), Some(&json!({"users": {"updated_at": "2023-04-01T00:00:00Z"}})));
}

#[test]
fn a_python_global_state_counts_for_all_until_all_are_read() {
    let global =
        json!({"use_global_cursor": true, "state": {"updated_at": "2023-05-01T00:00:00Z"}, "lookback_window": 60});
    for document in [global, json!({"updated_at": "2023-04-30T23:59:00Z"})] {
        let mut state = reopened(started(), &document, FIRST);
        assert_eq!(read(&mut state, 1, &[]), "2023-04-30T23:59:00Z");
        let mut state = next(&state, started(), SECOND);
        assert_eq!(read(&mut state, 2, &[]), "2023-04-30T23:59:00Z", "the first sync was cut short");
        read(&mut state, 1, &[]);
        state.finish(Listed::All);
        let mut state = next(&state, started(), THIRD);
        assert_eq!(read(&mut state, 2, &[]), SECOND);
        assert_eq!(read(&mut state, 3, &[]), "2020-01-01T00:00:00Z");
    }
}

#[test]
fn python_parents_of_parents_are_matched_level_by_level() {
    let document = json!({"states": [
        {"partition": {"post": "a", "parent_slice": {"user": 1, "parent_slice": {}}}, "cursor": {"updated_at": "2023-01-01T00:00:00Z"}},
        {"partition": {"post": "b", "parent_slice": {"user": 1, "parent_slice": {}}}, "cursor": {"updated_at": "2023-02-01T00:00:00Z"}},
    ]});
    let mut state = reopened(started(), &document, FIRST);
    let both = PartitionKey::new([vec![&b"\"a\""[..]], vec![&b"1"[..]]]);
    let nearest = PartitionKey::new([vec![&b"\"b\""[..]]]);
    let other = PartitionKey::new([vec![&b"\"a\""[..]], vec![&b"2"[..]]]);
    assert_eq!(starts(&mut state, &both)[0].as_deref(), Some("2023-01-01T00:00:00Z"));
    assert_eq!(starts(&mut state, &nearest)[0].as_deref(), Some("2023-02-01T00:00:00Z"));
    assert_eq!(starts(&mut state, &other)[0].as_deref(), Some("2020-01-01T00:00:00Z"));
}

#[test]
fn the_python_framework_finds_the_lowest_value_once_all_are_read() {
    let mut state = first(started());
    read(&mut state, 1, &[]);
    read(&mut state, 2, &[]);
    assert_eq!(state.document().get("state"), None);
    state.finish(Listed::All);
    let mut state = next(&state, started(), SECOND);
    read(&mut state, 1, &[]);
    let document = state.document();
    assert_eq!(document["state"], json!({"updated_at": FIRST}));
    assert_eq!(document["use_global_cursor"], json!(true));
}

#[test]
fn a_damaged_document_is_refused() {
    let mut state = first(started());
    for id in 1..50 {
        read(&mut state, id, &[]);
    }
    let document = state.document();
    let keys = document["partitions"]["groups"][0]["keys"].as_str().unwrap().to_owned();
    for damaged in [&keys[..keys.len() - 1], &keys[1..], "!", "AB", "ABbABa"] {
        let mut document = document.clone();
        document["partitions"]["groups"][0]["keys"] = json!(damaged);
        let opened = StreamState::open_partitioned(Some(started()), Some(&document), at(SECOND));
        assert!(opened.is_err(), "{damaged}");
    }
}
