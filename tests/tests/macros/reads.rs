//! What connectors written with the macros ask for, and what they emit: over a transport in memory.
#![deny(warnings)]
#![allow(clippy::unwrap_used)]

use connector_core::sink::MemorySink;
use connector_core::{Connector, ReadRequest};
use connector_http::prelude::*;
use connector_http::transport::{Memory, Reply, SharedTransport};
use std::sync::Arc;

#[derive(HttpStream)]
#[http(path = "users", records = "users")]
#[paginate(pages, param = "page", size(count = 2, param = "per_page"))]
struct User {
    #[primary_key]
    #[serde(rename = "ID")]
    id: u64,
    home: Home,
}

#[derive(Record)]
#[serde(rename_all = "camelCase")]
struct Home {
    city_name: String,
}

#[derive(HttpStream)]
#[http(path = "users" / parent.id / "posts", records = "posts", parent = User, params(city = parent.home.city_name.to_lowercase()))]
#[on(status = 404, ignore)]
struct Post {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "users/{grandparent.id}/posts/{parent.id}/comments", parent = Post)]
struct Comment {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(
    path = "reports/{partition.region}", records = "data.*.rows", headers("X-Kind" = partition.kind),
    body("filter.from" = slice.start, "filter.to" = slice.end.timestamp(), size = 100)
)]
#[paginate(token = "next", body = "page.after")]
#[partition(region = config.regions, kind = ["open", "closed"])]
struct Report {
    #[primary_key]
    id: u64,
    #[cursor(start = config.since, end = "2024-01-31T00:00:00Z", step = days(20), granularity = seconds(1), until = "until")]
    at: DateTime<Utc>,
}

#[source(
    name = "source-read", base_url = "https://{config.host}/v1/", auth = header("X-Key", config.key, prefix = "Key "), headers("X-Version" = 2),
    streams(User, Post, Comment, Report)
)]
struct Example {
    host: String,
    key: Secret,
    regions: Vec<String>,
    since: Option<NaiveDate>,
}

fn answer(path: &str, query: &str) -> Reply {
    match (path, query) {
        ("/v1/users", query) if query.ends_with("&page=1") => {
            Reply::json(r#"{"users":[{"ID":1,"home":{"cityName":"Bonn"}},{"ID":2,"home":{"cityName":"Ulm"}}]}"#)
        }
        ("/v1/users", _) => Reply::json(r#"{"users":[]}"#),
        ("/v1/users/1/posts", _) => Reply::json(r#"{"posts":[{"id":7}]}"#),
        ("/v1/users/1/posts/7/comments", _) => Reply::json(r#"[{"id":70},{"id":71}]"#),
        ("/v1/reports/eu", _) => {
            Reply::json(r#"{"data":{"a":{"rows":[{"id":9,"at":"2024-01-02T00:00:00Z"}]}},"next":null}"#)
        }
        _ => Reply::status(404),
    }
}

#[test]
fn requests_are_as_the_attributes_say() {
    let memory = Memory::answering(|request| answer(request.url.path(), request.url.query().unwrap_or_default()));
    let connector = Connector::of::<Example>().with_extension(SharedTransport(Arc::new(memory.clone())));
    let sink = MemorySink::new();
    let config = serde_json::json!({ "host": "api.example.com", "key": "hunter2hunter2", "regions": ["eu"], "since": "2024-01-01" });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(ReadRequest::all(config), sink.clone())).unwrap();
    assert!(summary.error().is_none(), "{:?}", summary.error());

    let mut asked: Vec<String> = Vec::new();
    for request in memory.seen() {
        let header =
            |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
        assert_eq!((header("X-Key"), header("X-Version")), ("Key hunter2hunter2".to_owned(), "2".to_owned()));
        let body = request.body.as_ref().map(|body| String::from_utf8_lossy(body).into_owned()).unwrap_or_default();
        let url = request.url.as_str().trim_start_matches("https://api.example.com/v1/");
        asked.push(format!("{} {url} {} {body}", request.method, header("X-Kind")).trim_end().to_owned());
    }
    asked.sort();
    insta::assert_snapshot!("requests", asked.join("\n"));

    let output = String::from_utf8(sink.bytes()).unwrap();
    let records = output.lines().filter(|line| line.starts_with(r#"{"type":"RECORD""#)).count();
    assert_eq!(records, 2 + 1 + 2 + 4, "{output}");
}
