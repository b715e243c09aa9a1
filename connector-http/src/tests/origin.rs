//! Credentials stay where they belong.

use super::kit::{Case, page, read, script};
use crate::prelude::*;
use crate::transport::{Memory, Reply};
use serde_json::{Value, json};

struct Keyed;

impl Case for Keyed {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::next_url("next"))
    }

    fn auth(config: &Value) -> Auth {
        let token = config["token"].as_str().unwrap_or_default();
        Auth::all([auth::header("X-Api-Key", token), auth::query("key", token), Auth::cookie("sid", token)])
    }

    fn source() -> SourceSettings {
        let mut headers = Headers::new();
        headers.set("X-Custom", "mine").unwrap();
        SourceSettings::new().headers(headers).allowed_host("friend.example.com")
    }
}

fn carries_secret(request: &crate::transport::Seen) -> bool {
    request.url.as_str().contains("hunter2")
        || request.headers.values().any(|value| value.to_str().unwrap().contains("hunter2"))
}

#[test]
fn a_redirect_elsewhere_goes_without_credentials() {
    let memory = Memory::answering(|request| match request.url.host_str() {
        Some("api.example.com") => {
            Reply::status(302).header("Location", "https://cdn.example.net/f").header("Set-Cookie", "s=1")
        }
        _ => page(0..1, ""),
    });
    let ran = read::<Keyed>(memory, json!({"token": "hunter2hunter2"}));
    assert_eq!(ran.ids(), [0]);
    assert!(carries_secret(&ran.seen[0]));
    assert!(!carries_secret(&ran.seen[1]));
    let sent: Vec<_> = ran.seen[1].headers.keys().map(|name| name.as_str()).collect();
    assert_eq!(sent, ["user-agent", "accept", "accept-encoding"]);
}

#[test]
fn a_stranger_that_wants_credentials_is_told_of() {
    let memory = Memory::answering(|request| match request.url.host_str() {
        Some("api.example.com") => Reply::status(302).header("Location", "https://cdn.example.net/f?sig=hunter2"),
        _ => Reply::status(401),
    });
    let ran = read::<Keyed>(memory, json!({"token": "hunter2hunter2"}));
    let error = ran.error();
    assert!(
        error.contains("https://cdn.example.net/f") && error.contains("allowed_hosts") && !error.contains("hunter2"),
        "{error}"
    );
}

#[test]
fn a_redirect_to_a_friend_keeps_them() {
    let memory = Memory::answering(|request| match request.url.host_str() {
        Some("api.example.com") => Reply::status(307).header("Location", "https://friend.example.com/f"),
        _ => page(0..1, ""),
    });
    let ran = read::<Keyed>(memory, json!({"token": "hunter2hunter2"}));
    assert!(carries_secret(&ran.seen[1]) && ran.seen[1].headers["x-custom"] == "mine");
}

#[test]
fn a_next_page_elsewhere_is_an_error_that_names_the_key() {
    let ran = script::<Keyed>([page(0..1, r#","next":"https://evil.example.net/?page=2""#)]);
    assert_eq!(ran.seen.len(), 1);
    assert_eq!(ran.ids(), [0]);
    assert!(ran.error().contains("allowed_hosts") && ran.error().contains("evil.example.net"), "{}", ran.error());
}

#[test]
fn a_downgrade_to_http_is_elsewhere() {
    let ran = script::<Keyed>([page(0..1, r#","next":"http://api.example.com/v1/items?page=2""#)]);
    assert!(ran.error().contains("allowed_hosts"), "{}", ran.error());
}

#[test]
fn redirects_have_an_end() {
    let ran = read::<Keyed>(
        Memory::answering(|_| Reply::status(302).header("Location", "/v1/again")),
        json!({"token": "hunter2hunter2"}),
    );
    assert_eq!(ran.seen.len(), 11);
    assert!(ran.error().contains("more than 10 times") && !ran.error().contains("hunter2"), "{}", ran.error());
}

struct Posting;

impl Case for Posting {
    fn settings() -> Settings {
        Settings::new().records("items").method(Method::POST)
    }
}

#[test]
fn a_post_is_not_redirected() {
    let ran = script::<Posting>([Reply::status(302).header("Location", "/login")]);
    assert_eq!(ran.seen.len(), 1);
    assert!(ran.error().contains("redirected to https://api.example.com/login"), "{}", ran.error());
}

#[test]
fn a_session_cookie_comes_back() {
    let first = page(0..1, r#","next":"?page=2""#).header("Set-Cookie", "s=abc; Path=/");
    let ran = script::<Keyed>([first, page(1..2, "")]);
    assert!(ran.seen[1].headers["cookie"].to_str().unwrap().contains("s=abc"));
}
