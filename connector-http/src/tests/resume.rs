//! A full refresh that was cut off goes on at a page.

use connector_core::ReadRequest;
use connector_core::protocol::{ConfiguredCatalog, ConfiguredStream, IncomingState, StreamName, SyncMode};
use serde_json::{Value, json};

use super::kit::{Case, Ran, page, read_as};
use super::pages::ByToken;
use crate::prelude::*;
use crate::transport::{Memory, Reply};

/// An attempt of the job 7, from a state.
fn attempt<K: Case>(replies: impl IntoIterator<Item = Reply>, state: Option<&Value>) -> Ran {
    let mut stream = ConfiguredStream::new(StreamName::new("items"), SyncMode::FullRefresh);
    stream.sync_id = Some(7);
    let mut request = ReadRequest::all(json!({"token": "hunter2hunter2"}));
    request.catalog = Some(ConfiguredCatalog::new(vec![stream]));
    if let Some(document) = state {
        let message =
            json!([{"type": "STREAM", "stream": {"stream_descriptor": {"name": "items"}, "stream_state": document}}]);
        request.state = IncomingState::parse(message.to_string().as_bytes()).unwrap();
    }
    read_as::<K>(Memory::script(replies), request, |connector| connector)
}

/// The last state's document.
fn state(ran: &Ran) -> Value {
    let states = ran.lines("STATE");
    states.last().map(|line| line["state"]["stream"]["stream_state"].clone()).unwrap_or_default()
}

fn logs(ran: &Ran) -> String {
    ran.lines("LOG").iter().map(|line| line["log"]["message"].to_string()).collect::<Vec<_>>().join("\n")
}

fn gone() -> Reply {
    Reply::status(410)
}

fn at(place: &Value) -> Value {
    json!({"resume": {"page": place, "sync_id": 7}})
}

