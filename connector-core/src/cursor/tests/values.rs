//! Reading and comparing values.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

use crate::cursor::{CursorKind, CursorValue, Key, Span, rfc3339};

fn moment() -> impl Strategy<Value = DateTime<FixedOffset>> {
    // Years 0001 to 9998, so that an offset does not lead to a year of five digits.
    (-62_135_596_800_i64..253_370_764_800, 0_u32..1_000_000_000, -14_i32 * 60..=14 * 60).prop_map(
        |(seconds, nanos, offset)| {
            let offset = FixedOffset::east_opt(offset * 60).unwrap();
            DateTime::from_timestamp(seconds, nanos).unwrap().with_timezone(&offset)
        },
    )
}

fn read(json: &str) -> CursorValue {
    CursorValue::from_json(CursorKind::DateTime, json.as_bytes(), &[]).unwrap()
}

proptest! {
    #[test]
    fn moments_are_read_and_ordered_as_chrono_does(a in moment(), b in moment()) {
        let (x, y) = (read(&format!("\"{}\"", a.to_rfc3339())), read(&format!("\"{}\"", b.to_rfc3339())));
        prop_assert_eq!(x.datetime(), Some(a.to_utc()));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        let zulu = a.to_utc().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        prop_assert_eq!(rfc3339::parse(zulu.as_bytes()), Some((a.timestamp(), a.timestamp_subsec_nanos())));
    }

    #[test]
    fn what_chrono_reads_we_read_alike(text in "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,12})?(Z|z|[+-][0-2][0-9]:[0-5][0-9])") {
        let ours = rfc3339::parse(text.as_bytes());
        match DateTime::parse_from_rfc3339(&text) {
            Ok(theirs) => prop_assert_eq!(ours, Some((theirs.timestamp(), theirs.timestamp_subsec_nanos()))),
            Err(_) => prop_assert_eq!(ours, None),
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        for kind in [CursorKind::DateTime, CursorKind::NaiveDateTime, CursorKind::Date, CursorKind::Integer, CursorKind::Text] {
            let _ = CursorValue::from_json(kind, &bytes, &[]);
        }
        let _ = rfc3339::parse(&bytes);
    }

    #[test]
    fn spans_move_as_chrono_does(at in moment(), months in 0_u32..2000, seconds in 0_u64..10_000_000_000) {
        let value = CursorValue::from(at);
        let span = Span { months, seconds, ..Span::default() };
        let there = at.to_utc().checked_add_months(chrono::Months::new(months))
            .and_then(|moment| moment.checked_add_signed(TimeDelta::seconds(i64::try_from(seconds).unwrap())));
        prop_assert_eq!(value.plus(&span).and_then(|moved| moved.datetime()), there);
    }

    #[test]
    fn spans_are_written_as_they_are_read(months in 0_u32..1000, seconds in 0_u64..100_000_000, nanos in 0_u32..1_000_000_000) {
        let span = Span { months, seconds, nanos, units: 0 };
        prop_assert_eq!(Span::parse(&span.to_string()).unwrap(), span);
    }

    #[test]
    fn integers_are_exact(a in any::<i128>(), b in any::<i128>()) {
        let read = |integer: i128| CursorValue::from_json(CursorKind::Integer, integer.to_string().as_bytes(), &[]).unwrap();
        prop_assert_eq!(read(a).cmp(&read(b)), a.cmp(&b));
    }

    #[test]
    fn texts_are_ordered_by_their_bytes(a in ".*", b in ".*") {
        let read = |text: &str| {
            let json = serde_json::to_string(text).unwrap();
            CursorValue::from_json(CursorKind::Text, json.as_bytes(), &[]).unwrap()
        };
        prop_assert_eq!(read(&a).cmp(&read(&b)), a.as_bytes().cmp(b.as_bytes()));
    }
}

#[test]
fn lenient_forms_of_rfc_3339() {
    let noon = Some((1_714_564_800, 0));
    for text in [
        "2024-05-01T12:00:00Z",
        "2024-05-01t12:00:00z",
        "2024-05-01 12:00:00",
        "2024-05-01T12:00",
        "2024-05-01T12:00Z",
        "2024-05-01T12:00:00.000Z",
        "2024-05-01T12:00:00,000Z",
        "2024-05-01T14:00:00+02:00",
        "2024-05-01T14:00:00+0200",
        "2024-05-01T14:00:00+02",
        "2024-05-01T09:30:00-0230",
    ] {
        assert_eq!(rfc3339::parse(text.as_bytes()), noon, "{text}");
    }
    assert_eq!(rfc3339::parse(b"2024-05-01"), Some((1_714_521_600, 0)));
    assert_eq!(rfc3339::parse(b"2016-12-31T23:59:60Z"), Some((1_483_228_799, 1_000_000_000)));
    for text in
        ["2023-02-29", "2024-13-01", "2024-5-1", "2024-05-01T24:00:00Z", "2024-05-01T12:00:00.Z", "20240501", ""]
    {
        assert_eq!(rfc3339::parse(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn the_calendar_is_chronos() {
    let first = NaiveDate::from_ymd_opt(0, 1, 1).unwrap();
    for days in (0..3_652_424).step_by(17) {
        let date = first + TimeDelta::days(days);
        let expected = date.signed_duration_since(NaiveDate::default()).num_days();
        assert_eq!(rfc3339::parse_date(date.format("%Y-%m-%d").to_string().as_bytes()), Some(expected), "{date}");
    }
}

#[test]
fn an_error_names_the_value_and_what_is_accepted() {
    let error = CursorValue::from_json(CursorKind::DateTime, b"17", &[]).unwrap_err();
    assert_eq!(error.message(), "`17` is no date-time of the form RFC 3339 (2024-05-01T10:00:00Z)");
    let error = CursorValue::from_json(CursorKind::Integer, b"1.5", &[]).unwrap_err();
    assert_eq!(error.message(), "`1.5` is no integer");
    let long = format!("\"{}\"", "ü".repeat(500));
    let error = CursorValue::from_json(CursorKind::Date, long.as_bytes(), &[]).unwrap_err();
    assert!(error.message().len() < 300, "{error}");
}

#[test]
fn integers_may_stand_in_a_string_or_end_in_zeros() {
    for json in ["17", "\"17\"", "17.0", " 17 "] {
        let value = CursorValue::from_json(CursorKind::Integer, json.as_bytes(), &[]).unwrap();
        assert_eq!(value.key, Key::Integer(17));
    }
}

#[test]
fn values_of_rust_types_have_the_default_form() {
    let moment: DateTime<Utc> = "2024-05-01T12:00:00.250Z".parse().unwrap();
    assert_eq!(CursorValue::from(moment).to_json(), r#""2024-05-01T12:00:00.250Z""#);
    assert_eq!(CursorValue::from(moment.naive_utc()).to_text(), "2024-05-01T12:00:00.250");
    assert_eq!(CursorValue::from(moment.date_naive()).to_text(), "2024-05-01");
    assert_eq!(CursorValue::from(17_u64).to_json(), "17");
    assert_eq!(CursorValue::from("a\"b").to_json(), r#""a\"b""#);
}
