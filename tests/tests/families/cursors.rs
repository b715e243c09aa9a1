//! What a cursor can be told besides its bounds.

use crate::kit::{Sync, read, read_from};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "late")]
struct Late {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = "2024-01-05", lookback = days(2))]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "months")]
struct Month {
    #[primary_key]
    id: u64,
    #[cursor(since = "from", until = "to", start = "2024-01-15", end = "2024-04-20", step = months(1), clamp = month)]
    day: NaiveDate,
}

#[derive(HttpStream)]
#[http(path = "shops/{partition.shop}/sales")]
#[partition(shop = config.shops)]
struct Sale {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = "2024-01-01", end = "2024-03-01T00:00:00Z", global)]
    at: DateTime<Utc>,
}

#[source(name = "source-cursors", base_url = "https://api.example.com/", streams(Late, Month, Sale))]
struct Cursors {
    shops: Vec<String>,
}

fn requests(sync: &Sync) -> Vec<&str> {
    sync.requests.iter().map(String::as_str).collect()
}

#[test]
fn lookback_clamping_and_one_state_for_all() {
    let answer = |url: &str, _: &str| {
        Reply::json(match url {
            "late?since=2024-01-05T00%3A00%3A00Z" | "late?since=2024-01-08T00%3A00%3A00Z" => {
                r#"[{"id":1,"at":"2024-01-10T00:00:00Z"}]"#
            }
            "months?from=2024-03-01&to=2024-03-31" => r#"[{"id":2,"day":"2024-03-05"}]"#,
            "shops/a/sales?since=2024-01-01T00%3A00%3A00Z" => r#"[{"id":3,"at":"2024-02-01T00:00:00Z"}]"#,
            _ => "[]",
        })
    };
    let first = read::<Cursors>(json!({"shops": ["a"]}), answer).sorted();
    assert_eq!(first.error, None);
    assert_eq!(
        requests(&first),
        [
            "GET late?since=2024-01-05T00%3A00%3A00Z",
            "GET months?from=2024-01-01&to=2024-01-31",
            "GET months?from=2024-02-01&to=2024-02-29",
            // April is not over.
            "GET months?from=2024-03-01&to=2024-03-31",
            "GET shops/a/sales?since=2024-01-01T00%3A00%3A00Z",
        ]
    );
    assert_eq!(first.state("late"), json!({"at": "2024-01-10T00:00:00Z"}));
    assert_eq!(first.state("month"), json!({"day": "2024-03-05"}));
    let sale = first.state("sale");
    assert_eq!(sale["use_global_cursor"], true);
    assert_eq!(
        sale["partitions"],
        json!({"complete": true, "others": "2024-03-01T00:00:00Z"}),
        "no partition is named"
    );

    let second = read_from::<Cursors>(json!({"shops": ["a", "b"]}), &first.states(), answer).sorted();
    assert_eq!(
        requests(&second),
        [
            "GET late?since=2024-01-08T00%3A00%3A00Z",
            "GET months?from=2024-03-01&to=2024-03-31",
            "GET shops/a/sales?since=2024-03-01T00%3A00%3A00Z",
            "GET shops/b/sales?since=2024-03-01T00%3A00%3A00Z",
        ]
    );
}

#[derive(HttpStream)]
#[http(path = "feed", records = "items")]
#[paginate(pages, param = "page")]
struct Post {
    #[primary_key]
    id: u64,
    #[cursor(data_feed, order = descending)]
    at: DateTime<Utc>,
}

#[source(name = "source-feed", base_url = "https://api.example.com/", streams(Post))]
struct Feed {}

