//! Cursors of two parts: how their states are written and read.

use serde_json::{Value, json};

use super::support::{ID, UPDATED_AT, at, partition, reopened, spec};
use crate::cursor::{CursorFormat, CursorKind, CursorSpec, CursorValue, Missing, Order, Span, StartBound};
use crate::state::{Listed, PartitionKey, SliceKey, StreamState};
use crate::stream::{CursorField, EndOfSlice};

const NOW: &str = "2024-06-01T00:00:00Z";

fn two() -> CursorSpec {
    spec().then(CursorSpec::new(ID))
}

/// An integer, then a text: a cursor without a bound that a sync asks up to.
fn numbered() -> CursorSpec {
    let code = CursorField { path: &["meta", "code"], kind: CursorKind::Text };
    CursorSpec::new(ID).then(CursorSpec::new(code))
}

fn open(spec: CursorSpec, document: &Value) -> StreamState {
    StreamState::open(Some(spec), Some(document), at(NOW)).unwrap()
}

/// Ends all that is left of a partition, with these records in it.
fn read(state: &mut StreamState, partition: &PartitionKey, records: &[(&str, &str)]) {
    for window in state.windows(partition).collect::<Vec<_>>() {
        let slice = SliceKey { partition, window: &window };
        let mut fold = state.fold(&slice).unwrap();
        for (first, then) in records {
            fold.push_both(Some(first.as_bytes()), Some(then.as_bytes())).unwrap();
        }
        state.close(&slice, fold, EndOfSlice::new());
    }
}

fn start(state: &mut StreamState, partition: &PartitionKey) -> (String, Option<String>) {
    let start = state.windows(partition).next().unwrap().start.unwrap();
    (start.to_text(), start.then().map(CursorValue::to_text))
}

