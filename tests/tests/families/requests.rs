//! Where values go: path, query, headers, bodies; and where they come from.

use crate::kit::read;
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(
    path = "{config.account}/items", headers("X-Version" = 2, "X-Region" = config.region),
    params(limit = 100, kind = config.kinds, sort = config.sort.as_deref().unwrap_or("id"), all = config.kinds.join("|").to_uppercase(),
        absent = config.absent, deep = if config.deep { Some("yes") } else { None })
)]
struct Item {
    #[primary_key]
    id: u64,
}

#[source(
    name = "source-config", base_url = if config.deep { "https://api.example.com/deep/" } else { "https://api.example.com/" },
    streams(Item)
)]
struct Config {
    account: String,
    region: String,
    kinds: Vec<String>,
    sort: Option<String>,
    absent: Option<u32>,
    deep: bool,
}

#[test]
fn values_of_the_config() {
    let sync =
        read::<Config>(json!({ "account": "a/b", "region": "eu", "kinds": ["x", "y"], "deep": true }), |_, _| {
            Reply::json(r#"[{"id":1}]"#)
        });
    assert_eq!(sync.requests, ["GET deep/a%2Fb/items?limit=100&kind=x&kind=y&sort=id&all=X%7CY&deep=yes"]);
    assert_eq!((sync.header("x-version"), sync.header("x-region")), (vec!["2"], vec!["eu"]));
    assert_eq!(sync.records, [r#"item {"id":1}"#]);
}

#[derive(HttpStream)]
#[http(
    path = "reports", records = "rows", headers("X-Kind" = partition.kind),
    body("filter.region" = partition.region, from = slice.start.timestamp(), to = slice.end, size = 100)
)]
#[partition(region = config.regions, kind = ["open", "closed"])]
struct Report {
    #[primary_key]
    id: u64,
    #[cursor(start = config.since, end = "2024-01-31T00:00:00Z", step = days(20), granularity = seconds(1))]
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "search", form(kind = "open", region = config.regions))]
struct Found {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(graphql = "query($n: Int) { users(first: $n) { id } }", path = "graphql", records = "data.users", body("variables.n" = 2))]
struct Queried {
    #[primary_key]
    id: u64,
}

#[source(name = "source-bodies", base_url = "https://{config.host}.example.com/", streams(Report, Found, Queried))]
struct Bodies {
    host: String,
    regions: Vec<String>,
    since: NaiveDate,
}

#[test]
fn bodies() {
    let config = json!({ "host": "api", "regions": ["eu", "us"], "since": "2024-01-01" });
    let sync = read::<Bodies>(config, |url, _| {
        Reply::json(match url {
            "reports" => r#"{"rows":[{"id":9,"at":"2024-01-02T00:00:00Z"}]}"#,
            "graphql" => r#"{"data":{"users":[{"id":1}]}}"#,
            _ => r#"[{"id":5}]"#,
        })
    })
    .sorted();
    assert_eq!(sync.error, None);
    assert_eq!(
        sync.requests[..2],
        [
            r#"POST graphql {"query":"query($n: Int) { users(first: $n) { id } }","variables":{"n":2}}"#,
            r#"POST reports {"filter":{"region":"eu"},"from":1704067200,"size":100,"to":"2024-01-20T23:59:59Z"}"#,
        ]
    );
    assert_eq!(sync.requests.len(), 1 + 2 * 2 * 2 + 1);
    assert_eq!(sync.requests.last().unwrap(), "POST search kind=open&region=eu&region=us");
    assert_eq!(sync.header("x-kind").iter().filter(|kind| **kind == "closed").count(), 4);
    assert_eq!(sync.records.len(), 10);
}

#[derive(HttpStream)]
#[http(
    path = "days/{slice.start}", params(q = "updated >= {slice.start} AND kind = {config.kind}", week = slice.start.format("%G-W%V").to_string())
)]
struct Day {
    #[primary_key]
    id: u64,
    #[cursor(start = "2024-01-01", end = "2024-01-02", step = days(1))]
    day: NaiveDate,
}

#[source(name = "source-bounds", base_url = "https://api.example.com/", streams(Day))]
struct BoundsInText {
    kind: String,
}

#[test]
fn bounds_in_text() {
    let sync = read::<BoundsInText>(json!({ "kind": "a&b" }), |_, _| Reply::json("[]")).sorted();
    let query = |day: &str| format!("GET days/{day}?q=updated+%3E%3D+{day}+AND+kind+%3D+a%26b&week=2024-W01");
    assert_eq!(sync.requests, [query("2024-01-01"), query("2024-01-02")]);
}

#[derive(HttpStream)]
#[http(path = "things")]
#[partition(part = config.parts)]
struct Thing {
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "stuff")]
#[partition(part = config.parts)]
struct Stuff {
    id: u64,
}

#[source(
    name = "source-busy", base_url = "https://api.example.com/", concurrency = config.workers, streams(Thing, Stuff),
    requests_per_host = config.requests.unwrap_or(config.workers)
)]
struct Busy {
    workers: usize,
    requests: Option<usize>,
    parts: Vec<String>,
}

#[source(name = "source-alone", base_url = "https://api.example.com/", concurrency = 1, streams(Thing(&config.of)))]
struct Alone {
    of: Busy,
}

#[test]
fn concurrency() {
    let parts: Vec<String> = (0..12).map(|part| part.to_string()).collect();
    let config = |workers, requests| json!({ "workers": workers, "requests": requests, "parts": parts.clone() });
    for (workers, requests, most) in [(6, None, 6), (1, None, 1), (12, None, 12), (12, Some(3), 3)] {
        assert_eq!(crate::kit::most_in_flight::<Busy>(config(workers, requests)), most, "{workers} {requests:?}");
    }
    assert_eq!(crate::kit::most_in_flight::<Alone>(json!({ "of": config(5, None) })), 1);
}
