//! Cursors: how their bounds are asked for, and what the state says.

use crate::kit::read;
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "epochs")]
struct Epoch {
    #[primary_key]
    id: u64,
    #[cursor(
        start = config.since, end = "2024-01-03T00:00:00Z", step = days(1), since = "from", until = "to", granularity = seconds(1),
        formats("epoch_seconds", "%Y-%m-%d %H:%M"), format = "epoch_seconds"
    )]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "texts", method = POST)]
struct Text {
    #[primary_key]
    id: u64,
    #[cursor(start = config.since, end = "2024-01-03T00:00:00Z", since(header = "X-Since"), until(body = "filter.until"), format = "%d/%m/%Y")]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "filtered")]
struct Filtered {
    #[primary_key]
    id: u64,
    #[cursor(start = config.since, client_filter)]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "shops/{partition.shop}/orders")]
#[partition(shop = ["a", "b"])]
struct Order {
    #[primary_key]
    id: u64,
    #[cursor(start = ago(days(2)), since = "since", format = "%Y")]
    at: DateTime<Utc>,
}

#[source(name = "source-cursors", base_url = "https://api.example.com/", streams(Epoch, Text, Filtered, Order))]
struct Cursors {
    since: NaiveDate,
}

#[test]
fn bounds_and_states() {
    let sync = read::<Cursors>(json!({ "since": "2024-01-01" }), |url, _| {
        Reply::json(if url.starts_with("epochs?from=1704067200") {
            r#"[{"id":1,"at":1704070000},{"id":2,"at":"2024-01-01 12:00"}]"#
        } else if url == "filtered" {
            r#"[{"id":3,"at":"2023-12-31T00:00:00Z"},{"id":4,"at":"2024-02-01T00:00:00Z"}]"#
        } else if url.starts_with("shops/a") {
            r#"[{"id":5,"at":"2124-02-01T00:00:00Z"}]"#
        } else {
            "[]"
        })
    })
    .sorted();
    assert_eq!(sync.error, None);
    let year = (Utc::now() - std::time::Duration::from_secs(2 * 86_400)).format("%Y");
    let requests: Vec<&str> = sync.requests.iter().map(String::as_str).collect();
    assert_eq!(
        requests,
        [
            "GET epochs?from=1704067200&to=1704153599",
            "GET epochs?from=1704153600&to=1704239999",
            "GET epochs?from=1704240000&to=1704240000",
            "GET filtered",
            &format!("GET shops/a/orders?since={year}"),
            &format!("GET shops/b/orders?since={year}"),
            r#"POST texts {"filter":{"until":"03/01/2024"}}"#,
        ]
    );
    assert!(sync.header("x-since").contains(&"01/01/2024"));
    assert_eq!(
        sync.records,
        [
            r#"epoch {"id":1,"at":1704070000}"#,
            r#"epoch {"id":2,"at":"2024-01-01 12:00"}"#,
            r#"filtered {"id":4,"at":"2024-02-01T00:00:00Z"}"#,
            r#"order {"id":5,"at":"2124-02-01T00:00:00Z"}"#,
        ]
    );
    let state = sync.output.lines().rfind(|line| line.contains(r#""STATE""#) && line.contains(r#""order""#)).unwrap();
    assert!(state.contains("partitions") && state.contains(r#"\"a\""#) && state.contains(r#"b\""#), "{state}");
}

/// What fits is told by the declared formats, not by the field's type.
#[derive(HttpStream)]
#[http(path = "strict", misfit = skip)]
struct Strict {
    #[primary_key]
    id: u64,
    #[cursor(formats("epoch_seconds", "%Y-%m-%d %H:%M"), order = ascending, then(field = seen, formats("epoch_seconds")))]
    at: DateTime<Utc>,
    seen: DateTime<Utc>,
}

/// The same where the values that do not fit become null.
#[derive(HttpStream)]
#[http(path = "nulled", misfit = null)]
struct Nulled {
    #[primary_key]
    id: u64,
    #[cursor(formats("epoch_seconds"))]
    at: DateTime<Utc>,
    name: String,
}

#[source(name = "source-formats", base_url = "https://api.example.com/", streams(Strict, Nulled))]
struct Formats {}

/// Both parts in other forms than RFC 3339, one of them an option; a number stays what it is.
#[derive(HttpStream)]
#[http(path = "mixed")]
struct Mixed {
    #[primary_key]
    id: i64,
    #[cursor(formats("%Y-%m-%d %H:%M"), then(field = seen, formats("epoch_millis", "rfc3339")))]
    at: Option<DateTime<Utc>>,
    seen: DateTime<Utc>,
}

#[test]
fn the_schema_tells_the_form_in_which_a_cursor_leaves() {
    use connector_core::stream::StreamType;
    let types = |stream: &connector_core::stream::StreamDescriptor| {
        let schema = serde_json::to_value(connector_core::schema::of_record(stream)).unwrap();
        ["at", "seen"].map(|field| {
            let field = &schema["properties"][field];
            (field["type"].clone(), field["format"].clone())
        })
    };
    let moment = (json!("string"), json!("date-time"));
    assert_eq!(types(<Nulled as StreamType>::descriptor())[0], (json!("number"), json!(null)));
    assert_eq!(
        types(<Strict as StreamType>::descriptor()),
        [(json!(null), json!(null)), (json!("number"), json!(null))]
    );
    assert_eq!(
        types(<Mixed as StreamType>::descriptor()),
        [(json!(["string", "null"]), json!(null)), (json!(null), json!(null))]
    );
    assert_eq!(types(<Order as StreamType>::descriptor())[0], moment);
}

#[test]
fn values_of_declared_formats_fit() {
    let sync = read::<Formats>(json!({}), |url, _| {
        Reply::json(if url == "strict" {
            r#"[{"id":1,"at":1704070000,"seen":1704070001},{"id":2,"at":"2024-01-01 12:00","seen":1},{"id":"3","at":1704153600,"seen":2}]"#
        } else {
            r#"[{"id":4,"at":1704070000,"name":7}]"#
        })
    });
    assert_eq!(sync.error, None);
    let nulled = r#"nulled {"id":4,"at":1704070000,"name":null},"meta":{"changes":[{"field":"name","change":"NULLED","reason":"SOURCE_SERIALIZATION_ERROR"}]}"#;
    let expected = [
        nulled,
        r#"strict {"id":1,"at":1704070000,"seen":1704070001}"#,
        r#"strict {"id":2,"at":"2024-01-01 12:00","seen":1}"#,
    ];
    assert_eq!(sync.records, expected);
    assert!(sync.output.contains("field `id` did not fit 1 times"), "{}", sync.output);
    assert!(!sync.output.contains("field `at`") && !sync.output.contains("field `seen`"), "{}", sync.output);
    assert_eq!(sync.state("nulled"), json!({ "at": 1_704_070_000 }));
}
