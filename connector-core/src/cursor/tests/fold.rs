//! The fold against a model that parses every value.

use proptest::prelude::*;

use crate::ErrorKind;
use crate::cursor::{CursorFold, CursorKind, CursorSpec, CursorValue, End, Keep, Missing, Span, Window};
use crate::stream::CursorField;

const FIELD: CursorField = CursorField { path: &["at"], kind: CursorKind::DateTime };

fn moment(text: &str) -> CursorValue {
    CursorValue::from_text(CursorKind::DateTime, text, &[]).unwrap()
}

fn text() -> impl Strategy<Value = String> {
    let zone = prop_oneof![Just("Z"), Just("+00:00"), Just("+02:00"), Just("-1130")];
    (
        0_u32..3,
        1_u32..28,
        0_u32..24,
        0_u32..60,
        prop_oneof![Just(""), Just(".5"), Just(".500"), Just(".123456"), Just(".1234567891")],
        zone,
    )
        .prop_map(|(year, day, hour, second, fraction, zone)| {
            format!("\"202{year}-05-{day:02}T{hour:02}:00:{second:02}{fraction}{zone}\"")
        })
}

proptest! {
    #[test]
    fn the_fast_way_and_the_slow_agree(values in proptest::collection::vec(text(), 1..60), cut in 0_usize..60) {
        let spec = CursorSpec::new(FIELD);
        let parsed: Vec<_> = values.iter().map(|json| spec.read(json.as_bytes()).unwrap()).collect();
        let mut whole = CursorFold::new(&spec);
        for json in &values {
            prop_assert_eq!(whole.push(Some(json.as_bytes())).unwrap(), Keep::Emit);
        }
        // Of equal values the first stays.
        let mut max = &parsed[0];
        for value in &parsed { if value > max { max = value; } }
        prop_assert_eq!(whole.max(), Some(max));
        prop_assert_eq!(whole.max().unwrap().json(), max.json());
        prop_assert_eq!(whole.is_ascending(), parsed.is_sorted());
        let mut first = whole.fresh();
        let mut second = whole.fresh();
        for (place, json) in values.iter().enumerate() {
            let fold = if place < cut { &mut first } else { &mut second };
            fold.push(Some(json.as_bytes())).unwrap();
        }
        first.merge(second);
        prop_assert_eq!(first.max(), Some(max));
        prop_assert_eq!(first.is_ascending(), parsed.is_sorted());
    }

    #[test]
    fn no_bytes_panic_and_bad_ones_are_no_maximum(bytes in proptest::collection::vec(any::<u8>(), 0..30)) {
        let mut fold = CursorFold::new(&CursorSpec::new(FIELD));
        fold.push(Some(b"\"2024-05-01T10:00:00Z\"")).unwrap();
        let _ = fold.push(Some(&bytes));
        prop_assert_eq!(fold.max(), Some(&moment("2024-05-01T10:00:00Z")));
    }
}

#[test]
fn missing_values_by_policy() {
    for (missing, expected) in [(Missing::Include, Keep::Emit), (Missing::Exclude, Keep::Filter)] {
        let mut fold = CursorFold::new(&CursorSpec::new(FIELD).missing(missing));
        assert_eq!(fold.push(None).unwrap(), expected);
        assert_eq!(fold.push(Some(b"null")).unwrap(), expected);
        assert_eq!((fold.missing(), fold.max()), (2, None));
    }
    let mut fold = CursorFold::new(&CursorSpec::new(FIELD).missing(Missing::Error));
    assert_eq!(fold.push(None).unwrap_err().kind(), ErrorKind::Record);
}

fn window(spec: &CursorSpec, index: usize) -> Window {
    let now = "2024-05-03T00:00:00Z".parse().unwrap();
    spec.windows(Some(moment("2024-05-01")), now).nth(index).unwrap()
}

#[test]
fn the_client_side_filter_gives_a_border_to_one_window() {
    let now = "2024-05-03T00:00:00Z".parse().unwrap();
    let spec = CursorSpec::new(FIELD).end(End::Now).step(Span::days(1)).client_filter(true);
    let border: &[u8] = b"\"2024-05-02T00:00:00Z\"";
    let keep =
        |index: usize, json: &[u8]| CursorFold::of_window(&spec, &window(&spec, index), now).push(Some(json)).unwrap();
    assert_eq!((keep(0, border), keep(1, border)), (Keep::Filter, Keep::Emit));
    assert_eq!(keep(0, b"\"2024-04-30T23:59:59Z\""), Keep::Filter);
    assert_eq!(keep(0, b"\"2024-05-01T23:59:59.9Z\""), Keep::Emit);
    assert_eq!(keep(1, b"\"2024-05-03T00:00:01Z\""), Keep::Filter);
}

#[test]
fn a_data_feed_notices_that_it_has_passed_the_state() {
    let now = "2024-05-03T00:00:00Z".parse().unwrap();
    let spec = CursorSpec::new(FIELD).data_feed(true);
    let mut fold = CursorFold::of_window(&spec, &window(&spec, 0), now);
    assert_eq!(fold.push(Some(b"\"2024-05-02T00:00:00Z\"")).unwrap(), Keep::Emit);
    assert_eq!(fold.push(Some(b"\"2024-05-01T00:00:00Z\"")).unwrap(), Keep::Emit);
    assert!(!fold.passed_start());
    assert_eq!(fold.push(Some(b"\"2024-04-30T00:00:00Z\"")).unwrap(), Keep::Filter);
    assert!(fold.passed_start());
}

#[test]
fn the_future_is_counted_and_does_not_hide_the_present() {
    let now = "2024-05-03T00:00:00Z".parse().unwrap();
    let spec = CursorSpec::new(FIELD);
    let mut fold = CursorFold::of_window(&spec, &window(&spec, 0), now);
    for json in ["\"2030-01-01T00:00:00Z\"", "\"2024-05-03T12:00:00Z\"", "\"2024-05-02T12:00:00Z\""] {
        fold.push(Some(json.as_bytes())).unwrap();
    }
    assert_eq!(fold.max(), Some(&moment("2024-05-03T12:00:00Z")));
    assert_eq!(fold.future(), 1);
}
