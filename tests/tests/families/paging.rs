//! How pages follow each other. Every stream has the records 1, 2 and 3; two a page, or one.

use crate::kit::{BASE, read};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

macro_rules! streams {
    ($($name:ident: #[$http:meta] #[$paginate:meta];)+) => { $(
        #[derive(HttpStream)]
        #[$http]
        #[$paginate]
        struct $name {
            #[primary_key]
            id: u64,
        }
    )+ };
}

streams! {
    Numbered: #[http(path = "numbered")] #[paginate(pages, param = "page", size(count = 2, param = "per_page"))];
    Zero: #[http(path = "zero", records = "rows")] #[paginate(pages, start = 0, param = "p", total_pages = "pages")];
    Offset: #[http(path = "offset", records = "rows")] #[paginate(offset, param = "offset", total = "meta.total", size(count = 2, param = "limit"))];
    Token: #[http(path = "token", records = "rows")] #[paginate(token = "meta.next", param = "after")];
    Flag: #[http(path = "flag", records = "rows")] #[paginate(token = "next", param = "after", stop(more = false))];
    NextUrl: #[http(path = "next_url", records = "rows")] #[paginate(next_url = "links.next")];
    Link: #[http(path = "link")] #[paginate(link)];
    Last: #[http(path = "last")] #[paginate(last_record = "id", param = "after", size(count = 2, param = "limit"))];
}

#[source(
    name = "source-paging",
    base_url = "https://api.example.com/",
    streams(Numbered, Zero, Offset, Token, Flag, NextUrl, Link, Last)
)]
struct Paging {}