#[test]
fn the_state_has_both_parts() {
    let mut state = open(two(), &json!({}));
    let day = r#""2024-05-01T10:00:00Z""#;
    read(&mut state, &PartitionKey::root(), &[(day, "9"), (r#""2024-04-01T00:00:00Z""#, "12"), (day, "10")]);
    let document = json!({"updated_at": "2024-05-01T10:00:00Z", "id": 10});
    assert_eq!(state.document(), document);
    let mut state = open(two(), &document);
    assert_eq!(start(&mut state, &PartitionKey::root()), ("2024-05-01T10:00:00Z".into(), Some("10".into())));
    assert_eq!(state.document(), document);
}

#[test]
fn a_look_back_goes_by_the_first_part() {
    let mut state = open(two().lookback(Span::hours(1)), &json!({"updated_at": "2024-05-01T10:00:00Z", "id": 10}));
    assert_eq!(start(&mut state, &PartitionKey::root()), ("2024-05-01T09:00:00Z".into(), None));
}

#[test]
fn windows_go_by_the_first_part() {
    let state = json!({"updated_at": "2024-05-30T12:00:00Z", "id": 10});
    let mut state = open(two().step(Span::days(1)).granularity(Span::seconds(1)), &state);
    let windows = state.windows(&PartitionKey::root()).map(|window| {
        let start = window.start.unwrap();
        (start.to_text(), start.then().and_then(CursorValue::integer), window.end.unwrap().to_text())
    });
    assert_eq!(
        windows.collect::<Vec<_>>(),
        [
            ("2024-05-30T12:00:00Z".into(), Some(10), "2024-05-31T11:59:59Z".into()),
            ("2024-05-31T12:00:00Z".into(), None, "2024-06-01T00:00:00Z".into())
        ]
    );
}

/// An API that leaves its start out does so by both parts; before a start of one part lies one granularity.
#[test]
fn an_exclusive_start_of_two_parts() {
    let spec = two().granularity(Span::seconds(1)).start_bound(StartBound::Exclusive);
    let root = PartitionKey::root();
    let mut state = open(spec.clone(), &json!({"updated_at": "2024-05-30T12:00:00Z", "id": 10}));
    assert_eq!(start(&mut state, &root), ("2024-05-30T12:00:00Z".into(), Some("10".into())));
    let mut state = open(spec, &json!({"updated_at": "2024-05-30T12:00:00Z"}));
    assert_eq!(start(&mut state, &root), ("2024-05-30T11:59:59Z".into(), None));
}

/// Behind the 7 of a day are not those of the day that come behind the 7 of a moment.
#[test]
fn a_request_that_says_less_has_no_second_part() {
    let state = json!({"updated_at": "2024-05-30T12:00:00Z", "id": 7});
    let begin = |form: &str, state: &Value| {
        let spec = two().request_format(CursorFormat::parse(form).unwrap());
        start(&mut open(spec, state), &PartitionKey::root()).1
    };
    assert_eq!(begin("%Y-%m-%d", &state), None);
    assert_eq!(begin("%Y-%m-%d", &json!({"updated_at": "2024-05-30T00:00:00Z", "id": 7})), Some("7".into()));
    assert_eq!(begin("epoch_seconds", &state), Some("7".into()));
    assert_eq!(begin("epoch_seconds", &json!({"updated_at": "2024-05-30T12:00:00.5Z", "id": 7})), None);
}

/// A value beyond its window's end counts as that end, and says nothing of the records there.
#[test]
fn what_lies_on_a_border_is_the_next_windows() {
    let state = json!({"updated_at": "2024-05-30T12:00:00Z"});
    let mut state = open(two().step(Span::days(1)), &state);
    let root = PartitionKey::root();
    let window = state.windows(&root).next().unwrap();
    let slice = SliceKey { partition: &root, window: &window };
    let mut fold = state.fold(&slice).unwrap();
    fold.push_both(Some(br#""2024-05-31T12:00:00Z""#), Some(b"7")).unwrap();
    state.close(&slice, fold, EndOfSlice::new());
    assert_eq!(state.document(), json!({"updated_at": "2024-05-31T12:00:00Z"}));
}

#[test]
fn partitions_keep_both_parts() {
    let mut state = reopened(numbered(), &json!({}), NOW);
    read(&mut state, &partition(1), &[("7", r#""b""#), ("7", r#""c""#)]);
    read(&mut state, &partition(2), &[("8", r#""a,\"]""#)]);
    state.finish(Listed::All);
    let document = state.document();
    assert_eq!(document["state"], json!({"id": 7, "code": "c"}), "the lowest");
    let mut state = reopened(numbered(), &document, NOW);
    assert_eq!(state.document(), document);
    assert_eq!(start(&mut state, &partition(1)), ("7".into(), Some("c".into())));
    assert_eq!(start(&mut state, &partition(2)), ("8".into(), Some("a,\"]".into())));
    // A connector that has given up the second part goes on from the first, and one that has it now from what there is.
    let mut state = reopened(CursorSpec::new(ID), &document, NOW);
    assert_eq!(start(&mut state, &partition(2)), ("8".into(), None));
    let mut state = reopened(CursorSpec::new(ID), &json!({}), NOW);
    for window in state.windows(&partition(1)).collect::<Vec<_>>() {
        let (one, window) = (partition(1), window);
        let slice = SliceKey { partition: &one, window: &window };
        let mut fold = state.fold(&slice).unwrap();
        fold.push(Some(b"5")).unwrap();
        state.close(&slice, fold, EndOfSlice::new());
    }
    let mut state = reopened(numbered(), &state.document(), NOW);
    assert_eq!(start(&mut state, &partition(1)), ("5".into(), None));
}

#[test]
fn a_part_that_is_missing() {
    let push = |missing, first: Option<&[u8]>, then: Option<&[u8]>| {
        let state = open(two().missing(missing), &json!({}));
        let root = PartitionKey::root();
        let window = crate::cursor::Window::whole();
        let mut fold = state.fold(&SliceKey { partition: &root, window: &window }).unwrap();
        let kept = fold.push_both(first, then).map_err(|error| error.message().to_owned());
        (kept.map(|kept| format!("{kept:?}")), fold.missing(), fold.max().is_some())
    };
    let day: Option<&[u8]> = Some(br#""2024-05-01""#);
    assert_eq!(push(Missing::Include, day, None), (Ok("Emit".into()), 1, false));
    assert_eq!(push(Missing::Exclude, day, Some(b"null")), (Ok("Filter".into()), 1, false));
    let error = push(Missing::Error, day, None).0.unwrap_err();
    assert_eq!(error, "cursor field `id` is missing or null in a record");
    let error = push(Missing::Error, None, Some(b"1")).0.unwrap_err();
    assert_eq!(error, "cursor field `updated_at` is missing or null in a record");
    let error = push(Missing::Include, day, Some(br#""x""#)).0.unwrap_err();
    assert_eq!(error, "cursor field `id`: `\"x\"` is no integer");
}

#[test]
fn an_order_is_that_of_both_parts() {
    let state = open(two().order(Order::Ascending), &json!({}));
    let (root, window) = (PartitionKey::root(), crate::cursor::Window::whole());
    let fold = |records: &[(&str, &str)]| {
        let mut whole = state.fold(&SliceKey { partition: &root, window: &window }).unwrap();
        for page in records.chunks(1) {
            let mut fold = whole.fresh();
            for (first, then) in page {
                fold.push_both(Some(first.as_bytes()), Some(then.as_bytes())).unwrap();
            }
            whole.merge(fold);
        }
        whole.is_ascending()
    };
    let (early, late) = (r#""2024-05-01""#, r#""2024-05-02""#);
    assert!(fold(&[(early, "1"), (early, "2"), (late, "1"), (late, "1")]));
    assert!(!fold(&[(early, "2"), (early, "1")]));
    assert!(!fold(&[(early, "2"), (late, "3"), (early, "9")]));
}

#[test]
fn parts_that_do_not_go_together() {
    let message = |spec: CursorSpec| spec.checked().unwrap_err().message().to_owned();
    let nested = CursorField { path: &["meta", "updated_at"], kind: CursorKind::Integer };
    assert!(message(spec().then(CursorSpec::new(nested))).contains("has the same name in the state"));
    assert!(message(spec().then(numbered())).contains("two at most"));
    let unreadable = json!({"updated_at": "2024-05-01T10:00:00Z", "id": "ten"});
    let error = StreamState::open(Some(two()), Some(&unreadable), at(NOW)).unwrap_err();
    assert!(error.message().contains("`\"ten\"` is no integer"), "{error}");
}

/// Both parts in their own forms.
#[test]
fn each_part_has_its_form() {
    let seconds = CursorField { path: &["stamp"], kind: CursorKind::DateTime };
    let epoch = CursorSpec::new(seconds).formats(vec![CursorFormat::EpochSeconds]);
    let dated = CursorSpec::new(UPDATED_AT).then(epoch).request_format(CursorFormat::parse("%Y-%m-%d").unwrap());
    let mut state = open(dated, &json!({}));
    read(&mut state, &PartitionKey::root(), &[(r#""2024-05-01T10:00:00Z""#, "1714557600")]);
    assert_eq!(state.document(), json!({"updated_at": "2024-05-01T10:00:00Z", "stamp": 1_714_557_600}));
}
