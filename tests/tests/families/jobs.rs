//! Reports that are made on request.

use crate::kit::{Sync, read};
use connector_core::Connector;
use connector_http::prelude::*;
use connector_http::transport::{Memory, Reply, SharedTransport};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Results are files elsewhere, of CSV.
#[derive(HttpStream)]
#[http(path = "reports", body(kind = partition.kind), headers("X-Account" = config.account), format = csv)]
#[partition(kind = ["sales", "costs"])]
#[job(
    created(id = "report.id"),
    poll(path = "reports/{job.id}", params(account = config.account)),
    status = "state",
    running("QUEUED", "WORKING"),
    done("READY"),
    failed("FAILED"),
    empty("NO_DATA"),
    results = "files.*.url",
    every = millis(1),
    within = seconds(20),
    tries = 3,
    at_once = 1
)]
#[add(kind = partition.kind)]
struct Sale {
    #[primary_key]
    id: u64,
    total: f64,
}

/// The result is at a path of its own, page by page.
#[derive(HttpStream)]
#[http(path = "queries", body(since = slice.start), records = "rows")]
#[job(
    created(id = "id"),
    poll(path = "queries/status", body(id = job.id)),
    status = "done",
    done("true"),
    download(path = "queries" / job.id / "rows", params(size = 2)),
    every = millis(1)
)]
#[paginate(token_header = "X-Next", param = "at")]
struct Found {
    #[primary_key]
    id: u64,
    #[cursor(start = "2026-01-01T00:00:00Z")]
    at: DateTime<Utc>,
}

/// The result is an id of a document, which knows where the file is; nothing but a result tells the end.
#[derive(HttpStream)]
#[http(path = "exports", method = POST, format = json_lines)]
#[job(
    created(id = "id"),
    poll(path = "exports/{job.id}"),
    results = "document",
    download(path = "documents/{job.result}", url = "location"),
    every = millis(1)
)]
struct Export {
    #[primary_key]
    id: u64,
}

#[source(name = "source-reports", base_url = "https://api.example.com/", auth = bearer(config.token), streams(Sale, Found, Export))]
struct Reports {
    token: Secret,
    account: u32,
}

static COSTS: AtomicUsize = AtomicUsize::new(0);

