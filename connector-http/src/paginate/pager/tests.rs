#![allow(clippy::unwrap_used)]

use super::*;
use crate::http::{HeaderValue, Method};
use crate::paginate::Repeated;

/// A page's body, the number of its records, its last record and its `Link` header.
#[derive(Default)]
struct Given {
    body: &'static str,
    count: u64,
    last: Option<&'static [u8]>,
    link: Option<&'static str>,
}

/// The URL and body of the next request after a page, or nothing.
fn next(pager: &mut Pager<'_>, page: &Given) -> Option<String> {
    let url = Url::parse("https://a.io/v1/items?page=x").unwrap();
    let mut headers = HeaderMap::new();
    if let Some(link) = page.link {
        headers.insert("link", HeaderValue::from_static(link));
    }
    let envelope = Envelope::new(page.body);
    pager.count(page.count);
    let facts = Facts { url: &url, headers: &headers, envelope: &envelope, last_record: page.last, count: page.count };
    let token = pager.declared_next(&facts).unwrap()?;
    assert_eq!(pager.advance(token), None);
    Some(ask(pager))
}

fn ask(pager: &Pager<'_>) -> String {
    let mut draft = Draft::new(Method::GET, Url::parse("https://a.io/v1/items").unwrap());
    draft.params.push("filter", "new");
    pager.apply(&mut draft).unwrap();
    let body = draft.body.render().unwrap().map(|(_, bytes)| String::from_utf8(bytes.to_vec()).unwrap());
    let url = draft.full_url();
    let asked = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    body.map_or_else(|| asked.clone(), |body| format!("{asked} {body}"))
}

#[test]
fn a_token_from_the_body_into_the_query() {
    let paginator = Paginator::token("meta.next").param("cursor").size("limit", 10);
    let mut pager = Pager::new(&paginator);
    assert_eq!(ask(&pager), "/v1/items?filter=new&limit=10");
    let page = Given { body: r#"{"meta":{"next":"a b"}}"#, count: 10, ..Given::default() };
    assert_eq!(next(&mut pager, &page).unwrap(), "/v1/items?filter=new&limit=10&cursor=a+b");
    for end in [r#"{"meta":{}}"#, r#"{"meta":{"next":null}}"#, r#"{"meta":{"next":""}}"#, r#"{"meta":{"next":false}}"#]
    {
        assert_eq!(
            next(&mut Pager::new(&paginator), &Given { body: end, count: 10, ..Given::default() }),
            None,
            "{end}"
        );
    }
}

#[test]
fn a_token_in_the_body_of_a_post() {
    let paginator = Paginator::token("next").body("page.token");
    let mut pager = Pager::new(&paginator);
    let page = Given { body: r#"{"next":"t1"}"#, count: 1, ..Given::default() };
    assert_eq!(next(&mut pager, &page).unwrap(), r#"/v1/items?filter=new {"page":{"token":"t1"}}"#);
}

#[test]
fn page_numbers_stop_at_a_short_page() {
    let paginator = Paginator::pages().param("page").size("per_page", 2);
    let mut pager = Pager::new(&paginator);
    assert_eq!(ask(&pager), "/v1/items?filter=new&per_page=2&page=1");
    assert_eq!(
        next(&mut pager, &Given { count: 2, ..Given::default() }).unwrap(),
        "/v1/items?filter=new&per_page=2&page=2"
    );
    assert_eq!(next(&mut pager, &Given { count: 1, ..Given::default() }), None);
}

#[test]
fn an_offset_counts_records_and_stops_at_the_total() {
    let paginator = Paginator::offset().param("offset").never_stop_short().total("total");
    let mut pager = Pager::new(&paginator);
    let page = Given { body: r#"{"total":5}"#, count: 3, ..Given::default() };
    assert_eq!(next(&mut pager, &page).unwrap(), "/v1/items?filter=new&offset=3");
    assert_eq!(next(&mut pager, &Given { count: 2, ..page }), None);
}

#[test]
fn a_next_url_is_taken_whole() {
    let paginator = Paginator::next_url("next").size("limit", 5);
    let mut pager = Pager::new(&paginator);
    let page = Given { body: r#"{"next":"/v1/items?filter=new&limit=5&after=9"}"#, count: 1, ..Given::default() };
    assert_eq!(next(&mut pager, &page).unwrap(), "/v1/items?filter=new&limit=5&after=9");
}

#[test]
fn the_link_header_and_the_last_record() {
    let paginator = Paginator::link();
    let mut pager = Pager::new(&paginator);
    let page = Given { link: Some(r#"<?page=2>; rel="next""#), count: 1, ..Given::default() };
    assert_eq!(next(&mut pager, &page).unwrap(), "/v1/items?page=2");

    let paginator = Paginator::last_record("id").param("after");
    let mut pager = Pager::new(&paginator);
    let page = Given { last: Some(br#"{"id":18446744073709551616}"#), count: 1, ..Given::default() };
    assert_eq!(next(&mut pager, &page).unwrap(), "/v1/items?filter=new&after=18446744073709551616");
    assert_eq!(next(&mut pager, &Given::default()), None);
}

#[test]
fn a_flag_stops() {
    let paginator = Paginator::token("next").param("t").stop_when("has_more", false);
    let page = Given { body: r#"{"next":"x","has_more":false}"#, count: 1, ..Given::default() };
    assert_eq!(next(&mut Pager::new(&paginator), &page), None);
}

#[test]
fn a_repeated_token_is_an_error_unless_allowed() {
    for (paginator, allowed) in
        [(Paginator::token("n").param("t"), false), (Paginator::token("n").param("t").allow_repeats(), true)]
    {
        let mut pager = Pager::new(&paginator);
        pager.count(1);
        assert_eq!(pager.advance(PageToken::value("same")), None);
        pager.count(1);
        let again = pager.advance(PageToken::value("same"));
        let named = Repeated { token: Some("same".to_owned()), named_by: 1 };
        assert_eq!(again, (!allowed).then_some(named));
    }
}

#[test]
fn twin_pages() {
    let paginator = Paginator::pages().param("page");
    let mut pager = Pager::new(&paginator);
    assert!(!pager.is_twin(2, 100, b"a", b"b"));
    assert!(!pager.is_twin(2, 100, b"a", b"c"));
    assert!(pager.is_twin(2, 100, b"a", b"c"));
    assert!(!pager.is_twin(0, 0, b"", b""));
    assert!(!pager.is_twin(0, 0, b"", b""));
}

proptest::proptest! {
    #[test]
    fn any_next_url_keeps_the_number_of_its_parameters(query in "([a-z]{1,3}=[a-z0-9%]{0,4}&){0,4}") {
        let paginator = Paginator::next_url("next").size("limit", 5);
        let mut pager = Pager::new(&paginator);
        pager.count(1);
        let url = Url::parse(&format!("https://a.io/v1/items?{query}")).unwrap();
        let before: Vec<_> = url.query_pairs().into_owned().collect();
        assert_eq!(pager.advance(PageToken::Url(url)), None);
        let mut draft = Draft::new(Method::GET, Url::parse("https://a.io/v1/items").unwrap());
        draft.params.push("a", "1");
        pager.apply(&mut draft).unwrap();
        let after: Vec<_> = draft.full_url().query_pairs().into_owned().collect();
        proptest::prop_assert_eq!(before, after);
    }
}
