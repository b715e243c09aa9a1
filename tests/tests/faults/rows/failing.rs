//! One stream fails, the other is read.

use connector_core::FailureType::{Config, System};
use connector_tests::Reply;
use serde_json::json;

use crate::bodies::PAGE;
use crate::row::{ITEMS, Row};

/// The record of the stream that is well.
const OTHER: u64 = 7;

fn status(fault: &'static str, status: u16) -> Row {
    Row::new(fault).both_streams().always(Reply::status(status).body(r#"{"message":"no"}"#)).requests(2)
}

fn catalog(streams: &[&str]) -> serde_json::Value {
    let configured = |name| {
        json!({
            "stream": {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh"]},
            "sync_mode": "full_refresh",
            "destination_sync_mode": "overwrite",
        })
    };
    json!({"streams": streams.iter().map(configured).collect::<Vec<_>>()})
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        status("401 on one stream", 401)
            .fails(Config, &["stream `items`", "GET http://", "401", "no", "check the credentials"])
            .ids([OTHER]),
        status("403 on one stream", 403)
            .fails(Config, &["stream `items`", "GET http://", "403", "no right to read this"])
            .ids([OTHER]),
        status("404 on one stream", 404)
            .fails(System, &["stream `items`", "GET http://", "404", "nothing at this address"])
            .ids([OTHER]),
        Row::new("the same page token again")
            .first([
                Reply::json(r#"{"items":[{"id":0}],"next":"b"}"#),
                Reply::json(r#"{"items":[{"id":1}],"next":"b"}"#),
            ])
            .requests(2)
            .fails(System, &["stream `items`", "GET http://", "page=b", "the token `b`", "named before"])
            .ids([0, 1]),
        Row::new("page tokens in a circle of three")
            .routes(|api, _| {
                api.route(ITEMS, |request| {
                    let at: u64 = request.param("page").map_or(0, |page| page.parse().unwrap());
                    Reply::json(format!(r#"{{"items":[{{"id":{at}}}],"next":{}}}"#, at % 3 + 1))
                })
            })
            .requests(4)
            .fails(System, &["stream `items`", "GET http://", "page=3", "the token `1`, which page 1 named before"])
            .ids(0..4),
        Row::new("the same page whatever the page number")
            .set("pages", "numbers")
            .requests(2)
            .fails(
                System,
                &[
                    "stream `items`",
                    "page=2 (page 2)",
                    "the same 3 records as GET http://",
                    "page=1 (page 1)",
                    "check the pagination",
                ],
            )
            .ids([0, 1, 2]),
        Row::new("a panic in connector code")
            .both_streams()
            .set("hook", "panic")
            .requests(1)
            .fails(System, &["stream `items`", "panicked", "bug of the connector"])
            .ids([OTHER]),
        Row::new("a failure on the second page")
            .first([Reply::json(r#"{"items":[{"id":0}],"next":"b"}"#), Reply::status(410)])
            .requests(2)
            .fails(System, &["page=b (page 2)", "410"])
            .ids([0]),
        Row::new("an unknown stream in the catalog")
            .catalog(catalog(&["items", "nothing"]))
            .fails(Config, &["nothing"])
            .ids([0, 1, 2])
            .first([Reply::json(PAGE)]),
    ]
}
