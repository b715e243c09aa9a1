//! Streams without partitions.

use serde_json::{Value, json};

use super::support::{at, close, folded, moment, spec, starts};
use crate::ErrorKind;
use crate::cursor::{CursorSpec, CursorValue, End, Order, Span};
use crate::state::{Note, PartitionKey, SliceKey, StreamState};

const NOW: &str = "2024-06-01T00:00:00Z";

fn open(spec: CursorSpec, incoming: &Value) -> StreamState {
    StreamState::open(Some(spec), Some(incoming), at(NOW)).unwrap()
}

#[test]
fn the_document_is_the_largest_value_as_it_came() {
    let mut state = open(spec(), &json!({}));
    assert_eq!(state.document(), json!({}));
    let window = state.windows(&PartitionKey::root()).next().unwrap();
    close(
        &mut state,
        &PartitionKey::root(),
        &window,
        &[r#""2024-05-01T10:00:00.120Z""#, r#""2024-05-01T12:30:00+02:00""#, r#""2024-05-01T10:00:00Z""#],
    );
    assert_eq!(state.document(), json!({"updated_at": "2024-05-01T12:30:00+02:00"}));
}

#[test]
fn the_incoming_value_never_goes_back() {
    let incoming = json!({"updated_at": "2099-01-01T00:00:00Z"});
    let mut state = open(spec(), &incoming);
    let window = state.windows(&PartitionKey::root()).next().unwrap();
    assert_eq!(window.start, Some(moment("2099-01-01T00:00:00Z")));
    close(&mut state, &PartitionKey::root(), &window, &[r#""2024-05-01T10:00:00Z""#]);
    assert_eq!(state.document(), incoming);
    let mut bounded = open(spec().end(End::Now), &incoming);
    assert_eq!(bounded.windows(&PartitionKey::root()).count(), 0);
    assert_eq!(bounded.document(), incoming);
}

#[test]
fn a_value_in_the_future_does_not_advance_the_state() {
    let mut state = open(spec(), &json!({}));
    let window = state.windows(&PartitionKey::root()).next().unwrap();
    close(&mut state, &PartitionKey::root(), &window, &[r#""2024-05-01T10:00:00Z""#, r#""2030-01-01T00:00:00Z""#]);
    assert_eq!(state.document(), json!({"updated_at": "2024-05-01T10:00:00Z"}));
}

fn monthly() -> CursorSpec {
    spec().start(Some(moment("2024-01-01"))).end(End::Now).step(Span::months(1)).granularity(Span::seconds(1))
}

#[test]
fn windows_that_end_out_of_order_wait_for_those_before() {
    let mut state = open(monthly(), &json!({}));
    let root = PartitionKey::root();
    let windows: Vec<_> = state.windows(&root).collect();
    assert_eq!(windows.len(), 6);
    close(&mut state, &root, &windows[1], &[r#""2024-02-10T00:00:00Z""#]);
    assert_eq!(state.document(), json!({}));
    close(&mut state, &root, &windows[2], &[r#""2024-03-10T00:00:00Z""#]);
    close(&mut state, &root, &windows[0], &[r#""2024-01-10T00:00:00Z""#]);
    assert_eq!(state.document(), json!({"updated_at": "2024-03-10T00:00:00Z"}));
    close(&mut state, &root, &windows[5], &[]);
    close(&mut state, &root, &windows[3], &[]);
    close(&mut state, &root, &windows[4], &[r#""2024-05-10T00:00:00Z""#]);
    assert_eq!(state.document(), json!({"updated_at": "2024-05-10T00:00:00Z"}));
}

#[test]
fn a_value_beyond_its_window_does_not_cover_the_windows_to_come() {
    let mut state = open(monthly(), &json!({}));
    let root = PartitionKey::root();
    let windows: Vec<_> = state.windows(&root).collect();
    close(&mut state, &root, &windows[0], &[r#""2024-05-10T00:00:00Z""#]);
    assert_eq!(state.document(), json!({"updated_at": "2024-01-31T23:59:59Z"}));
}

/// An API that returns a pinned record with each window.
#[test]
fn a_value_beyond_the_last_window_does_not_cover_what_lies_between() {
    let end = End::At(moment("2024-02-10T00:00:00Z"));
    let mut state = open(monthly().end(end), &json!({}));
    let root = PartitionKey::root();
    let windows: Vec<_> = state.windows(&root).collect();
    assert_eq!(windows.len(), 2);
    for window in &windows {
        close(&mut state, &root, window, &[r#""2024-05-10T00:00:00Z""#]);
    }
    assert_eq!(state.document(), json!({"updated_at": "2024-02-10T00:00:00Z"}));
}

#[test]
fn a_checkpoint_needs_the_declared_order_and_that_it_holds() {
    let root = PartitionKey::root();
    assert!(spec().ascending().is_none());
    let ascending = spec().order(Order::Ascending);
    let proof = ascending.ascending().unwrap();
    let mut state = open(ascending, &json!({}));
    let window = state.windows(&root).next().unwrap();
    let slice = SliceKey { partition: &root, window: &window };
    let fold = folded(&state, &slice, &[r#""2024-05-01T10:00:00Z""#, r#""2024-05-02T10:00:00Z""#]);
    assert!(state.checkpoint(&slice, &fold, proof));
    assert_eq!(state.document(), json!({"updated_at": "2024-05-02T10:00:00Z"}));
    let fold = folded(&state, &slice, &[r#""2024-05-03T10:00:00Z""#, r#""2024-05-02T10:00:00Z""#]);
    assert!(!state.checkpoint(&slice, &fold, proof));
    assert_eq!(state.document(), json!({"updated_at": "2024-05-02T10:00:00Z"}));
}

/// An API that returns a pinned record with each window, in a declared order.
#[test]
fn a_checkpoint_begins_with_what_earlier_windows_made_certain() {
    let root = PartitionKey::root();
    let ascending = monthly().order(Order::Ascending);
    let proof = ascending.ascending().unwrap();
    let mut state = open(ascending, &json!({}));
    let windows: Vec<_> = state.windows(&root).collect();
    close(&mut state, &root, &windows[0], &[r#""2024-05-10T00:00:00Z""#]);
    let slice = SliceKey { partition: &root, window: &windows[1] };
    let fold = folded(&state, &slice, &[r#""2024-02-02T10:00:00Z""#]);
    assert!(state.checkpoint(&slice, &fold, proof));
    assert_eq!(state.document(), json!({"updated_at": "2024-02-02T10:00:00Z"}));
}

#[test]
fn the_lookback_does_not_lead_before_the_configured_start() {
    let spec = spec().start(Some(moment("2024-01-01"))).lookback(Span::days(3));
    let root = PartitionKey::root();
    let mut state = open(spec.clone(), &json!({"updated_at": "2024-02-10T00:00:00Z"}));
    assert_eq!(starts(&mut state, &root), [Some("2024-02-07T00:00:00Z".to_owned())]);
    let mut state = open(spec, &json!({"updated_at": "2024-01-02T00:00:00Z"}));
    assert_eq!(starts(&mut state, &root), [Some("2024-01-01T00:00:00Z".to_owned())]);
}

#[test]
fn python_date_ranges_resume_at_the_end_of_what_has_no_gap() {
    let ranges = |list: Value| json!({"slices": list, "state_type": "date-range"});
    let incoming = ranges(json!([
        {"start": "2024-01-01T00:00:00Z", "end": "2024-01-31T23:59:59Z", "most_recent_cursor_value": "2024-01-20T00:00:00Z"},
        {"start": "2024-03-01T00:00:00Z", "end": "2024-03-31T23:59:59Z", "most_recent_cursor_value": "2024-03-20T00:00:00Z"},
    ]));
    let state = open(spec(), &incoming);
    assert_eq!(state.document(), json!({"updated_at": "2024-01-20T00:00:00Z"}));
    assert_eq!(state.notes(), [Note::Python { form: "date-range" }]);
    let earlier = spec().start(Some(moment("2023-01-01")));
    let state = open(earlier, &incoming);
    assert_eq!((state.document(), state.notes().len()), (json!({}), 2));
    let joined = ranges(json!([
        {"start": "2024-01-01T00:00:00Z", "end": "2024-01-31T23:59:59Z", "most_recent_cursor_value": null},
        {"start": "2024-02-01T00:00:00Z", "end": "2024-03-31T23:59:59Z"},
    ]));
    let state = open(spec().granularity(Span::seconds(1)), &joined);
    assert_eq!(state.document(), json!({"updated_at": "2024-03-31T23:59:59Z"}));
}

#[test]
fn what_a_full_refresh_left_starts_anew_and_says_so() {
    for incoming in [
        json!({"__ab_no_cursor_state_message": true}),
        json!({"__ab_full_refresh_sync_complete": true}),
        json!({"page": 2}),
        json!({"states": [{"partition": {"parent": {"id": 1}}, "cursor": {"__ab_full_refresh_sync_complete": true}}]}),
        json!({"resume": {"page": {"page": 2}, "sync_id": 7}}),
    ] {
        let state = open(spec(), &incoming);
        assert_eq!(state.document(), json!({}));
        assert!(matches!(state.notes(), [Note::FullRefresh { .. }]), "{incoming}");
    }
    for nothing in [json!(null), json!({})] {
        assert_eq!(open(spec(), &nothing).notes(), []);
    }
}

#[test]
fn what_cannot_be_read_is_an_error_that_shows_it() {
    for (incoming, words) in [
        (json!({"updated_at": "yesterday"}), "yesterday"),
        (json!({"changed_at": "2024-05-01T10:00:00Z"}), "changed_at"),
        (json!({"history": {"a.csv": "2024-01-01"}}), "file-based"),
        (json!({"use_global_cursor": true, "state": {"updated_at": "2024-05-01T10:00:00Z"}}), "partitions"),
        (json!([1]), "[1]"),
        (json!({"updated_at": 17}), "17"),
        (json!({"updated_at": ""}), "updated_at"),
    ] {
        let error = StreamState::open(Some(spec()), Some(&incoming), at(NOW)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::State, "{incoming}");
        assert!(error.message().contains(words), "{error}");
    }
}

#[test]
fn large_integers_survive_the_state() {
    let spec = CursorSpec::new(super::support::ID);
    let root = PartitionKey::root();
    let mut state = open(spec.clone(), &json!({"id": 3}));
    let window = state.windows(&root).next().unwrap();
    close(&mut state, &root, &window, &["18446744073709551617"]);
    let state = open(spec, &state.document());
    let mut out = Vec::new();
    state.write_to(&mut out);
    assert_eq!(String::from_utf8(out).unwrap(), r#"{"id":"18446744073709551617"}"#);
}

#[test]
fn a_cursor_whose_parts_do_not_fit_is_a_config_error() {
    for spec in [
        spec().step(Span::units(5)),
        spec().step(Span::seconds(1)).granularity(Span::days(1)),
        spec().start(Some(CursorValue::from("tomorrow"))),
        CursorSpec::new(super::support::ID).step(Span::units(100)),
    ] {
        let error = StreamState::open(Some(spec), None, at(NOW)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    }
}
