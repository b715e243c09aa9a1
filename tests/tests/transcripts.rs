//! The examples do what their transcripts say. `UPDATE_TRANSCRIPTS=1 cargo test -p connector-tests --test transcripts` writes
//! them anew.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use connector_tests::{Api, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, TOKEN, connector, transcript};
use serde_json::{Value, json};

/// Whether the lines that answer a command come in one order, or as streams and slices happen to take turns.
#[derive(PartialEq, Eq)]
enum Turns {
    One,
    Several,
}

/// Follows the transcript of an example, with a config made for a fresh API.
fn follow(example: &str, turns: Turns, config: impl Fn(&str) -> Value) {
    let api = Api::start().unwrap();
    let origin = api.server.origin();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(example);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.json"), config(&origin).to_string()).unwrap();
    let binary = connector::build(example).unwrap();
    let file = connector::workspace().join("examples").join(example).join("transcript.txt");
    let expected = fs::read_to_string(&file).unwrap();
    // The only thing that can happen between two commands of these transcripts.
    let found = transcript::run(&expected, &binary, &folder, &origin, |_| api.change()).unwrap();
    if std::env::var_os("UPDATE_TRANSCRIPTS").is_some() {
        fs::write(&file, found).unwrap();
        return;
    }
    let (expected, found) = (lines(&expected, &turns), lines(&found, &turns));
    for (number, line) in expected.iter().enumerate() {
        let got = found.get(number).copied().unwrap_or_default();
        assert_eq!(got, *line, "{} line {}", file.display(), number + 1);
    }
    assert_eq!(found.len(), expected.len(), "{}: {found:?}", file.display());
}

/// The lines of a transcript; where they may take turns, those of each paragraph sorted.
fn lines<'a>(text: &'a str, turns: &Turns) -> Vec<&'a str> {
    let mut lines: Vec<&str> = text.lines().collect();
    if *turns == Turns::Several {
        lines.split_mut(|line| line.is_empty()).for_each(<[&str]>::sort_unstable);
    }
    lines
}

fn bearer(origin: &str) -> Value {
    json!({ "base_url": format!("{origin}/v1/"), "api_token": TOKEN })
}

#[test]
fn source_users() {
    follow("source-users", Turns::One, bearer);
}

#[test]
fn source_orders() {
    follow("source-orders", Turns::One, bearer);
}

#[test]
fn source_orders_by_hand() {
    follow("source-orders-by-hand", Turns::One, bearer);
}

#[test]
fn source_posts() {
    follow("source-posts", Turns::Several, bearer);
}

#[test]
fn source_oauth() {
    follow("source-oauth", Turns::One, |origin| {
        json!({
            "base_url": format!("{origin}/oauth/v1/"),
            "token_refresh_endpoint": format!("{origin}/oauth/token"),
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": REFRESH_TOKEN,
        })
    });
}

#[test]
fn source_extras() {
    follow(
        "source-extras",
        Turns::One,
        |origin| json!({ "base_url": format!("{origin}/v1/"), "auth_type": "bearer", "api_token": TOKEN }),
    );
}

#[test]
fn source_kinto() {
    follow(
        "source-kinto",
        Turns::Several,
        |origin| json!({ "base_url": format!("{origin}/kinto/"), "username": "reader", "password": TOKEN }),
    );
}

#[test]
fn source_crm() {
    follow("source-crm", Turns::One, |origin| {
        json!({
            "base_url": format!("{origin}/crm/"),
            "token_url": format!("{origin}/rotating/token"),
            "credentials": {
                "kind": "user",
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "refresh_token": "refresh-token-0",
            },
        })
    });
}

#[test]
fn source_datasette() {
    follow(
        "source-datasette",
        Turns::One,
        |origin| json!({ "base_url": format!("{origin}/crm/"), "api_token": TOKEN }),
    );
}

#[test]
fn source_mailchimp() {
    follow("source-mailchimp", Turns::Several, |origin| {
        json!({
            "base_url": format!("{origin}/mailchimp/"),
            "data_center": "us1",
            "credentials": { "auth_type": "apikey", "api_key": TOKEN },
        })
    });
}

#[test]
fn source_sendgrid() {
    follow(
        "source-sendgrid",
        Turns::Several,
        |origin| json!({ "base_url": format!("{origin}/sendgrid/"), "api_key": TOKEN, "start_date": "2024-01-01T00:00:00Z" }),
    );
}

#[test]
fn source_zendesk_talk() {
    follow("source-zendesk-talk", Turns::Several, |origin| {
        json!({
            "base_url": format!("{origin}/talk/"),
            "subdomain": "example",
            "credentials": { "auth_type": "oauth2.0", "access_token": TOKEN },
            "start_date": "2024-01-01T00:00:00Z",
        })
    });
}
