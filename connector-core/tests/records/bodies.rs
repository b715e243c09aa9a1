//! Bodies: where the records are, pieces cut anywhere, envelopes, faults.

use crate::tables::{Inner, batch};
use connector_core::record::{Batch, BodyParser, Envelope, LinesParser, PageLimits, PageParser, Selector};
use connector_core::{Error, ErrorKind, Result};
use std::sync::Arc;

fn parser(path: &str) -> PageParser {
    PageParser::new(Arc::new(Selector::new(path).unwrap()), PageLimits::default())
}

fn read_with(mut parser: impl BodyParser, chunks: &[&[u8]]) -> Result<(Vec<String>, Envelope)> {
    let mut batch = batch::<Inner>();
    for chunk in chunks {
        parser.feed(chunk, &mut batch)?;
    }
    let envelope = parser.finish(&mut batch)?;
    Ok((lines(&batch), envelope))
}

fn lines(batch: &Batch) -> Vec<String> {
    std::str::from_utf8(batch.rendered()).unwrap().lines().map(str::to_owned).collect()
}

fn read(path: &str, body: &str) -> Result<(Vec<String>, String)> {
    let (lines, envelope) = read_with(parser(path), &[body.as_bytes()])?;
    Ok((lines, String::from_utf8(envelope.bytes().to_vec()).unwrap()))
}

fn refused(path: &str, body: &[u8]) -> Error {
    read_with(parser(path), &[body]).unwrap_err()
}

