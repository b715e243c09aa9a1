//! A state of a type of the author's own: sync tokens, versions, what begins anew.

use crate::kit::{Sync, read, read_from};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the connector in Python wrote.
#[derive(Deserialize)]
struct PythonState {
    sync_token: String,
}

#[derive(Deserialize, StateType)]
#[state(unversioned = PythonState)]
struct TokenV1 {
    token: String,
}

impl From<PythonState> for TokenV1 {
    fn from(PythonState { sync_token }: PythonState) -> Self {
        Self { token: sync_token }
    }
}

/// Where the changes of a calendar were read up to.
#[derive(Serialize, Deserialize, Default, Clone, StateType)]
#[state(version = 3, from = TokenV1, unversioned = PythonState)]
struct SyncToken {
    token: Option<String>,
    syncs: u32,
}

impl From<TokenV1> for SyncToken {
    fn from(TokenV1 { token }: TokenV1) -> Self {
        Self { token: Some(token), syncs: 1 }
    }
}

impl From<PythonState> for SyncToken {
    fn from(old: PythonState) -> Self {
        TokenV1::from(old).into()
    }
}

#[derive(HttpStream)]
#[http(path = "events", records = "items", params(syncToken = state.token), state = SyncToken, updated_state = Self::read_up_to)]
#[paginate(token = "nextPageToken", param = "pageToken")]
#[on(status = 410, restart)]
struct Event {
    #[primary_key]
    id: u64,
}

impl Event {
    fn read_up_to(page: &Page<'_>, state: &mut SyncToken) -> Result<()> {
        if let Some(token) = page.text("nextSyncToken") {
            (state.token, state.syncs) = (Some(token), state.syncs + 1);
        }
        Ok(())
    }
}

#[source(name = "source-calendar", base_url = "https://api.example.com/", streams(Event))]
struct Calendar {}

