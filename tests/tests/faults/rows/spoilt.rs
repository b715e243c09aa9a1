//! Status 200, and a body that is none.

use connector_core::FailureType::System;
use connector_tests::Reply;

use crate::bodies::{PAGE, gzip};
use crate::row::Row;

const HTML: &str = "<html><body>Please log in</body></html>";
const WAITS: &[f64] = &[1.0, 2.0, 4.0, 8.0];

fn once(fault: &'static str, reply: Reply) -> Row {
    Row::new(fault).first([reply]).requests(2).waits(&[1.0])
}

fn ever(fault: &'static str, reply: Reply, parts: &'static [&'static str]) -> Row {
    Row::new(fault).always(reply).requests(5).waits(WAITS).fails(System, parts)
}

pub(crate) fn rows() -> Vec<Row> {
    let mut damaged = gzip(PAGE.as_bytes());
    let end = damaged.len() - 6;
    damaged[end] ^= 0xff;
    vec![
        once("truncated JSON, once", Reply::json(r#"{"items":[{"id":0},{"id"#)),
        ever(
            "truncated JSON, for ever",
            Reply::json(r#"{"items":[{"id":0},{"id"#),
            &["stream `items`", "GET http://", "200 OK", "at byte 23", "truncated", "tried 5 times"],
        ),
        ever(
            "invalid JSON, for ever",
            Reply::json(r#"{"items":[{"id":0}{"id":1}]}"#),
            &["at byte 18", "expected `,` or `]`"],
        ),
        once("NaN among the records, once", Reply::json(r#"{"items":[{"id":0,"name":NaN}]}"#)),
        ever(
            "NaN among the records, for ever",
            Reply::json(r#"{"items":[{"id":0,"name":NaN}]}"#),
            &["at byte 25", "NaN"],
        ),
        ever(
            "Infinity behind the records, for ever",
            Reply::json(r#"{"items":[{"id":0}],"took":Infinity}"#),
            &["Infinity"],
        ),
        once("HTML with status 200, once", Reply::status(200).header("Content-Type", "text/html").body(HTML)),
        ever(
            "HTML with status 200, for ever",
            Reply::status(200).header("Content-Type", "text/html").body(HTML),
            &["stream `items`", "200 OK", "Please log in", "tried 5 times"],
        ),
        once("an empty body with status 200, once", Reply::json("")),
        ever(
            "an empty body with status 200, for ever",
            Reply::json(""),
            &["200 OK", "the body is empty", "tried 5 times"],
        ),
        once("gzip that does not match its check sum, once", Reply::json(damaged).header("Content-Encoding", "gzip")),
        ever(
            "an encoding that nobody asked for, for ever",
            Reply::json(PAGE).header("Content-Encoding", "x-secret"),
            &["x-secret", "tried 5 times"],
        ),
        Row::new("invalid UTF-8 in a record")
            .first([Reply::json(b"{\"items\":[{\"id\":0,\"name\":\"a\xffb\"}]}".to_vec())])
            .fails(System, &["stream `items`", "GET http://", "200 OK", "at byte 27", "not UTF-8"]),
        Row::new("invalid UTF-8 behind the records")
            .first([Reply::json(b"{\"items\":[{\"id\":0}],\"took\":\"\xc3\"}".to_vec())])
            .fails(System, &["stream `items`", "at byte 28", "not UTF-8"]),
        Row::new("invalid UTF-8 on the third page")
            .first([
                Reply::json(r#"{"items":[{"id":0}],"next":"b"}"#),
                Reply::json(r#"{"items":[{"id":1}],"next":"c"}"#),
                Reply::json(b"{\"items\":[{\"id\":2,\"name\":\"\xed\xa0\x80\"}]}".to_vec()),
            ])
            .requests(3)
            .fails(System, &["page=c (page 3)", "at byte 26", "not UTF-8"])
            .ids([0, 1]),
        Row::new("objects nested deeper than 128")
            .first([Reply::json(format!(r#"{{"items":[{{"id":0,"name":{}1{}}}]}}"#, "[".repeat(200), "]".repeat(200)))])
            .fails(System, &["stream `items`", "200 OK", "deeper than 128", "at byte"]),
        Row::new("a body that is nothing but `[`, a million times")
            .first([Reply::json("[".repeat(1 << 20))])
            .fails(System, &["deeper than 128"]),
        Row::new("a records path that is not there")
            .first([Reply::json(r#"{"data":[{"id":0}]}"#)])
            .fails(System, &["stream `items`", "200 OK", "`items`", "data"]),
        Row::new("null where the list of records is due")
            .first([Reply::json(r#"{"items":null}"#)])
            .fails(System, &["stream `items`", "`items`", "null"]),
        Row::new("an error with status 200 in place of the records")
            .first([Reply::json(r#"{"error":"the plan has ended"}"#)])
            .fails(System, &["stream `items`", "the plan has ended"]),
        Row::new("records that are no objects")
            .first([Reply::json(r#"{"items":[7]}"#)])
            .fails(System, &["stream `items`", "has to be an object", "a number"]),
    ]
}