fn answer(url: &str, _: &str) -> Reply {
    let rows = |ids: &str, more: &str| {
        let rows: Vec<String> = ids.split(' ').map(|id| format!(r#"{{"id":{id}}}"#)).collect();
        Reply::json(format!(r#"{{"rows":[{}]{more}}}"#, rows.join(",")))
    };
    match url {
        "numbered?per_page=2&page=1" | "last?limit=2" => Reply::json(r#"[{"id":1},{"id":2}]"#),
        "numbered?per_page=2&page=2" | "last?limit=2&after=2" | "link?p=2" => Reply::json(r#"[{"id":3}]"#),
        "last?limit=2&after=3" => Reply::json("[]"),
        "zero?p=0" => rows("1 2", r#","pages":2"#),
        "zero?p=1" => rows("3", r#","pages":2"#),
        "offset?limit=2&offset=0" => rows("1 2", r#","meta":{"total":3}"#),
        "offset?limit=2&offset=2" => rows("3", r#","meta":{"total":3}"#),
        "token" => rows("1 2", r#","meta":{"next":"x y"}"#),
        "token?after=x+y" => rows("3", r#","meta":{"next":null}"#),
        "flag" => rows("1 2", r#","next":"x","more":true"#),
        "flag?after=x" => rows("3", r#","next":"y","more":false"#),
        "next_url" => rows("1 2", &format!(r#","links":{{"next":"{BASE}next_url?cursor=9"}}"#)),
        "next_url?cursor=9" => rows("3", ""),
        "link" => Reply::json(r#"[{"id":1},{"id":2}]"#).header("link", "</link?p=2>; rel=\"next\""),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_kind_of_page() {
    let sync = read::<Paging>(json!({}), answer);
    assert_eq!(sync.error, None);
    for stream in ["numbered", "zero", "offset", "token", "flag", "next_url", "link", "last"] {
        let expected: Vec<String> = (1..=3).map(|id| format!(r#"{stream} {{"id":{id}}}"#)).collect();
        let found: Vec<&String> =
            sync.records.iter().filter(|record| record.split(' ').next() == Some(stream)).collect();
        assert_eq!(found, expected.iter().collect::<Vec<_>>());
    }
    assert_eq!(sync.requests.len(), 8 * 2 + 1, "{:#?}", sync.requests);
}

streams! {
    BodyToken: #[http(path = "body", method = POST, records = "rows")] #[paginate(token = "next", body = "page.after", size(count = 1, body = "page.size"))];
    HeaderToken: #[http(path = "header", records = "rows")] #[paginate(token = "next", header = "X-After")];
    TemplateToken: #[http(path = "template", records = "rows", params(q = format!("after:{}", page.token.unwrap_or("-"))))] #[paginate(token = "next", param = "t")];
}

#[source(name = "source-places", base_url = "https://api.example.com/", streams(BodyToken, HeaderToken, TemplateToken))]
struct Places {}

#[test]
fn where_the_token_goes() {
    let sync = read::<Places>(json!({}), |url, body| {
        let first = !url.contains("after%3Ax") && !body.contains("after") && !url.starts_with("header");
        Reply::json(if first { r#"{"rows":[{"id":1}],"next":"x"}"# } else { r#"{"rows":[{"id":2}],"next":null}"# })
    })
    .sorted();
    assert_eq!(
        sync.requests,
        [
            "GET header",
            "GET template?q=after%3A-",
            "GET template?q=after%3Ax&t=x",
            r#"POST body {"page":{"after":"x","size":1}}"#,
            r#"POST body {"page":{"size":1}}"#,
        ]
    );
    assert_eq!(sync.records.len(), 5);
}

#[derive(HttpStream)]
#[http(path = "counted", records = "rows", params(limit = 2))]
#[paginate(token = (response.integer("page") < response.integer("pages")).then_some(page.number + 1), param = "page")]
struct Counted {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "seek")]
#[paginate(token = (page.count == 2).then(|| format!("{}|{}", record.at.timestamp(), record.id)), param = "after")]
struct Seek {
    #[primary_key]
    id: u64,
    at: DateTime<Utc>,
}

#[derive(HttpStream)]
#[http(path = "cut", records = "rows")]
#[paginate(token = response.param_of("next", "cursor"), param = "cursor")]
struct Cut {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "posted", method = POST, records = "rows")]
#[paginate(token = page.total, body = "page.from", stop = response.header("x-more") == Some("no"))]
struct Posted {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "url", records = "rows")]
#[paginate(next_url = response.text("next").map(|next| format!("{next}&key={}", config.key)))]
struct ByUrl {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "pages/{page.token.unwrap_or(\"first\")}")]
#[paginate(token_header = "x-next", stop = page.count < 2)]
struct InPath {
    #[primary_key]
    id: u64,
}

#[source(
    name = "source-computed",
    base_url = "https://api.example.com/",
    streams(Counted, Seek, Cut, Posted, ByUrl, InPath)
)]
struct Computed {
    key: String,
}

/// A token, a URL and an end that an expression computes.
#[test]
fn computed_tokens() {
    let sync = read::<Computed>(json!({ "key": "k" }), |url, body| {
        let url = if body.is_empty() { url.to_owned() } else { format!("{url} {body}") };
        match url.as_str() {
            "counted?limit=2" => Reply::json(r#"{"rows":[{"id":1},{"id":2}],"page":1,"pages":"2"}"#),
            "counted?limit=2&page=2" => Reply::json(r#"{"rows":[{"id":3}],"page":2,"pages":"2"}"#),
            "seek" => Reply::json(r#"[{"id":1,"at":"2024-01-01T00:00:00Z"},{"id":2,"at":"2024-01-01T00:00:01Z"}]"#),
            "seek?after=1704067201%7C2" => Reply::json(r#"[{"id":3,"at":"2024-01-01T00:00:02Z"}]"#),
            "cut" => Reply::json(r#"{"rows":[{"id":1},{"id":2}],"next":"/cut?x=1&cursor=a%20b"}"#),
            "cut?cursor=a+b" => Reply::json(r#"{"rows":[{"id":3}],"next":"/cut?x=1&cursor="}"#),
            "posted" => Reply::json(r#"{"rows":[{"id":1},{"id":2}]}"#).header("x-more", "yes"),
            r#"posted {"page":{"from":2}}"# => Reply::json(r#"{"rows":[{"id":3}]}"#).header("x-more", "no"),
            "url" => Reply::json(r#"{"rows":[{"id":1},{"id":2}],"next":"url?p=2"}"#),
            "url?p=2&key=k" => Reply::json(r#"{"rows":[{"id":3}]}"#),
            "pages/first" => Reply::json(r#"[{"id":1},{"id":2}]"#).header("x-next", "b/c"),
            "pages/b%2Fc" => Reply::json(r#"[{"id":3}]"#).header("x-next", "d"),
            other => panic!("{other:?}"),
        }
    });
    assert_eq!(sync.error, None);
    assert_eq!(sync.requests.len(), 6 * 2, "{:#?}", sync.requests);
    assert_eq!(sync.records.len(), 6 * 3, "{:#?}", sync.records);
}

#[derive(HttpStream)]
#[http(path = "endless", records = "rows")]
#[paginate(token = page.number + 1, param = "page")]
struct Endless {
    #[primary_key]
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "torn")]
#[paginate(token = record.next, param = "after")]
struct Torn {
    #[primary_key]
    id: u64,
    next: u64,
}

#[source(name = "source-odd", base_url = "https://api.example.com/", streams(Endless, Torn))]
struct Odd {}

/// A number that is counted up ends at an empty page; a record without what the expression reads is told.
#[test]
fn computed_tokens_end() {
    let sync = read::<Odd>(json!({}), |url, _| match url {
        "endless" => Reply::json(r#"{"rows":[{"id":1}]}"#),
        "endless?page=2" => Reply::json(r#"{"rows":[]}"#),
        "torn" => Reply::json(r#"[{"id":1,"next":null}]"#),
        other => panic!("{other:?}"),
    });
    let error = sync.error.unwrap();
    assert!(error.contains("`next` of the last record is `null`"), "{error}");
    assert_eq!(sync.records.len(), 2, "{:#?}", sync.records);
}

streams! {
    SideBySide: #[http(path = "numbers", records = "rows")] #[paginate(pages, param = "page", total_pages = "pages")];
    OneByOne: #[http(path = "one", records = "rows")] #[paginate(pages, param = "page", total_pages = "pages", sequential)];
}

#[source(name = "source-totals", base_url = "https://api.example.com/", streams(SideBySide, OneByOne))]
struct Totals {}

#[test]
fn known_totals_let_pages_come_side_by_side() {
    let sync = read::<Totals>(json!({}), |url, _| {
        let number: u64 = url.rsplit('=').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        Reply::json(format!(r#"{{"rows":[{{"id":{number}}}],"pages":9}}"#))
    });
    assert_eq!(sync.error, None);
    let of = |path: &str| sync.requests.iter().filter(|request| request.starts_with(path)).cloned().collect::<Vec<_>>();
    let all = |path: &str| (1..=9).map(|page| format!("{path}?page={page}")).collect::<Vec<_>>();
    let mut side_by_side = of("GET numbers");
    side_by_side.sort();
    assert_eq!((side_by_side, of("GET one")), (all("GET numbers"), all("GET one")));
    // In their order, whichever answer came first.
    let numbers = sync.output.lines().filter(|line| line.contains(r#""stream":"side_by_side""#));
    let ids: Vec<_> = numbers.filter_map(|line| line.split_once(r#""id":"#)?.1.chars().next()).collect();
    assert_eq!(ids, ['1', '2', '3', '4', '5', '6', '7', '8', '9']);
}
