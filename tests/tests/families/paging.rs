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
