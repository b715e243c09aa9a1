//! Requests, records paths and pages that differ from slice to slice, or from the first page to the next.

use crate::kit::{read, read_from};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "stats/{partition.kind}", records = "data.{partition.kind}.rows")]
#[partition(kind = ["clicks", "a.b"])]
struct Stat {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "report", records = config.rows)]
struct Configured {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "shapes/{partition.at}", records = ["items", "data", "data.items", "rows.*"])]
#[partition(at = 1..=5)]
struct Shapes {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "listed", params(fields = fields().join(","), "$top" = 5))]
struct Listed {
    #[primary_key]
    id: u64,
    #[serde(rename = "firstName")]
    first_name: Option<String>,
    #[serde(flatten)]
    owner: Owner,
}

#[derive(Record)]
struct Owner {
    owner_id: Option<u64>,
}

#[derive(HttpStream)]
#[http(path = "switched", enabled = config.all)]
struct Switched {
    #[primary_key]
    id: u64,
}

#[source(
    name = "source-slices",
    base_url = "https://api.example.com/",
    streams(Stat, Configured, Shapes, Listed, Switched)
)]
struct Slices {
    rows: String,
    all: bool,
}

fn answer(url: &str, _: &str) -> Reply {
    Reply::json(match url {
        "stats/clicks" => r#"{"data":{"clicks":{"rows":[{"id":1}]}}}"#,
        "stats/a.b" => r#"{"data":{"a":{"b":{"rows":[{"id":9}]}},"a.b":{"rows":[{"id":2}]}}}"#,
        "report" => r#"{"result":{"rows":[{"id":3}]}}"#,
        "shapes/1" => r#"{"items":[{"id":1}]}"#,
        "shapes/2" => r#"{"data":{"items":[{"id":2}]}}"#,
        "shapes/3" => r#"{"items":null,"data":[{"id":3}]}"#,
        "shapes/4" => r#"{"rows":{"a":{"id":4},"b":[{"id":5}]},"items":[]}"#,
        "shapes/5" => r#"{"item":[]}"#,
        "listed?fields=id%2CfirstName%2Cowner_id&%24top=5" => r#"[{"id":4}]"#,
        "switched" => r#"[{"id":5}]"#,
        other => panic!("{other:?}"),
    })
}

#[test]
fn records_paths() {
    let sync = read::<Slices>(json!({ "rows": "result.rows", "all": true }), answer);
    let error = sync.error.unwrap();
    assert!(error.contains("no records at `items` or `data` or `data.items` or `rows.*`"), "{error}");
    assert_eq!(
        sync.records,
        [
            r#"configured {"id":3}"#,
            r#"listed {"id":4}"#,
            r#"shapes {"id":1}"#,
            r#"shapes {"id":2}"#,
            r#"shapes {"id":3}"#,
            r#"shapes {"id":4}"#,
            r#"shapes {"id":5}"#,
            r#"stat {"id":1}"#,
            r#"stat {"id":2}"#,
            r#"switched {"id":5}"#,
        ]
    );
}

#[test]
fn field_lists() {
    let sync = read::<Slices>(json!({ "rows": "result.rows", "all": true }), answer);
    let listed: Vec<_> = sync.requests.iter().filter(|request| request.contains("listed")).collect();
    assert_eq!(listed, ["GET listed?fields=id%2CfirstName%2Cowner_id&%24top=5"]);
}

/// A stream that is switched off asks for nothing, and says so.
#[test]
fn switched_off() {
    let sync = read::<Slices>(json!({ "rows": "result.rows", "all": false }), answer);
    assert!(!sync.requests.iter().any(|request| request.contains("switched")), "{:?}", sync.requests);
    assert!(sync.output.contains("stream `switched`: the config switches it off"), "{}", sync.output);
    assert!(!sync.records.iter().any(|record| record.starts_with("switched")));
}