#[test]
fn a_data_feed_stops_at_the_state() {
    let first = read::<Feed>(json!({}), |url, _| {
        Reply::json(match url {
            "feed?page=1" => r#"{"items":[{"id":3,"at":"2024-01-03T00:00:00Z"},{"id":2,"at":"2024-01-02T00:00:00Z"}]}"#,
            "feed?page=2" => r#"{"items":[{"id":1,"at":"2024-01-01T00:00:00Z"}]}"#,
            _ => r#"{"items":[]}"#,
        })
    });
    assert_eq!(requests(&first), ["GET feed?page=1", "GET feed?page=2", "GET feed?page=3"]);
    assert_eq!(first.state("post"), json!({"at": "2024-01-03T00:00:00Z"}));
    let second = read_from::<Feed>(json!({}), &first.states(), |url, _| {
        Reply::json(match url {
            "feed?page=1" => r#"{"items":[{"id":5,"at":"2024-01-05T00:00:00Z"},{"id":4,"at":"2024-01-04T00:00:00Z"}]}"#,
            "feed?page=2" => r#"{"items":[{"id":3,"at":"2024-01-03T00:00:00Z"},{"id":2,"at":"2024-01-02T00:00:00Z"}]}"#,
            other => panic!("{other} is older than the state"),
        })
    });
    assert_eq!(second.error, None);
    assert_eq!(requests(&second), ["GET feed?page=1", "GET feed?page=2"]);
    let at = |id: u64| format!(r#"post {{"id":{id},"at":"2024-01-0{id}T00:00:00Z"}}"#);
    assert_eq!(second.records, [at(3), at(4), at(5)], "what is older than the state is left out");
    assert_eq!(second.state("post"), json!({"at": "2024-01-05T00:00:00Z"}));
}

/// Unix milliseconds in records, a pattern in requests; integers; texts; what lies on an end; what has no value.
#[derive(HttpStream)]
#[http(path = "stamps")]
struct Stamp {
    #[primary_key]
    id: u64,
    #[cursor(
        since = "from", until = "to", start = "2024-01-01", end = "2024-01-03T00:00:00Z", step = days(1), exclusive_end,
        formats("epoch_millis"), format = "%Y%m%d", missing = exclude
    )]
    at: Option<DateTime<Utc>>,
}

