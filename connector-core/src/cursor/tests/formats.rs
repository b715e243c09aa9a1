//! The forms of moments in records, states and requests.

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use crate::cursor::{CursorFormat, CursorKind, CursorSpec, CursorValue};
use crate::stream::CursorField;

const FIELD: CursorField = CursorField { path: &["meta", "at"], kind: CursorKind::DateTime };

fn format(name: &str) -> CursorFormat {
    CursorFormat::parse(name).unwrap()
}

fn read(name: &str, json: &str) -> Option<DateTime<Utc>> {
    CursorValue::from_json(CursorKind::DateTime, json.as_bytes(), &[format(name)]).ok()?.datetime()
}

#[test]
fn the_forms_that_apis_use() {
    for (name, json, expected) in [
        ("%Y-%m-%d", "\"2024-05-01\"", "2024-05-01T00:00:00Z"),
        ("%d/%m/%Y", "\"01/05/2024\"", "2024-05-01T00:00:00Z"),
        ("%Y-%m-%dT%H:%M:%SZ", "\"2024-05-01T12:30:00Z\"", "2024-05-01T12:30:00Z"),
        ("%Y-%m-%dT%H:%M:%S.%fZ", "\"2024-05-01T12:30:00.25Z\"", "2024-05-01T12:30:00.25Z"),
        ("%Y-%m-%dT%H:%M:%S.%f%z", "\"2024-05-01T12:30:00.250000+0200\"", "2024-05-01T10:30:00.25Z"),
        ("%Y-%m-%dT%H:%M:%S%z", "\"2024-05-01T12:30:00Z\"", "2024-05-01T12:30:00Z"),
        ("%Y-%m-%dT%H:%M:%S%z", "\"2024-05-01T12:30:00+02:00\"", "2024-05-01T10:30:00Z"),
        ("%Y-%m-%d %H:%M:%S", "\"2024-05-01 12:30:00\"", "2024-05-01T12:30:00Z"),
        ("%Y-%m-%dT%H:%M:%S.%_msZ", "\"2024-05-01T12:30:00.250Z\"", "2024-05-01T12:30:00.25Z"),
        ("%Y%m%d%H", "\"2024050112\"", "2024-05-01T12:00:00Z"),
        ("%Y-%m", "\"2024-05\"", "2024-05-01T00:00:00Z"),
        ("%B %d, %Y", "\"May 01, 2024\"", "2024-05-01T00:00:00Z"),
        ("%s", "1714566600", "2024-05-01T12:30:00Z"),
        ("%s", "\"1714566600\"", "2024-05-01T12:30:00Z"),
        ("%s_as_float", "1714566600.25", "2024-05-01T12:30:00.25Z"),
        ("epoch_seconds", "-1.5", "1969-12-31T23:59:58.5Z"),
        ("epoch_seconds", "-0.5", "1969-12-31T23:59:59.5Z"),
        ("%ms", "1714566600250", "2024-05-01T12:30:00.25Z"),
        ("%epoch_microseconds", "1714566600250001", "2024-05-01T12:30:00.250001Z"),
    ] {
        assert_eq!(read(name, json), Some(expected.parse().unwrap()), "{name} {json}");
    }
    for (name, json) in
        [("%Y-%m-%d", "\"2024-05-01T00:00:00Z\""), ("%s", "\"soon\""), ("%s", "1e300"), ("%ms", "99999999999999999999")]
    {
        assert_eq!(read(name, json), None, "{name} {json}");
    }
}

#[test]
fn requests_have_their_own_form_and_records_several() {
    let spec = CursorSpec::new(FIELD)
        .formats(vec![format("%Y-%m-%dT%H:%M:%SZ"), format("epoch_millis")])
        .request_format(format("%d.%m.%Y"));
    let text = spec.read(b"\"2024-05-01T12:30:00Z\"").unwrap();
    let number = spec.read(b"1714566600000").unwrap();
    assert_eq!(text, number);
    assert_eq!(spec.request_text(&number), "01.05.2024");
    assert_eq!(spec.state_text(&number), "1714566600000");
    let computed = CursorValue::from(number.datetime().unwrap());
    assert_eq!(spec.state_text(&computed), "\"2024-05-01T12:30:00Z\"");
    let error = spec.read(b"\"01.05.2024\"").unwrap_err();
    assert_eq!(
        error.message(),
        "cursor field `meta.at`: `\"01.05.2024\"` is no date-time of the form %Y-%m-%dT%H:%M:%SZ, or milliseconds since 1970"
    );
}

#[test]
fn without_forms_a_request_has_the_text_of_the_record() {
    let spec = CursorSpec::new(FIELD);
    let value = spec.read(b"\"2024-05-01T14:30:00.000+02:00\"").unwrap();
    assert_eq!(spec.request_text(&value), "2024-05-01T14:30:00.000+02:00");
    let epoch = CursorSpec::new(FIELD).formats(vec![CursorFormat::EpochSeconds]);
    assert_eq!(epoch.state_text(&CursorValue::from(value.datetime().unwrap())), "1714566600");
}

#[test]
fn the_state_of_another_form_is_understood() {
    let spec = CursorSpec::new(FIELD).formats(vec![CursorFormat::EpochSeconds]);
    assert!(spec.read_lenient(b"\"2024-05-01T12:30:00Z\"").is_some());
    assert_eq!(spec.state_key(), "at");
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(seconds in -60_000_000_000_i64..250_000_000_000, nanos in 0_u32..1_000_000_000) {
        let moment = DateTime::from_timestamp(seconds, nanos).unwrap();
        for (name, digits) in [("rfc3339", 9), ("epoch_seconds", 0), ("epoch_millis", 3), ("epoch_micros", 6), ("%Y-%m-%dT%H:%M:%S.%f%z", 6), ("%Y-%m-%d %H:%M:%S", 0)] {
            let format = format(name);
            let unit = 10_u32.pow(9 - digits);
            let expected = (seconds, nanos / unit * unit);
            prop_assert_eq!(format.read(&format.write(&moment)).map(super::super::rfc3339::Stamp::moment), Some(expected), "{}", name);
        }
    }

    #[test]
    fn no_text_and_no_pattern_panics(pattern in "[%a-zA-Z0-9:/ .+-]{0,12}", text in ".{0,20}") {
        if let Ok(format) = CursorFormat::parse(&pattern) {
            let _ = format.read(&text);
            let written = format.write(&DateTime::UNIX_EPOCH);
            let _ = format.read(&written);
        }
    }
}