#[derive(HttpStream)]
#[http(
    path = if slice.incremental { "people/changes" } else { "people" },
    params(since = slice.start, full = !slice.incremental)
)]
struct People {
    #[primary_key]
    id: u64,
    #[cursor(start = "2024-01-01T00:00:00Z")]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = match config.kind { Kind::Old => "v1/things", Kind::New => "v2/{config.region}/things" })]
struct Thing {
    #[primary_key]
    id: u64,
}

#[config]
enum Kind {
    Old,
    New,
}

#[source(name = "source-people", base_url = "https://api.example.com/", streams(People, Thing))]
struct Directory {
    kind: Kind,
    region: String,
}

/// Another request once a state says where to go on; a path that the config chooses.
#[test]
fn requests_by_condition() {
    let answer = |url: &str, _: &str| {
        Reply::json(if url.starts_with("v") { "[]" } else { r#"[{"id":1,"at":"2024-02-01T00:00:00Z"}]"# })
    };
    let first = read::<Directory>(json!({ "kind": "Old", "region": "e/u" }), answer);
    let states = first.states();
    let first = first.sorted();
    assert_eq!(first.error, None);
    assert_eq!(first.requests, ["GET people?since=2024-01-01T00%3A00%3A00Z&full=true", "GET v1/things"]);
    let second = read_from::<Directory>(json!({ "kind": "New", "region": "e/u" }), &states, answer).sorted();
    assert_eq!(second.error, None);
    assert_eq!(
        second.requests,
        ["GET people/changes?since=2024-02-01T00%3A00%3A00Z&full=false", "GET v2/e%2Fu/things"]
    );
}

#[derive(HttpStream)]
#[http(path = "first", params(since = "2024", limit = 1))]
#[paginate(token = response.text("next"), param = "cursor", first_only("since"))]
struct First {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "posted", records = "rows", body("query.since" = "2024", "query.kind" = "a"))]
#[paginate(token = "next", body = "cursor", first_only("query.since"))]
struct Posted {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "limited", params(sort = "at"))]
#[paginate(offset, param = "offset", size(count = 2, param = "limit"), reset_after = 4)]
struct Limited {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", order = ascending)]
    at: u64,
}

#[source(name = "source-pages", base_url = "https://api.example.com/", streams(First, Posted, Limited))]
struct Pages {}

fn pages(url: &str, body: &str) -> Reply {
    let url = format!("{url} {body}");
    Reply::json(match url.trim_end() {
        "first?since=2024&limit=1" => r#"[{"id":1}]"#,
        "limited?sort=at&limit=2&offset=0" => r#"[{"id":1,"at":10},{"id":2,"at":11}]"#,
        "limited?sort=at&limit=2&offset=2" => r#"[{"id":3,"at":12},{"id":4,"at":13}]"#,
        "limited?sort=at&since=13&limit=2&offset=0" => r#"[{"id":4,"at":13},{"id":5,"at":14}]"#,
        "limited?sort=at&since=13&limit=2&offset=2" => r#"[{"id":6,"at":15}]"#,
        r#"posted {"query":{"kind":"a","since":"2024"}}"# => r#"{"rows":[{"id":1}],"next":"x"}"#,
        r#"posted {"cursor":"x","query":{"kind":"a"}}"# => r#"{"rows":[{"id":2}]}"#,
        other => panic!("{other:?}"),
    })
}

/// What only the first request of a slice has.
#[test]
fn parameters_of_the_first_page() {
    let sync = read::<Pages>(json!({}), |url, body| match url {
        "first?since=2024&limit=1" => Reply::json(r#"{"id":1,"next":"b"}"#),
        "first?limit=1&cursor=b" => Reply::json(r#"{"id":2}"#),
        _ => pages(url, body),
    });
    assert_eq!(sync.error, None);
    assert_eq!(sync.requests.iter().filter(|request| request.contains("first")).count(), 2, "{:#?}", sync.requests);
    assert_eq!(sync.requests.iter().filter(|request| request.contains("posted")).count(), 2, "{:#?}", sync.requests);
}

/// Behind the limit, the slice begins anew where it was; what lies on the border comes twice.
#[test]
fn pages_begin_anew_at_a_limit() {
    let sync = read::<Pages>(json!({}), pages);
    assert_eq!(sync.error, None);
    let ids: Vec<_> = sync.records.iter().filter(|record| record.starts_with("limited")).collect();
    assert_eq!(ids.len(), 7, "{ids:#?}");
    let stuck = read::<Pages>(json!({}), |url, body| match url {
        "limited?sort=at&limit=2&offset=0" => Reply::json(r#"[{"id":1,"at":10},{"id":2,"at":10}]"#),
        "limited?sort=at&limit=2&offset=2" => Reply::json(r#"[{"id":3,"at":10},{"id":4,"at":10}]"#),
        url if url.starts_with("limited?sort=at&since=10&limit=2&offset=0") => {
            Reply::json(r#"[{"id":1,"at":10},{"id":2,"at":10}]"#)
        }
        url if url.starts_with("limited") => Reply::json(r#"[{"id":3,"at":10},{"id":4,"at":10}]"#),
        _ => pages(url, body),
    });
    let error = stuck.error.unwrap();
    assert!(error.contains("reach no further than the cursor value 10") && error.contains("`step`"), "{error}");
}