/// Path, body, records, envelope.
const BODIES: &[(&str, &str, &[&str], &str)] = &[
    ("", r#"[{"id":1}, {"id" : 2}]"#, &[r#"{"id":1}"#, r#"{"id":2}"#], "[]"),
    ("", " [ ] ", &[], "[]"),
    ("", r#"{"id":1,"x":[{}]}"#, &[r#"{"id":1,"x":[{}]}"#], r#"{"id":1,"x":[{}]}"#),
    (
        "a",
        r#"{"n":-1.5e3,"a":[{"id":1,"a":[{}]}],"t":"\"]\\","é":{"a":[{}]}}"#,
        &[r#"{"id":1,"a":[{}]}"#],
        r#"{"n":-1.5e3,"a":[],"t":"\"]\\","é":{"a":[{}]}}"#,
    ),
    ("a", r#"{"a":{ "id":1 },"b":null}"#, &[r#"{"id":1}"#], r#"{"a":{"id":1},"b":null}"#),
    (
        "a.b",
        "\u{feff}{\"a\": {\"b\": [{\"id\":1}], \"c\": true}, \"b\":[{}]}",
        &[r#"{"id":1}"#],
        r#"{"a":{"b":[],"c":true},"b":[{}]}"#,
    ),
    (
        "a.*.b",
        r#"{"a":[{"b":[{"id":1}]},{"b":[]},{"c":[7],"b":[{"id":2},{"id":3}]}]}"#,
        &[r#"{"id":1}"#, r#"{"id":2}"#, r#"{"id":3}"#],
        r#"{"a":[{"b":[]},{"b":[]},{"c":[7],"b":[]}]}"#,
    ),
    (
        "*.b",
        r#"{"x":{"b":[{"id":1}]},"y":{"b":[{"id":2}]}}"#,
        &[r#"{"id":1}"#, r#"{"id":2}"#],
        r#"{"x":{"b":[]},"y":{"b":[]}}"#,
    ),
    (
        "a.*",
        r#"{"a":{"x":{"id":1},"y":{"id":2}}}"#,
        &[r#"{"id":1}"#, r#"{"id":2}"#],
        r#"{"a":{"x":{"id":1},"y":{"id":2}}}"#,
    ),
    (r"a\.b", r#"{"a\u002eb":[{"id":1}]}"#, &[r#"{"id":1}"#], r#"{"a\u002eb":[]}"#),
    ("a.*.b", r#"{"a":[]}"#, &[], r#"{"a":[]}"#),
    (
        "a",
        r#"{"t":"\ud83d\ude00\u00e9","a":[{"name":"\ud83d\ude00","id":1}]}"#,
        &[r#"{"name":"\ud83d\ude00","id":1}"#],
        r#"{"t":"\ud83d\ude00\u00e9","a":[]}"#,
    ),
];

#[test]
fn records_and_envelope_are_told_apart_wherever_the_pieces_are_cut() {
    for (path, body, records, envelope) in BODIES {
        let bytes = body.as_bytes();
        for first in 0..=bytes.len() {
            for second in [first, (first + 1).min(bytes.len()), (first + 7).min(bytes.len())] {
                let chunks = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                let (lines, found) = read_with(parser(path), &chunks).unwrap();
                assert_eq!(
                    (&lines[..], std::str::from_utf8(found.bytes())),
                    (&records.map_strings()[..], Ok(*envelope)),
                    "{body}"
                );
            }
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(read_with(parser(path), &single).unwrap().0, records.map_strings(), "{body}");
    }
}

trait Strings {
    fn map_strings(&self) -> Vec<String>;
}

impl Strings for &[&str] {
    fn map_strings(&self) -> Vec<String> {
        self.iter().map(|text| (*text).to_owned()).collect()
    }
}

#[test]
fn every_truncation_is_an_error() {
    for (path, body, ..) in BODIES {
        let bytes = body.trim_end().as_bytes();
        for end in 0..bytes.len() {
            let error = refused(path, &bytes[..end]);
            assert_eq!(error.kind(), ErrorKind::Response, "{body} cut at {end}: {error}");
            let cut: Vec<&[u8]> = bytes[..end].chunks(3).collect();
            assert_eq!(read_with(parser(path), &cut).unwrap_err().kind(), ErrorKind::Response);
        }
    }
}

#[test]
fn a_body_that_is_no_json_is_refused_with_the_byte() {
    let bodies: &[(&[u8], &str)] = &[
        (b"", "the body is empty where JSON is due"),
        (b" \n", "the body is empty where JSON is due"),
        (b"<html>", "the body is not valid JSON at byte 0: expected a value, found `<html>`"),
        (b"{\"a\":[]} x", "the body is not valid JSON at byte 9: the value has ended, but more follows: `x`"),
        (b"{\"a\":[]}]", "the body is not valid JSON at byte 8: the value has ended, but more follows: `]`"),
        (b"{\"a\":[{}}", "the body is not valid JSON at byte 8: expected `,` or `]` behind a record, found `}`"),
        (b"{\"a\":[{},]}", "the body is not valid JSON at byte 9: expected a record, which is an object, found `]}`"),
        (b"{\"a\":[7]}", "a record has to be an object, but at byte 6 of the body stands a number: `7]}`"),
        (b"{\"a\":[],\"b\":NaN}", "the body is not valid JSON at byte 12: expected a value, found `NaN}`"),
        (b"{\"a\":[],\"b\":01}", "the body is not valid JSON at byte 12: expected a value, found `01`"),
        (
            b"{\"a\":[],\"b\":truely}",
            "the body is not valid JSON at byte 16: expected the end of the value, found `ly`",
        ),
        (b"{\"a\":[],\"b\":1,}", "the body is not valid JSON at byte 14: expected a key in quotes, found `}`"),
        (b"{\"a\":[],\"b\"}", "the body is not valid JSON at byte 11: expected `:`, found `}`"),
        (b"{\"a\":[],\"b\":[1}", "the body is not valid JSON at byte 14: expected the end of what is open, found `}`"),
        (
            b"{\"a\":[],\"b\":\"\x01\"}",
            "the body is not valid JSON at byte 13: a control character stands unescaped in a string: `\\u{1}\"`",
        ),
        (b"{\"a\":[],\"b\":\"\xff\"}", "the body is not valid JSON at byte 13: the bytes are not UTF-8: `\\xff\"`"),
        (b"{\"a\":[{\"id\":1,\"n\":+1}]}", "the body is not valid JSON at byte 18: no number of JSON: `+1}]}`"),
        (b"\xef\xbb{}", "the body is not valid JSON at byte 2: expected a value, found `{}`"),
        (b"{\"a\":[{\"id\":1", "the body ends at byte 13, among the records: it is truncated"),
        (b"{\"a\":[{\"id\":1}],", "the body ends at byte 16, around the records: it is truncated"),
    ];
    for (body, message) in bodies {
        let error = refused("a", body);
        // The data themselves are at fault: another try would bring the same.
        let content = message.contains("UTF-8") || message.contains("has to be an object");
        let kind = if content { ErrorKind::Content } else { ErrorKind::Response };
        assert_eq!((error.kind(), error.message()), (kind, *message));
    }
    for deep in [b"{\"b\":".repeat(100_000), [&b"{\"a\":["[..], &b"{\"b\":".repeat(200)].concat()] {
        let error = refused("a", &[deep, b"1".to_vec()].concat());
        assert!(error.message().contains("nested deeper than 128") && error.kind() == ErrorKind::Content, "{error}");
    }
}

#[test]
fn records_that_are_elsewhere_are_an_error_that_helps() {
    let cases = [
        (
            "orders",
            r#"{"order":[],"total":7}"#,
            "there are no records at `orders`: the body has no `orders`, it has `order`, `total`; is `order` meant?",
        ),
        ("data.items", r#"{"data":{}}"#, "there are no records at `data.items`: `data` has no `items`, it is empty"),
        ("orders", "[]", "the body should be an object with `orders` in it, but it is a list"),
        ("orders", r#"{"orders":"none"}"#, "`orders` should be a list of records, but it is a string"),
        (
            "orders",
            r#"{"orders":null}"#,
            "`orders` should be a list of records, but it is null; if that means that there are none, declare the records as optional",
        ),
        ("a.*.b", r#"{"a":[{"b":[]},{"c":1}]}"#, "there are no records at `a.*.b`: `a.*` has no `b`, it has `c`"),
        ("a.*.b", r#"{"a":7}"#, "`a` should be a list or an object, but it is a number"),
        ("", "\"text\"", "the body should be a list of records, but it is a string"),
        ("", "17", "the body should be a list of records, but it is a number"),
    ];
    for (path, body, message) in cases {
        let error = refused(path, body.as_bytes());
        assert_eq!((error.kind(), error.message()), (ErrorKind::RecordsPath, message));
    }
}

#[test]
fn an_optional_selector_takes_nothing_and_null_for_no_records() {
    let optional = |path: &str, body: &str| {
        let selector = Selector::new(path).unwrap().optional();
        read_with(PageParser::new(Arc::new(selector), PageLimits::default()), &[body.as_bytes()])
            .map(|(lines, _)| lines.len())
    };
    for (path, body) in
        [("a", "{}"), ("a", r#"{"a":null}"#), ("a.b", r#"{"a":null}"#), ("", "null"), ("a.*.b", r#"{"a":[{}]}"#)]
    {
        assert_eq!(optional(path, body).unwrap(), 0, "{path} {body}");
    }
    assert_eq!(optional("a", r#"{"a":7}"#).unwrap_err().kind(), ErrorKind::RecordsPath);
}

#[test]
fn the_envelope_survives_missing_records() {
    let mut parser = parser("a");
    let mut batch = batch::<Inner>();
    parser.feed(br#"{"error": "slow down"}"#, &mut batch).unwrap();
    assert_eq!(parser.finish(&mut batch).unwrap_err().kind(), ErrorKind::RecordsPath);
    assert_eq!(parser.take_envelope().unwrap().text("error").as_deref(), Some("slow down"));
}

#[test]
fn a_records_path_that_stands_twice_is_refused() {
    assert_eq!(refused("a", br#"{"a":[{"id":1}],"a":[{"id":2}]}"#).kind(), ErrorKind::Content);
}

#[test]
fn half_a_surrogate_pair_in_the_envelope_can_be_read() {
    let (_, envelope) = read_with(parser("a"), &[br#"{"a":[],"next":"x\ud800"}"#]).unwrap();
    assert_eq!(envelope.get("next"), Some("x\u{fffd}".into()));
}

#[test]
fn what_is_too_large_is_refused() {
    let limits = PageLimits { record: 100, envelope: 50 };
    let read = |body: &str, chunk: usize| {
        let parser = PageParser::new(Arc::new(Selector::new("a").unwrap()), limits);
        read_with(parser, &body.as_bytes().chunks(chunk).collect::<Vec<_>>()).map(|(lines, _)| lines.len())
    };
    let record = |len: usize| format!(r#"{{"a":[{{"id":1,"name":"{}"}}]}}"#, "x".repeat(len - 18));
    let envelope = |len: usize| format!(r#"{{"a":[],"b":"{}"}}"#, "x".repeat(len - 15));
    for chunk in [1, 7, 1000] {
        assert_eq!(read(&record(100), chunk).unwrap(), 1);
        assert_eq!(read(&record(101), chunk).unwrap_err().kind(), ErrorKind::Limit);
        assert_eq!(read(&envelope(50), chunk).unwrap(), 0);
        assert_eq!(read(&envelope(51), chunk).unwrap_err().kind(), ErrorKind::Limit);
    }
}

#[test]
fn json_lines_are_records() {
    let lines = |body: &str, chunk: usize| {
        read_with(LinesParser::new(PageLimits::default()), &body.as_bytes().chunks(chunk).collect::<Vec<_>>())
            .map(|(lines, _)| lines)
    };
    let body = "\u{feff}{\"id\":1}\n\n{\"id\": 2}\r\n \n{\"id\":3}";
    for chunk in 1..body.len() {
        assert_eq!(lines(body, chunk).unwrap(), [r#"{"id":1}"#, r#"{"id":2}"#, r#"{"id":3}"#]);
        let truncated = lines("{\"id\":1}\n{\"id\"", chunk).unwrap_err();
        assert_eq!(
            truncated.message(),
            "the body is not valid JSON at byte 14: it ends in the middle of a value (truncated)"
        );
        assert_eq!(lines("{\"id\":1}\n[1]\n", chunk).unwrap_err().kind(), ErrorKind::Content);
    }
    assert_eq!(lines("", 1).unwrap(), Vec::<String>::new());
    let limits = PageLimits { record: 10, ..PageLimits::default() };
    let long = read_with(LinesParser::new(limits), &[b"{\"id\":1,", b"\"x\":2}"]);
    assert_eq!(long.unwrap_err().kind(), ErrorKind::Limit);
}

#[test]
fn a_body_of_one_record_per_piece_is_not_read_again_and_again() {
    // Quadratic work on a record of 8 MB in pieces of 64 bytes would take minutes.
    let record = format!(r#"{{"a":[{{"id":1,"any":[{}1]}}]}}"#, "\"abc\",".repeat(1_300_000));
    let (lines, _) = read_with(parser("a"), &record.as_bytes().chunks(64).collect::<Vec<_>>()).unwrap();
    assert_eq!(lines.len(), 1);
}

#[test]
fn a_large_object_of_many_keys_is_not_compared_key_by_key() {
    let keys: Vec<String> = (0..200_000).map(|k| format!("\"key with an equal beginning {k} and end\":{k}")).collect();
    let (lines, _) = read("a", &format!("{{\"a\":[{{\"id\":1,{}}}]}}", keys.join(","))).unwrap();
    assert_eq!(lines.len(), 1);
}