#[derive(HttpStream)]
#[http(path = "numbers")]
struct Number {
    #[primary_key]
    #[cursor(since = "after", start = config.first, order = ascending)]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "versions")]
struct Version {
    #[primary_key]
    #[cursor(since = "after", missing = error)]
    code: String,
}

#[derive(HttpStream)]
#[http(path = "nested")]
#[cursor(field = meta.changed, since = "since")]
struct Nested {
    #[primary_key]
    id: u64,
    meta: Meta,
}

#[derive(Record)]
struct Meta {
    changed: NaiveDateTime,
}

#[source(name = "source-kinds", base_url = "https://api.example.com/", streams(Stamp, Number, Version, Nested))]
struct Kinds {
    first: u64,
}

#[test]
fn kinds_of_cursors() {
    let answer = |url: &str, _: &str| {
        Reply::json(match url {
            "stamps?from=20240101&to=20240102" => r#"[{"id":1,"at":1704070800000},{"id":2,"at":null}]"#,
            "numbers?after=5" => r#"[{"id":5},{"id":18446744073709551615}]"#,
            "versions" => r#"[{"code":"a-9"},{"code":"b-1"}]"#,
            "nested" => r#"[{"id":1,"meta":{"changed":"2024-01-01T10:00:00.5"}}]"#,
            _ => "[]",
        })
    };
    let first = read::<Kinds>(json!({"first": 5}), answer).sorted();
    assert_eq!(first.error, None);
    assert_eq!(
        requests(&first),
        [
            "GET nested",
            "GET numbers?after=5",
            "GET stamps?from=20240101&to=20240102",
            "GET stamps?from=20240102&to=20240103",
            // The end is included.
            "GET stamps?from=20240103&to=20240104",
            "GET versions",
        ]
    );
    assert!(!first.records.iter().any(|record| record.contains("null")), "{:?}", first.records);
    let state = |stream: &str| first.state(stream);
    assert_eq!(
        [state("stamp"), state("number"), state("version"), state("nested")],
        [
            json!({"at": 1_704_070_800_000_u64}),
            json!({"id": 18_446_744_073_709_551_615_u64}),
            json!({"code": "b-1"}),
            json!({"changed": "2024-01-01T10:00:00.5"}),
        ]
    );
    let second = read_from::<Kinds>(json!({"first": 5}), &first.states(), answer).sorted();
    assert_eq!(
        requests(&second),
        [
            "GET nested?since=2024-01-01T10%3A00%3A00.5",
            "GET numbers?after=18446744073709551615",
            "GET stamps?from=20240101&to=20240102",
            "GET stamps?from=20240102&to=20240103",
            "GET stamps?from=20240103&to=20240104",
            "GET versions?after=b-1",
        ]
    );
}

/// The cursor's field has one of several forms, another field another; the latter leaves as a date, too.
#[derive(HttpStream)]
#[http(path = "odd")]
#[add(billed_on = NaiveDate::parse_from_str(&record.billed, "%d/%m/%Y").ok())]
struct Odd {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", formats("%d.%m.%Y %H:%M", "%b %d, %Y", "epoch_seconds", "rfc3339"), format = "%Y-%m-%d")]
    at: DateTime<Utc>,
    billed: String,
}

#[source(name = "source-odd", base_url = "https://api.example.com/", streams(Odd))]
struct OddDates {}

#[test]
fn odd_dates() {
    let first = read::<OddDates>(json!({}), |_, _| {
        Reply::json(
            r#"[
            {"id":1,"at":"03.02.2024 17:30","billed":"04/02/2024"},
            {"id":2,"at":"Feb 04, 2024","billed":"later"},
            {"id":3,"at":1706745600,"billed":"29/02/2024"},
            {"id":4,"at":"1706745600.25","billed":"30/02/2024"},
            {"id":5,"at":"2024-02-03T10:00:00+02:00","billed":"01/12/1999"}
            ]"#,
        )
    });
    assert_eq!(first.error, None);
    assert_eq!(
        first.records,
        [
            r#"odd {"id":1,"at":"03.02.2024 17:30","billed":"04/02/2024","billed_on":"2024-02-04"}"#,
            r#"odd {"id":2,"at":"Feb 04, 2024","billed":"later","billed_on":null}"#,
            r#"odd {"id":3,"at":1706745600,"billed":"29/02/2024","billed_on":"2024-02-29"}"#,
            r#"odd {"id":4,"at":"1706745600.25","billed":"30/02/2024","billed_on":null}"#,
            r#"odd {"id":5,"at":"2024-02-03T10:00:00+02:00","billed":"01/12/1999","billed_on":"1999-12-01"}"#,
        ]
    );
    assert_eq!(first.state("odd"), json!({"at": "Feb 04, 2024"}), "the newest, in the form that it came in");
    let second = read_from::<OddDates>(json!({}), &first.states(), |_, _| Reply::json("[]"));
    assert_eq!(requests(&second), ["GET odd?since=2024-02-04"]);
    let misread = read::<OddDates>(json!({}), |_, _| Reply::json(r#"[{"id":1,"at":"tomorrow","billed":""}]"#));
    let error = misread.error.unwrap();
    assert!(error.contains(r#"`"tomorrow"` is no date-time of the form %d.%m.%Y %H:%M, or"#), "{error}");
}

#[derive(HttpStream)]
#[http(path = "counted", records = "items")]
#[paginate(offset, param = "skip", total = "meta.total")]
struct Counted {
    #[primary_key]
    id: u64,
}

#[source(name = "source-counted", base_url = "https://api.example.com/", streams(Counted))]
struct Totals {}

#[test]
fn a_declared_total_is_an_estimate() {
    let sync = read::<Totals>(json!({}), |url, _| {
        Reply::json(match url {
            "counted?skip=0" => r#"{"items":[{"id":1},{"id":2}],"meta":{"total":3}}"#,
            _ => r#"{"items":[{"id":3}],"meta":{"total":"3"}}"#,
        })
    });
    assert_eq!(sync.error, None);
    assert_eq!(requests(&sync), ["GET counted?skip=0", "GET counted?skip=2"]);
    let estimates: Vec<&str> = sync.output.lines().filter(|line| line.contains("ESTIMATE")).collect();
    assert_eq!(estimates.len(), 1, "{estimates:?}");
    assert!(estimates[0].contains(r#""row_estimate":3"#) && estimates[0].contains("counted"), "{estimates:?}");
}

#[derive(HttpStream)]
#[http(path = "changes", records = "items", updated_state = Self::read_up_to)]
#[paginate(pages, param = "page", stop(more = false))]
struct Change {
    #[primary_key]
    id: u64,
    #[cursor(since = "after")]
    version: u64,
}

impl Change {
    /// The API tells up to which version an answer is complete; records beyond it may still lack neighbours.
    fn read_up_to(page: &Page<'_>) -> Result<Option<String>> {
        Ok(page.header("x-read-up-to").map(str::to_owned))
    }
}

#[source(name = "source-changes", base_url = "https://api.example.com/", streams(Change))]
struct Changes {}

#[test]
fn a_function_tells_what_the_state_advances_to() {
    let first = read::<Changes>(json!({}), |url, _| match url {
        "changes?page=1" => Reply::json(r#"{"items":[{"id":1,"version":7},{"id":2,"version":9}],"more":true}"#)
            .header("X-Read-Up-To", "8"),
        _ => Reply::json(r#"{"items":[{"id":3,"version":5}],"more":false}"#),
    });
    assert_eq!((first.error.as_deref(), first.records.len()), (None, 3));
    // Less than the first page's records, more than the second's.
    assert_eq!(first.states()[0]["stream"]["stream_state"], json!({"version": 8}));
    let second = read_from::<Changes>(json!({}), &first.states(), |_, _| {
        Reply::json(r#"{"items":[{"id":2,"version":9}],"more":false}"#).header("X-Read-Up-To", "soon")
    });
    assert_eq!(requests(&second), ["GET changes?after=8&page=1"]);
    let error = second.error.unwrap();
    assert!(error.contains("`version`") && error.contains("updated state") && error.contains("soon"), "{error}");
}

/// An API that compares with `>` and `<`.
#[derive(HttpStream)]
#[http(path = "between")]
struct Between {
    #[primary_key]
    id: u64,
    #[cursor(
        since = "after", until = "before", start = "2024-01-01T00:00:00.250Z", end = "2024-01-03T00:00:00Z", step = days(1),
        granularity = seconds(1), exclusive_start, exclusive_end
    )]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "serials")]
struct Serial {
    #[primary_key]
    #[cursor(since = "above", start = config.first, exclusive_start)]
    id: u64,
}

#[source(name = "source-exclusive", base_url = "https://api.example.com/", streams(Between, Serial))]
struct Exclusive {
    first: u64,
}

#[test]
fn bounds_that_the_api_leaves_out() {
    let answer = |url: &str, _: &str| {
        Reply::json(match url {
            "between?after=2024-01-02T23%3A59%3A59Z&before=2024-01-03T00%3A00%3A01Z" => {
                r#"[{"id":1,"at":"2024-01-03T00:00:00Z"}]"#
            }
            "serials?above=6" => r#"[{"id":7},{"id":9}]"#,
            _ => "[]",
        })
    };
    let first = read::<Exclusive>(json!({"first": 7}), answer).sorted();
    assert_eq!(first.error, None);
    // The first window begins on a whole second, as the API's values do; the last one has its end in it.
    assert_eq!(
        requests(&first),
        [
            "GET between?after=2023-12-31T23%3A59%3A59Z&before=2024-01-02T00%3A00%3A00Z",
            "GET between?after=2024-01-01T23%3A59%3A59Z&before=2024-01-03T00%3A00%3A00Z",
            "GET between?after=2024-01-02T23%3A59%3A59Z&before=2024-01-03T00%3A00%3A01Z",
            "GET serials?above=6",
        ]
    );
    assert_eq!(first.records.len(), 3);
    let second = read_from::<Exclusive>(json!({"first": 7}), &first.states(), answer).sorted();
    assert_eq!(
        requests(&second),
        ["GET between?after=2024-01-02T23%3A59%3A59Z&before=2024-01-03T00%3A00%3A01Z", "GET serials?above=8"]
    );
}

#[derive(HttpStream)]
#[http(path = "kept")]
struct Kept {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", missing = include)]
    at: Option<DateTime<Utc>>,
}

#[derive(HttpStream)]
#[http(path = "refused")]
struct Refused {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", missing = error)]
    at: Option<DateTime<Utc>>,
}

#[derive(HttpStream)]
#[http(path = "ahead")]
struct Ahead {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", future = accept)]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "plain")]
struct Plain {
    #[primary_key]
    id: u64,
    #[cursor(since = "since")]
    at: DateTime<Utc>,
}

#[source(name = "source-odd-values", base_url = "https://api.example.com/", streams(Kept, Refused, Ahead, Plain))]
struct OddValues {}

#[test]
fn records_without_a_value_and_those_of_the_future() {
    let sync = read::<OddValues>(json!({}), |url, _| {
        Reply::json(match url {
            "kept" => r#"[{"id":1,"at":null},{"id":2,"at":"2024-01-01T00:00:00Z"},{"id":3}]"#,
            "refused" => r#"[{"id":1,"at":"2024-01-01T00:00:00Z"},{"id":2}]"#,
            _ => r#"[{"id":1,"at":"2024-01-01T00:00:00Z"},{"id":2,"at":"2999-01-01T00:00:00Z"}]"#,
        })
    });
    let of = |stream: &str| sync.records.iter().filter(|record| record.starts_with(stream)).count();
    assert_eq!([of("kept"), of("refused"), of("ahead"), of("plain")], [3, 0, 2, 2], "a page is whole or not there");
    assert_eq!(sync.state("kept"), json!({"at": "2024-01-01T00:00:00Z"}));
    assert_eq!(sync.state("refused"), json!({}));
    assert_eq!(sync.state("ahead"), json!({"at": "2999-01-01T00:00:00Z"}));
    assert_eq!(sync.state("plain"), json!({"at": "2024-01-01T00:00:00Z"}), "it does not hide what comes before");
    let error = sync.error.clone().unwrap();
    assert!(error.contains("`refused`") && error.contains("cursor field `at` is missing or null"), "{error}");
}

#[test]
fn a_full_refresh_ignores_the_state() {
    use connector_core::protocol::{ConfiguredCatalog, ConfiguredStream, IncomingState, StreamName, SyncMode};
    let memory =
        connector_http::transport::Memory::answering(|_| Reply::json(r#"[{"id":1,"at":"2023-05-01T00:00:00Z"}]"#));
    let transport = connector_http::transport::SharedTransport(std::sync::Arc::new(memory.clone()));
    let connector = connector_core::Connector::of::<OddValues>().with_extension(transport);
    let state = br#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"plain"},"stream_state":{"at":"2024-01-01T00:00:00Z"}}}]"#;
    let read = |mode: SyncMode| {
        let catalog = ConfiguredCatalog::new(vec![ConfiguredStream::new(StreamName::new("plain"), mode)]);
        let request = connector_core::ReadRequest {
            state: IncomingState::parse(state).unwrap(),
            catalog: Some(catalog),
            ..connector_core::ReadRequest::all(json!({}))
        };
        let sink = connector_core::sink::MemorySink::new();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert!(runtime.block_on(connector.read(request, sink.clone())).unwrap().error().is_none());
        String::from_utf8(sink.bytes()).unwrap().lines().rfind(|line| line.contains(r#""STATE""#)).unwrap().to_owned()
    };
    let state = read(SyncMode::FullRefresh);
    assert!(
        state.contains(r#""stream_state":{"at":"2023-05-01T00:00:00Z"}"#),
        "its own state, not the later one: {state}"
    );
    read(SyncMode::Incremental);
    let asked: Vec<_> = memory.seen().iter().map(|seen| seen.url.query().map(str::to_owned)).collect();
    assert_eq!(asked, [None, Some("since=2024-01-01T00%3A00%3A00Z".to_owned())]);
}
