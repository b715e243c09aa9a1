//! What is in the records: passed on, mended, counted.

use connector_core::FailureType::System;

use crate::row::Row;

const ODD: &str = r#"{"items":[{"id":1,"name":7},{"id":2,"name":"b"},{"id":3,"name":[]}]}"#;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("integers beyond 2^64, floats beyond f64")
            .body(r#"{"items":[{"id":1,"a":123456789012345678901234567890,"b":-0.12345678901234567890e-400},{"id":2,"c":1E400}]}"#)
            // Our own parser knows no 1E400.
            .ids([1])
            .data(&[r#"{"id":1,"a":123456789012345678901234567890,"b":-0.12345678901234567890e-400}"#, r#"{"id":2,"c":1E400}"#])
            .note("their bytes"),
        Row::new("escapes, nulls, unknown fields, an order of its own")
            .body("{\"items\":[{ \"zz\" : {\"y\":null , \"x\":[]},\n\t\"id\":1, \"name\":\"\\u00e9\\/\\ud83d\\ude00\\u0000\"}]}")
            .ids([1])
            .data(&[r#"{"zz":{"y":null,"x":[]},"id":1,"name":"\u00e9\/\ud83d\ude00\u0000"}"#])
            .note("their bytes, but for spaces between them"),
        Row::new("a key given twice in one object, in two records")
            .body(r#"{"items":[{"id":1,"name":"a","name":"b"},{"id":2,"name":"c","name":"d"}]}"#)
            .ids([1, 2])
            .data(&[r#"{"id":1,"name":"b"}"#, r#"{"id":2,"name":"d"}"#])
            .logs(1, "field `name` was given twice in one object; the last value was kept (2 times)")
            .note("the last value; counted, one line of log a field"),
        Row::new("a lone surrogate, in two records")
            .body(r#"{"items":[{"id":1,"name":"a\ud800"},{"id":2,"name":"\udc00b"}]}"#)
            .ids([1, 2])
            .also(|ran| {
                let name = |at: usize| ran.of("RECORD")[at].pointer("/record/data/name").unwrap().clone();
                assert_eq!((name(0), name(1)), ("a\u{fffd}".into(), "\u{fffd}b".into()));
            })
            .logs(1, "field `name` held half of a surrogate pair; U+FFFD stands for it now (2 times)")
            .note("U+FFFD; counted, one line of log a field"),
        Row::new("two records that do not fit; the stream keeps them (default)")
            .body(ODD)
            .ids([1, 2, 3])
            .data(&[r#"{"id":1,"name":7}"#, r#"{"id":2,"name":"b"}"#, r#"{"id":3,"name":[]}"#])
            .logs(1, "field `name` did not fit 2 times")
            .logs(1, "2 not fitting the schema")
            .note("counted, one line of log a field"),
        Row::new("the same; the stream nulls the field")
            .set("misfit", "null")
            .body(ODD)
            .ids([1, 2, 3])
            .data(&[r#"{"id":1,"name":null}"#, r#"{"id":2,"name":"b"}"#, r#"{"id":3,"name":null}"#])
            .also(|ran| {
                let change = ran.of("RECORD")[0].pointer("/record/meta/changes/0").unwrap().clone();
                assert_eq!((&change["field"], &change["change"]), (&"name".into(), &"NULLED".into()));
            })
            .note("`meta.changes` says so"),
        Row::new("the same; the stream skips the records")
            .set("misfit", "skip")
            .body(ODD)
            .ids([2])
            .logs(1, "1 record emitted of 3 found, 2 rejected")
            .note("2 rejected, as the last log line counts"),
        Row::new("the same; the stream fails")
            .set("misfit", "fail")
            .body(ODD)
            .fails(System, &["stream `items`", "GET http://", "name"]),
        Row::new("a record without its key").body(r#"{"items":[{"name":"a"}]}"#).ids([]).data(&[r#"{"name":"a"}"#]).logs(1, "field `id` did not fit 1 times"),
    ]
}
