//! Whole syncs over several pages.

use connector_core::cursor::{CursorKind, CursorSpec, CursorValue, End, Span};

use super::kit::{Case, page, read_with, script};
use crate::prelude::*;
use crate::transport::{Memory, Reply};
use serde_json::json;

pub(super) struct ByToken;

impl Case for ByToken {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::token("next").param("page_token"))
    }

    fn params(params: &mut Params) {
        params.add("limit", &2);
    }
}

#[test]
fn a_token_leads_through_the_pages() {
    let ran = script::<ByToken>([page(0..2, r#","next":"a&b""#), page(2..4, r#","next":"c""#), page(4..5, "")]);
    assert_eq!(ran.ids(), [0, 1, 2, 3, 4]);
    assert_eq!(
        ran.asked(),
        ["/v1/items?limit=2", "/v1/items?limit=2&page_token=a%26b", "/v1/items?limit=2&page_token=c"]
    );
}

#[test]
fn the_same_token_again_stops_with_both_requests() {
    let ran = script::<ByToken>((0..9).map(|id| page(id..id + 1, r#","next":"a""#)));
    assert_eq!(ran.seen.len(), 2);
    assert_eq!(ran.ids(), [0, 1]);
    let error = ran.error();
    assert!(
        error.contains(
            "GET https://api.example.com/v1/items?limit=2&page_token=a: page 2 names the token `a`, which page 1 named"
        ),
        "{error}"
    );
    assert!(error.contains("so GET https://api.example.com/v1/items?limit=2&page_token=a (page 2) would"), "{error}");
}

struct Numbered;

impl Case for Numbered {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::pages().param("page").size("per_page", 2))
    }
}

#[test]
fn a_page_that_comes_again_stops() {
    let ran = script::<Numbered>((0..9).map(|_| page(0..2, "")));
    assert_eq!(ran.seen.len(), 2);
    assert_eq!(ran.ids(), [0, 1]);
    let both = ["page=2 (page 2) brought the same 2 records as GET ", "page=1 (page 1)"];
    assert!(both.iter().all(|part| ran.error().contains(part)), "{}", ran.error());
}

#[test]
fn empty_pages_end_a_count() {
    let ran = script::<Numbered>([page(0..2, ""), page(0..0, "")]);
    assert!(ran.error.is_none());
    assert_eq!(ran.asked(), ["/v1/items?per_page=2&page=1", "/v1/items?per_page=2&page=2"]);
}

struct Linked;

impl Case for Linked {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::link())
    }
}

#[test]
fn a_fault_on_a_later_page_is_repeated_there() {
    let first = page(0..1, "").header("Link", r#"</v1/items?page=2>; rel="next""#);
    let ran = script::<Linked>([first, Reply::status(500), page(1..2, "")]);
    assert_eq!(ran.ids(), [0, 1]);
    assert_eq!(ran.asked(), ["/v1/items", "/v1/items?page=2", "/v1/items?page=2"]);
}

struct Restarting;

impl Case for Restarting {
    fn settings() -> Settings {
        ByToken::settings().rule(Rule::status(410).restart())
    }
}

#[test]
fn a_token_that_expired_restarts_the_slice_once() {
    let ran = script::<Restarting>([
        page(0..1, r#","next":"a""#),
        Reply::status(410),
        page(0..1, r#","next":"b""#),
        page(1..2, ""),
    ]);
    assert_eq!(ran.ids(), [0, 0, 1]);
    let ran = script::<Restarting>([
        page(0..1, r#","next":"a""#),
        Reply::status(410),
        page(0..1, r#","next":"b""#),
        Reply::status(410),
    ]);
    assert!(ran.error().contains("410"), "{}", ran.error());
}

pub(super) struct Windowed;

impl Case for Windowed {
    fn settings() -> Settings {
        Settings::new().records("items").method(Method::POST).since("from").until_in(Place::Body("range.to".to_owned()))
    }

    fn cursor(cursor: CursorSpec) -> CursorSpec {
        let start = CursorValue::from_text(CursorKind::DateTime, "2023-12-30", &[]).unwrap();
        cursor.start(Some(start)).end(End::Now).step(Span::days(1)).granularity(Span::seconds(1))
    }
}

#[test]
fn the_bounds_of_each_window_are_sent() {
    let ran = read_with::<Windowed>(Memory::answering(|_| page(0..0, "")), json!({}), |connector| {
        connector.with_limits(|limits| limits.slices = 1)
    });
    assert_eq!(ran.error.as_ref().map(ToString::to_string), None);
    let asked: Vec<_> = ran
        .seen
        .iter()
        .map(|request| {
            let from = request.url.query_pairs().next().unwrap().1.into_owned();
            format!("{from} {}", String::from_utf8_lossy(request.body.as_deref().unwrap()))
        })
        .collect();
    assert_eq!(
        asked[..2],
        [
            r#"2023-12-30T00:00:00Z {"range":{"to":"2023-12-30T23:59:59Z"}}"#,
            r#"2023-12-31T00:00:00Z {"range":{"to":"2023-12-31T23:59:59Z"}}"#,
        ]
    );
}
