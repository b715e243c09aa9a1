//! What becomes of single records: lines, misfits by policy, mending, cursor, picks.

use crate::tables::{Flat, Inner, Wide, batch, batch_with, fields, stream};
use connector_core::cursor::{CursorFold, CursorKind, CursorSpec};
use connector_core::record::{Batch, Framing, Mend, Misfit, Plan, PlanOptions, Record};
use connector_core::stream::{CursorField, StreamDescriptor};
use connector_core::{ErrorKind, Result};
use std::sync::Arc;

fn lines(batch: &Batch) -> &str {
    std::str::from_utf8(batch.rendered()).unwrap()
}

fn pushed<T: Record>(misfit: Misfit, records: &[&str]) -> Result<Batch> {
    let options = PlanOptions { misfit, ..PlanOptions::default() };
    let mut batch = Batch::new(Arc::new(Plan::new(&stream::<T>(), options)?), Framing::Protocol, 17);
    for record in records {
        batch.push(record.as_bytes())?;
    }
    Ok(batch)
}

#[test]
fn a_line_is_the_records_bytes_in_the_envelope() {
    let batch = pushed::<Inner>(Misfit::Keep, &["{ \"id\" : 1,\n\t\"x\":[ 1.0 , \"a b\" ] } "]).unwrap();
    let line = r#"{"type":"RECORD","record":{"stream":"things","data":{"id":1,"x":[1.0,"a b"]},"emitted_at":17}}"#;
    assert_eq!(lines(&batch), format!("{line}\n"));
    assert_eq!(batch.last_record().unwrap(), br#"{"id":1,"x":[1.0,"a b"]}"#);

    let plan = Plan::new(&stream::<Inner>().namespace("n\"s"), PlanOptions::default()).unwrap();
    let mut batch = Batch::new(Arc::new(plan), Framing::Protocol, 17);
    batch.push(br#"{"id":1}"#).unwrap();
    assert!(lines(&batch).contains(r#""stream":"things","namespace":"n\"s","data":{"id":1}"#));
}

#[test]
fn misfits_are_kept_and_counted_with_a_first_example() {
    let records = [r#"{"id":"7","tags":["a",7]}"#, r#"{"tags":[{},"b"],"inner":{"id":256}}"#, r#"{"id":1}"#];
    let batch = pushed::<Wide>(Misfit::Keep, &records).unwrap();
    let accounts = batch.accounts();
    assert_eq!((accounts.extracted, accounts.emitted, accounts.misfits), (3, 3, 2));
    let fields: Vec<_> =
        accounts.fields().map(|(path, f)| (path, f.count, f.expected.as_str(), f.found.as_str())).collect();
    let expected = [
        ("id", 2, "an integer from 0 to 2^64-1", "\"7\""),
        ("inner.id", 1, "an integer from 0 to 255", "256"),
        ("tags[]", 2, "a string", "7"),
    ];
    assert_eq!(fields, expected);
    assert!(lines(&batch).contains(records[0]), "unchanged");
}

#[test]
fn misfits_are_nulled_with_an_entry_in_meta() {
    let record = r#"{"id": 1, "tags": [ "a", {"b" : 1}, [2] ], "yes": "no", "any": [ 1 ]}"#;
    let batch = pushed::<Wide>(Misfit::Null, &[record]).unwrap();
    let change = |field| format!(r#"{{"field":"{field}","change":"NULLED","reason":"SOURCE_SERIALIZATION_ERROR"}}"#);
    let data = r#"{"id":1,"tags":["a",null,null],"yes":null,"any":[1]}"#;
    let meta = format!(r#""meta":{{"changes":[{},{}]}}"#, change("tags[]"), change("yes"));
    let head = r#"{"type":"RECORD","record":{"stream":"things","data":"#;
    assert_eq!(lines(&batch), format!("{head}{data},{meta},\"emitted_at\":17}}}}\n"));
    // A missing field stays missing, a null stays null.
    let batch = pushed::<Wide>(Misfit::Null, &["{}", r#"{"id":null}"#]).unwrap();
    assert!(
        lines(&batch).contains(r#""data":{},"emitted_at""#)
            && lines(&batch).contains(r#""data":{"id":null},"emitted_at""#)
    );
    assert_eq!(batch.accounts().misfits, 2);
}

#[test]
fn the_primary_key_is_not_nulled() {
    let of = stream::<Wide>().primary_key(&[&["id"], &["inner", "id"]]);
    let options = PlanOptions { misfit: Misfit::Null, ..PlanOptions::default() };
    let mut batch = Batch::new(Arc::new(Plan::new(&of, options).unwrap()), Framing::Bare, 0);
    for record in [r#"{"id":"7","yes":"no"}"#, r#"{"id":1,"inner":{"id":"x"}}"#, r#"{"id":1,"inner":5}"#] {
        batch.push(record.as_bytes()).unwrap();
    }
    let expected = [r#"{"id":"7","yes":null}"#, r#"{"id":1,"inner":{"id":"x"}}"#, r#"{"id":1,"inner":5}"#];
    assert_eq!(lines(&batch).lines().collect::<Vec<_>>(), expected);
    assert_eq!(batch.accounts().misfits, 3);
}

#[test]
fn misfits_are_skipped_or_fail_the_page() {
    let batch = pushed::<Wide>(Misfit::Skip, &[r#"{"id":-1}"#, r#"{"id":1}"#]).unwrap();
    assert_eq!((batch.accounts().rejected, batch.accounts().emitted, batch.count()), (1, 1, 1));
    let error = pushed::<Wide>(Misfit::Fail, &[r#"{"id":1}"#, r#"{"id":1,"inner":{"id":1.5}}"#]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Record);
    let message = "record 2 of the page (at byte 0) does not fit its struct: `inner.id`: expected an integer from 0 to 255, found 1.5";
    assert_eq!(error.message(), message);
}

#[test]
fn a_long_value_is_shortened_in_the_example() {
    let record = format!("{{\"id\":\"{}\"}}", "é".repeat(100));
    let batch = pushed::<Wide>(Misfit::Keep, &[&record]).unwrap();
    let (_, field) = batch.accounts().fields().next().unwrap();
    assert_eq!(field.found, format!("\"{}…", "é".repeat(59)));
}

#[test]
fn double_keys_and_lone_surrogates_are_mended() {
    let record = r#"{"id":"x","any":{"a":1,"a":"\ud800","b":{"c":1,"\u0063":2}},"id":2}"#;
    let batch = pushed::<Wide>(Misfit::Keep, &[record, r#"{"id":1}"#]).unwrap();
    assert!(lines(&batch).contains(r#""data":{"any":{"a":"\ufffd","b":{"\u0063":2}},"id":2},"#));
    let mended: Vec<_> = batch.accounts().mended().collect();
    let expected = [
        ("any.a", Mend::DoubleKey, 1),
        ("any.a", Mend::LoneSurrogate, 1),
        ("any.b.c", Mend::DoubleKey, 1),
        ("id", Mend::DoubleKey, 1),
    ];
    assert_eq!(mended, expected);
    assert_eq!(batch.accounts().misfits, 0, "what was mended fits");
}

#[test]
fn a_key_may_be_escaped_aliased_or_flattened() {
    let mut inner = batch::<Inner>();
    inner.push(br#"{"\u0069d":1}"#).unwrap();
    inner.push(br#"{"key":1}"#).unwrap();
    assert_eq!(inner.accounts().misfits, 0);
    inner.push(br#"{"key":1,"id":1}"#).unwrap();
    let (path, misfit) = inner.accounts().fields().next().unwrap();
    assert_eq!((path, misfit.expected.as_str()), ("id", "the field once, not under two of its names"));
    let mut flat = batch::<Flat>();
    flat.push(br#"{"name":"x","id":1,"price":null}"#).unwrap();
    assert_eq!(flat.accounts().misfits, 0);
    flat.push(br#"{"id":1}"#).unwrap();
    assert_eq!(flat.accounts().fields().map(|(path, _)| path).collect::<Vec<_>>(), ["name"]);
}

#[test]
fn without_the_check_types_do_not_matter_and_records_are_only_cut_out() {
    let options = || PlanOptions { check: false, ..PlanOptions::default() };
    let mut batch = batch_with::<Wide>(options());
    let records = [r#"{"id":[],"inner":7,"tags":{"a":"}]\"","a":2}}"#, r#"{"id":nan}"#];
    records.iter().for_each(|record| batch.push(record.as_bytes()).unwrap());
    assert_eq!((batch.accounts().misfits, lines(&batch)), (0, format!("{}\n", records.join("\n")).as_str()));
    let refused = |record: &[u8]| batch_with::<Wide>(options()).push(record).unwrap_err().kind();
    assert_eq!(refused(b"{\"id\":\"\xff\"}"), ErrorKind::Content);
    assert_eq!(refused(b"{\"id\":[1}"), ErrorKind::Response, "truncated");
    assert_eq!(refused(b"{\"id\":\"a\nb\"}"), ErrorKind::Response);
    assert_eq!(refused(format!("{{\"id\":{}", "[".repeat(200)).as_bytes()), ErrorKind::Content);
    // What has to leave otherwise than it came is looked at as a whole.
    let mut batch = batch_with::<Wide>(options());
    batch.push(br#"{"id": 1, "id":2, "text":"\ud800"}"#).unwrap();
    assert_eq!(lines(&batch), "{\"id\":2,\"text\":\"\\ufffd\"}\n");
    assert_eq!(batch.accounts().mended().count(), 2);
}

#[test]
fn without_the_check_a_stream_whose_values_are_picked_is_looked_at_all_the_same() {
    let children = vec![vec![vec!["id"]]];
    let options = || PlanOptions { check: false, children: children.clone(), ..PlanOptions::default() };
    let mut batch = batch_with::<Wide>(options());
    batch.push(br#"{"id":[],"inner":7,"tags":{"a":1,"a":2}}"#).unwrap();
    assert_eq!((batch.accounts().misfits, lines(&batch)), (0, "{\"id\":[],\"inner\":7,\"tags\":{\"a\":2}}\n"));
    assert_eq!(batch_with::<Wide>(options()).push(br#"{"id":nan}"#).unwrap_err().kind(), ErrorKind::Response);
}

#[test]
fn the_cursor_is_folded_and_children_get_their_fields() {
    static THINGS: StreamDescriptor =
        StreamDescriptor::new("things", "", fields::<Wide>).cursor(&["at"], CursorKind::DateTime);
    let children = vec![vec![vec!["id"], vec!["inner", "id"]], vec![vec!["any", "deep", "x"]]];
    let plan = Plan::new(&THINGS, PlanOptions { children, ..PlanOptions::default() }).unwrap();
    let spec = CursorSpec::new(CursorField { path: &["at"], kind: CursorKind::DateTime });
    let mut batch = Batch::new(Arc::new(plan), Framing::Bare, 0).with_fold(CursorFold::new(&spec));
    batch.push(br#"{"id":1,"at":"2026-01-02T00:00:00Z","inner":{"id":7},"any":{"deep":{"x":[1]}}}"#).unwrap();
    batch.push(br#"{"any":"flat","id":2,"at":"2026-01-01T00:00:00Z"}"#).unwrap();
    assert_eq!(batch.fold().unwrap().max().unwrap().to_json(), r#""2026-01-02T00:00:00Z""#);
    let rows = |batch: &mut Batch, child| -> Vec<Vec<String>> {
        let text = |value: Box<[u8]>| String::from_utf8(value.into()).unwrap();
        batch.picks(child).map(|row| row.into_iter().map(text).collect()).collect()
    };
    assert_eq!(rows(&mut batch, 0), [["1", "7"], ["2", "null"]]);
    assert_eq!(rows(&mut batch, 1), [["[1]"], ["null"]]);
    assert_eq!(rows(&mut batch, 0), Vec::<Vec<String>>::new(), "they were taken");
    assert_eq!(rows(&mut batch, 9), Vec::<Vec<String>>::new());
    assert_eq!(batch.accounts().misfits, 0);
    assert_eq!(batch.push(br#"{"id":1,"at":"yesterday"}"#).unwrap_err().kind(), ErrorKind::Record);
}

#[test]
fn a_path_through_a_list_or_a_scalar_is_refused() {
    for path in [vec!["tags", "x"], vec!["id", "x"]] {
        let options = PlanOptions { children: vec![vec![path]], ..PlanOptions::default() };
        assert_eq!(Plan::new(&stream::<Wide>(), options).unwrap_err().kind(), ErrorKind::Internal);
    }
}

#[test]
fn lines_can_be_taken_out_in_pieces() {
    let mut batch = batch::<Inner>();
    batch.push(br#"{"id":1}"#).unwrap();
    assert_eq!(batch.take_rendered(), (b"{\"id\":1}\n".to_vec(), 1));
    assert_eq!((batch.count(), batch.rendered(), batch.last_record().unwrap()), (0, &b""[..], &br#"{"id":1}"#[..]));
    batch.push(br#"{"id":2}"#).unwrap();
    assert_eq!((batch.count(), batch.accounts().emitted, lines(&batch)), (1, 2, "{\"id\":2}\n"));
}

#[test]
fn a_stream_read_only_as_a_parent_writes_no_lines() {
    let children = vec![vec![vec!["id"]]];
    let mut batch = batch_with::<Inner>(PlanOptions { render: false, children, ..PlanOptions::default() });
    batch.push(br#"{"id":1}"#).unwrap();
    assert_eq!((batch.rendered(), batch.accounts().unrendered), (&b""[..], 1));
    assert_eq!(batch.picks(0).count(), 1);
    assert_eq!(batch.last_record().unwrap(), br#"{"id":1}"#);
}

#[test]
fn what_is_no_record_is_refused_with_its_place() {
    let refused = |record: &[u8]| batch::<Inner>().push(record).unwrap_err().message().to_owned();
    assert_eq!(refused(b" [1]"), "a record has to be an object, but at byte 1 of the body stands a list: `[1]`");
    assert_eq!(refused(b"{\"id\":NaN}"), "the body is not valid JSON at byte 6: expected a value, found `NaN}`");
    assert!(refused(b"{\"id\":1").contains("truncated"));
    assert!(refused(b"{\"id\":1} x").contains("at byte 9: the value has ended, but more follows: `x`"));
    assert!(refused(b"{\"name\":\"\xff\"}").contains("at byte 9: the bytes are not UTF-8: `\\xff\"}`"));
    assert!(refused(b"").contains("truncated"));
    let deep = |depth: usize| format!("{{\"x\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(batch::<Inner>().push(deep(127).as_bytes()).is_ok());
    assert!(refused(deep(128).as_bytes()).contains("nested deeper than 128"));
    assert!(refused("{\"x\":".repeat(100_000).as_bytes()).contains("nested deeper than 128"));
    assert!(refused(b"{\"children\":[".repeat(100_000).as_slice()).contains("nested deeper than 128"));
    assert!(refused(&[&b"{\"children\":"[..], &b"[".repeat(100_000)[..]].concat()).contains("nested deeper than 128"));
}

/// A key that is too long for one look is learned from the data, and compared as a whole all the same.
#[test]
fn a_byte_within_a_long_key_counts_wherever_it_is() {
    let record = format!(r#"{{"id":1,"{}":2,"padding":"{}"}}"#, "k".repeat(40), "p".repeat(80));
    let key = record.find("kkk").unwrap();
    for at in key..key + 40 {
        for byte in [0, 0x1f, b'"', 0xff] {
            let mut batch = batch::<Inner>();
            batch.push(record.as_bytes()).unwrap();
            batch.push(record.as_bytes()).unwrap();
            let mut broken = record.clone().into_bytes();
            broken[at] = byte;
            assert!(batch.push(&broken).is_err(), "{byte} at {at}");
        }
    }
}