fn answer(url: &str, _: &str) -> Reply {
    match url {
        "events" => Reply::json(r#"{"items":[{"id":1}],"nextPageToken":"p2"}"#),
        "events?pageToken=p2" => Reply::json(r#"{"items":[{"id":2}],"nextSyncToken":"s1"}"#),
        "events?syncToken=s1" => Reply::json(r#"{"items":[{"id":3}],"nextPageToken":"p3"}"#),
        "events?syncToken=s1&pageToken=p3" => Reply::json(r#"{"items":[],"nextSyncToken":"s2"}"#),
        "events?syncToken=broken" => Reply::json(r#"{"items":[{"id":4}],"nextSyncToken":"s3","nextPageToken":"gone"}"#),
        "events?syncToken=expired" => Reply::status(410),
        _ => Reply::status(404),
    }
}

fn from(state: Value) -> Sync {
    let state = json!({"type": "STREAM", "stream": {"stream_descriptor": {"name": "event"}, "stream_state": state}});
    read_from::<Calendar>(json!({}), &[state], answer)
}

fn requests(sync: &Sync) -> Vec<&str> {
    sync.requests.iter().map(String::as_str).collect()
}

#[test]
fn a_sync_token_is_the_state() {
    let first = read::<Calendar>(json!({}), answer);
    assert_eq!((first.error.as_deref(), first.records.len()), (None, 2));
    assert_eq!(requests(&first), ["GET events", "GET events?pageToken=p2"]);
    assert_eq!(first.state("event"), json!({"version": 3, "state": {"token": "s1", "syncs": 1}}));
    // All pages are asked with the token that the sync began with.
    let second = read_from::<Calendar>(json!({}), &first.states(), answer);
    assert_eq!(requests(&second), ["GET events?syncToken=s1", "GET events?syncToken=s1&pageToken=p3"]);
    assert_eq!(second.state("event"), json!({"version": 3, "state": {"token": "s2", "syncs": 2}}));
    let catalog = connector_core::Connector::of::<Calendar>().discover();
    assert!(catalog.streams[0].is_incremental());
}

#[test]
fn it_counts_only_at_the_end() {
    let failed = from(json!({"version": 3, "state": {"token": "broken", "syncs": 7}}));
    assert!(failed.error.is_some());
    assert_eq!(failed.records, [r#"event {"id":4}"#]);
    assert_eq!(failed.state("event"), json!({"version": 3, "state": {"token": "broken", "syncs": 7}}));
}

#[test]
fn a_token_that_is_gone_begins_anew() {
    let sync = from(json!({"version": 3, "state": {"token": "expired", "syncs": 7}}));
    assert_eq!(sync.error, None);
    assert_eq!(requests(&sync), ["GET events?syncToken=expired", "GET events", "GET events?pageToken=p2"]);
    assert_eq!(sync.state("event"), json!({"version": 3, "state": {"token": "s1", "syncs": 1}}));
}

#[test]
fn older_versions_are_made_into_the_newest() {
    for old in [json!({"version": 1, "state": {"token": "s1"}}), json!({"sync_token": "s1"})] {
        let sync = from(old.clone());
        assert_eq!(sync.error, None, "{old}");
        assert_eq!(sync.state("event"), json!({"version": 3, "state": {"token": "s2", "syncs": 2}}), "{old}");
    }
    // What a full refresh leaves is no state.
    for none in [json!({}), json!({"__ab_full_refresh_sync_complete": true})] {
        assert_eq!(requests(&from(none)), ["GET events", "GET events?pageToken=p2"]);
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    let refused = |state: Value, what: &str| {
        let sync = from(state);
        let error = sync.error.clone().unwrap_or_default();
        assert!(error.contains(what) && sync.requests.is_empty(), "{error}");
        assert!(sync.output.contains(r#""failure_type":"config_error""#), "{}", sync.output);
    };
    refused(
        json!({"version": 4, "state": {}}),
        r#"`{"state":{},"version":4}` is of version 4, which a newer connector wrote; this one knows 3, 1, none"#,
    );
    refused(json!({"version": 2, "state": {}}), "is of version 2, which is not known; known are 3, 1, none");
    refused(
        json!({"version": 3, "state": {"token": 7, "syncs": 1}}),
        "of version 3, cannot be read: invalid type: integer `7`",
    );
    refused(json!({"updated_at": "2024-01-01"}), "without a version, cannot be read: missing field `sync_token`");
}

/// The number of the last change, which is true of all that came before it.
#[derive(Serialize, Deserialize, Default, Clone, StateType)]
#[state(version = 1)]
struct Replay {
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "changes", params(after = state.id), state = Replay, state_at_each_page, updated_state = Self::replay)]
#[paginate(pages, param = "page", size(param = "n", count = 1))]
struct Change {
    #[primary_key]
    id: u64,
}

impl Change {
    fn replay(page: &Page<'_>, state: &mut Replay) -> Result<()> {
        if let Some(last) = page.last::<Replay>()? {
            state.id = last.id;
        }
        Ok(())
    }
}

#[source(name = "source-replay", base_url = "https://api.example.com/", streams(Change))]
struct Changes {}

#[test]
fn it_may_count_at_each_page() {
    let sync = read::<Changes>(json!({}), |url, _| match url {
        "changes?after=0&n=1&page=1" => Reply::json(r#"[{"id":7}]"#),
        "changes?after=0&n=1&page=2" => Reply::json(r#"[{"id":9}]"#),
        _ => Reply::status(400),
    });
    assert!(sync.error.is_some());
    assert_eq!(sync.state("change"), json!({"version": 1, "state": {"id": 9}}));
    let misfit = read_from::<Changes>(
        json!({}),
        &[json!({"type": "STREAM", "stream": {"stream_descriptor": {"name": "change"}, "stream_state": {"id": 3}}})],
        |_, _| Reply::json("[]"),
    );
    let error = misfit.error.unwrap();
    assert!(error.contains(r#"`{"id":3}` has no version; known are 1, as in {"version":1,"state":…}"#), "{error}");
}

#[derive(HttpStream)]
#[http(path = "numbered", records = "items", params(token = state.token), state = SyncToken, updated_state = Event::read_up_to)]
#[paginate(pages, param = "page", total_pages = "pages")]
#[on(status = 410, restart)]
struct Numbered {
    #[primary_key]
    id: u64,
}

#[source(name = "source-numbered", base_url = "https://api.example.com/", streams(Numbered))]
struct Numbers {}

/// Pages that are fetched side by side are asked for without the token, too.
#[test]
fn what_begins_anew_forgets_the_token_on_all_pages() {
    let state = json!({"version": 3, "state": {"token": "old", "syncs": 1}});
    let state = json!({"type": "STREAM", "stream": {"stream_descriptor": {"name": "numbered"}, "stream_state": state}});
    let sync = read_from::<Numbers>(json!({}), &[state], |url, _| {
        let page = url.rsplit_once("page=").map_or("", |(_, page)| page);
        match (url.contains("token=old"), page) {
            (true, "1") => Reply::json(r#"{"items":[{"id":1}],"pages":4}"#),
            (true, _) => Reply::status(410),
            (false, page) => Reply::json(format!(r#"{{"items":[{{"id":{page}}}],"pages":4,"nextSyncToken":"new"}}"#)),
        }
    });
    assert_eq!(sync.error, None);
    let anew: Vec<&String> = sync.requests.iter().filter(|request| !request.contains("token=old")).collect();
    assert_eq!(anew.len(), 4, "{:#?}", sync.requests);
    assert_eq!(sync.state("numbered")["state"]["token"], "new");
}