#[test]
fn it_goes_on_at_the_page_that_was_not_read() {
    let first = attempt::<ByToken>([page(0..2, r#","next":"a""#), page(2..4, r#","next":"b""#), gone()], None);
    assert_eq!(first.ids(), [0, 1, 2, 3]);
    assert_eq!(state(&first), at(&json!({"pages": 2, "records": 4, "token": "b"})));
    let second = attempt::<ByToken>([page(4..6, r#","next":"c""#), page(6..7, "")], Some(&state(&first)));
    assert!(second.error.is_none());
    assert_eq!(second.asked(), ["/v1/items?limit=2&page_token=b", "/v1/items?limit=2&page_token=c"]);
    assert_eq!(second.ids(), [4, 5, 6]);
    assert_eq!(state(&second), json!({}), "a final state is no resume point");
}

#[test]
fn pages_are_counted_on_over_the_attempts() {
    let first = attempt::<ByToken>([page(0..2, r#","next":"a""#), gone()], None);
    let ran = attempt::<ByToken>(
        [page(2..4, r#","next":"b""#), page(4..6, r#","next":"c""#), page(6..8, r#","next":"b""#)],
        Some(&state(&first)),
    );
    assert!(ran.error().contains("page 4 names the token `b`, which page 2 named before"), "{}", ran.error());
    assert!(ran.error().contains("page_token=b (page 3) would be asked again"), "{}", ran.error());
}

struct Counted;

impl Case for Counted {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::offset().param("offset").size("limit", 2).total("total"))
    }
}

#[test]
fn an_offset_counts_what_came_before() {
    let total = r#","total":5"#;
    let first = attempt::<Counted>([page(0..2, total), gone()], None);
    assert_eq!(state(&first), at(&json!({"pages": 1, "records": 2, "token": "2"})));
    let second = attempt::<Counted>([page(2..4, total), page(4..5, total)], Some(&state(&first)));
    assert_eq!((second.ids(), second.error.is_none()), (vec![2, 3, 4], true));
    assert_eq!(second.asked(), ["/v1/items?limit=2&offset=2", "/v1/items?limit=2&offset=4"]);
}

struct Linked;

impl Case for Linked {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::next_url("next"))
    }

    fn auth(config: &Value) -> Auth {
        Auth::query("api_key", config["token"].as_str().unwrap())
    }
}

#[test]
fn credentials_in_a_next_url_stay_out_of_the_state_and_come_back() {
    let next = r#","next":"/v1/items?page=2&api_key=hunter2hunter2""#;
    let first = attempt::<Linked>([page(0..2, next), gone()], None);
    assert_eq!(state(&first), at(&json!({"pages": 1, "records": 2, "url": "https://api.example.com/v1/items?page=2"})));
    let second = attempt::<Linked>([page(2..3, "")], Some(&state(&first)));
    assert_eq!(second.asked(), ["/v1/items?page=2&api_key=hunter2hunter2"]);
}

#[test]
fn another_secret_in_a_next_url_makes_no_resume_point() {
    for next in ["/v1/items?page=2&signature=c0ffee", "/v1/items?page=2&for=hunter2hunter2"] {
        let next = format!(r#","next":"{next}""#);
        let ran = attempt::<Linked>([page(0..2, &next), page(2..4, &next.replace("page=2", "page=3")), gone()], None);
        assert_eq!(state(&ran), json!({}));
        assert!(!ran.lines("STATE").iter().any(|line| line.to_string().contains("c0ffee")));
        assert_eq!(logs(&ran).matches("holds a secret and is kept out of the state").count(), 1, "{}", logs(&ran));
    }
}

#[test]
fn a_place_elsewhere_gets_no_credentials() {
    let place = at(&json!({"pages": 1, "records": 2, "url": "https://evil.example/v1/items"}));
    let ran = attempt::<Linked>([page(0..1, "")], Some(&place));
    assert_eq!(ran.asked(), ["/v1/items?api_key=hunter2hunter2"], "it is read from its first page");
    assert_eq!(ran.ids(), [0]);
}

#[test]
fn a_token_that_is_gone_begins_anew() {
    let place = at(&json!({"pages": 5, "records": 10, "token": "old"}));
    for answer in [gone(), Reply::status(400), Reply::status(204), Reply::json(r#"{"error":"bad token"}"#)] {
        let ran = attempt::<ByToken>([answer, page(0..2, r#","next":"a""#), page(2..3, "")], Some(&place));
        assert_eq!((ran.ids(), ran.error.as_ref().map(ToString::to_string)), (vec![0, 1, 2], None));
        assert_eq!(ran.asked()[..2], ["/v1/items?limit=2&page_token=old", "/v1/items?limit=2"]);
        assert!(logs(&ran).contains("is read from its first page"), "{}", logs(&ran));
    }
    let ran = attempt::<ByToken>([Reply::status(401)], Some(&place));
    assert_eq!(ran.seen.len(), 1, "credentials that are refused say nothing of the place");
    assert_eq!(state(&ran), place, "the place stays where it was");
}

#[test]
fn a_place_of_another_pagination_begins_anew() {
    for place in
        [json!({"pages": 1, "records": 2, "url": "https://api.example.com/v1/items"}), json!(3), json!({"page": 2})]
    {
        let ran = attempt::<ByToken>([page(0..1, "")], Some(&at(&place)));
        assert_eq!((ran.asked(), ran.ids()), (vec!["/v1/items?limit=2".to_owned()], vec![0]));
        assert!(logs(&ran).contains("none of this pagination's"), "{}", logs(&ran));
    }
}

#[test]
fn a_state_of_a_stream_that_is_gone_is_told() {
    let state = br#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"itmes"},"stream_state":{"at":"2024-01-01T00:00:00Z"}}}]"#;
    let request = ReadRequest { state: IncomingState::parse(state).unwrap(), ..ReadRequest::all(json!({})) };
    let ran = read_as::<super::kit::Plain>(Memory::script([page(0..1, "")]), request, |connector| connector);
    assert_eq!(ran.ids(), [0]);
    let told = "the state names the stream `itmes`, which the source does not have: it is not used; if it is `items` now, rename it in the state";
    assert!(ran.output.contains(told), "{}", ran.output);
}