fn answer(url: &str, body: &str) -> Reply {
    let csv = |text: &'static str| Reply::status(200).header("Content-Type", "binary/octet-stream").body(text);
    match url {
        "reports" if body.contains("sales") => Reply::json(r#"{"report":{"id":"s/1"}}"#),
        // The first one fails, the second has nothing to tell.
        "reports" => Reply::status(202).header("Content-Type", "application/json").body(
            match COSTS.fetch_add(1, Ordering::SeqCst) {
                0 => r#"{"report":{"id":1}}"#,
                _ => r#"{"report":{"id":2}}"#,
            },
        ),
        "reports/s%2F1?account=7" => {
            Reply::json(r#"{"state":"READY","files":[{"url":"https://files.example.org/a?sig=1"},{"url":"/b.csv"}]}"#)
        }
        "reports/1?account=7" => Reply::json(r#"{"state":"FAILED"}"#),
        "reports/2?account=7" => Reply::json(r#"{"state":"NO_DATA"}"#),
        "https://files.example.org/a?sig=1" => csv("id,total\n1,1.50\n"),
        "b.csv" => csv("total,id\n2,2\n"),
        "queries" => Reply::json(r#"{"id":18446744073709551615}"#),
        "queries/status" => Reply::json(r#"{"done":true}"#),
        "queries/18446744073709551615/rows?size=2" => {
            Reply::json(r#"{"rows":[{"id":1,"at":"2026-01-02T00:00:00Z"}]}"#).header("X-Next", "x")
        }
        "queries/18446744073709551615/rows?size=2&at=x" => {
            Reply::json(r#"{"rows":[{"id":2,"at":"2026-01-03T00:00:00Z"}]}"#)
        }
        "exports" => Reply::json(r#"{"id":"e"}"#),
        "exports/e" => Reply::json(r#"{"document":"d 1"}"#),
        "documents/d%201" => Reply::json(r#"{"location":"https://files.example.org/d"}"#),
        "https://files.example.org/d" => csv("{\"id\":1}\n{\"id\":2}\n"),
        other => panic!("{other}"),
    }
}

#[test]
fn reports_on_request() {
    let sync: Sync = read::<Reports>(json!({"token": "s3cret", "account": 7}), answer);
    assert_eq!(sync.error, None);
    assert_eq!(
        sync.records,
        [
            r#"export {"id":1}"#,
            r#"export {"id":2}"#,
            r#"found {"id":1,"at":"2026-01-02T00:00:00Z"}"#,
            r#"found {"id":2,"at":"2026-01-03T00:00:00Z"}"#,
            r#"sale {"id":1,"total":1.50,"kind":"sales"}"#,
            r#"sale {"total":2,"id":2,"kind":"sales"}"#,
        ]
    );
    let states = sync.output.matches(r#""at":"2026-01-03T00:00:00Z""#).count();
    assert!(states > 0, "the cursor of the rows is the state: {}", sync.output);
    // Files elsewhere are asked without credentials and without the stream's own headers.
    for ((request, bearer), account) in
        sync.requests.iter().zip(sync.header("authorization")).zip(sync.header("x-account"))
    {
        assert_eq!(bearer == "-", request.contains("files.example.org"), "{request}");
        let own = request.contains("reports") || request.contains("b.csv");
        assert!(own || account == "-", "{request}");
    }
    // One job at once: the next one is created when the one before has ended.
    let steps: Vec<_> = sync.requests.iter().filter(|request| request.contains("reports")).collect();
    let (created, polled): (Vec<_>, Vec<_>) = steps.chunks(2).map(|two| (two[0].as_str(), two[1].as_str())).unzip();
    assert!(created.iter().all(|request| request.starts_with("POST")), "{steps:?}");
    assert!(polled.iter().all(|request| request.starts_with("GET")), "{steps:?}");
    let sync = sync.sorted();
    assert_eq!(
        sync.requests,
        [
            "GET b.csv",
            "GET documents/d%201",
            "GET exports/e",
            "GET https://files.example.org/a?sig=1",
            "GET https://files.example.org/d",
            "GET queries/18446744073709551615/rows?size=2",
            "GET queries/18446744073709551615/rows?size=2&at=x",
            "GET reports/1?account=7",
            "GET reports/2?account=7",
            "GET reports/s%2F1?account=7",
            "POST exports",
            r#"POST queries {"since":"2026-01-01T00:00:00Z"}"#,
            r#"POST queries/status {"id":"18446744073709551615"}"#,
            r#"POST reports {"kind":"costs"}"#,
            r#"POST reports {"kind":"costs"}"#,
            r#"POST reports {"kind":"sales"}"#,
        ]
    );
}

#[test]
fn a_check_creates_a_job_and_does_not_wait_for_it() {
    let memory = Memory::answering(|_| Reply::json(r#"{"report":{"id":1}}"#));
    let connector = Connector::of::<Reports>().with_extension(SharedTransport(Arc::new(memory.clone())));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let status = runtime.block_on(connector.check(json!({"token": "s3cret", "account": 7})));
    assert!(serde_json::to_string(&status).unwrap().contains("SUCCEEDED"), "{status:?}");
    let asked: Vec<_> = memory.seen().iter().map(|request| format!("{} {}", request.method, request.url)).collect();
    assert_eq!(asked, ["POST https://api.example.com/reports"]);
}

/// The API says where the job can be seen: in a header, and nothing in the body.
#[derive(HttpStream)]
#[http(path = "seen", body(kind = partition.kind))]
#[partition(kind = config.kinds)]
#[job(
    created_headers(url = "Location"),
    poll(url = job.url, params(detail = "files")),
    status = "state",
    running("WORKING"),
    done("READY"),
    results = "files",
    every = millis(1)
)]
struct Seen {
    #[primary_key]
    id: u64,
}

/// In the body, below the base URL.
#[derive(HttpStream)]
#[http(path = "told", method = POST)]
#[job(created(at = "links.self"), poll(url = job.at), results = "rows_at", every = millis(1))]
struct Told {
    #[primary_key]
    id: u64,
}

#[source(name = "source-seen", base_url = "https://api.example.com/v1/", auth = bearer(config.token), streams(Seen, Told))]
struct SeenJobs {
    token: Secret,
    kinds: Vec<String>,
}

fn seen(url: &str, body: &str) -> Reply {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let created = |location: &str| Reply::status(201).header("Location", location);
    match (url, body) {
        ("v1/seen", r#"{"kind":"a"}"#) => created("https://api.example.com/jobs/9?sig=x"),
        ("v1/seen", r#"{"kind":"elsewhere"}"#) => created("https://elsewhere.example.org/jobs/1"),
        ("v1/seen", r#"{"kind":"odd"}"#) => created("mailto:job"),
        ("v1/seen", _) => Reply::status(201),
        ("jobs/9?sig=x&detail=files", _) => Reply::json(match ASKED.fetch_add(1, Ordering::SeqCst) {
            0 => r#"{"state":"WORKING"}"#,
            _ => r#"{"state":"READY","files":["/files/1"]}"#,
        }),
        ("files/1", _) => Reply::json(r#"[{"id":1}]"#),
        ("v1/told", _) => Reply::json(r#"{"links":{"self":"told/7"}}"#),
        ("v1/told/7", _) => Reply::json(r#"{"rows_at":"rows"}"#),
        ("v1/told/rows", _) => Reply::json(r#"[{"id":7}]"#),
        other => panic!("{other:?}"),
    }
}

#[test]
fn status_at_a_url_that_the_api_names() {
    let of = |kind: &str| read::<SeenJobs>(json!({"token": "s3cret", "kinds": [kind]}), seen);
    let found = of("a");
    assert_eq!(found.error, None);
    assert_eq!(found.records, [r#"seen {"id":1}"#, r#"told {"id":7}"#]);
    assert!(found.header("authorization").iter().all(|token| *token == "Bearer s3cret"));
    // Credentials go nowhere else, and what is no URL is told.
    let elsewhere = of("elsewhere");
    assert_eq!(elsewhere.records, [r#"told {"id":7}"#]);
    let error = elsewhere.error.unwrap();
    assert!(error.contains("the job's status is at `https://elsewhere.example.org"), "{error}");
    assert!(error.contains("allowed_hosts"), "{error}");
    assert!(elsewhere.requests.iter().all(|request| !request.contains("elsewhere.example.org")));
    assert!(of("odd").error.unwrap().contains("begins with `mailto:job`, which is no URL"));
    assert!(of("none").error.unwrap().contains("the answer has no header `Location`"));
}
