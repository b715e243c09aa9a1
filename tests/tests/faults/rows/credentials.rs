//! Tokens that end in the middle, refresh tokens that can be used once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use connector_core::FailureType::{Config, Transient};
use connector_tests::{Builder, Reply};
use serde_json::json;

use crate::row::{ITEMS, Kit, Row};

/// An API of six pages whose access tokens end after two uses. Each refresh token can be used once, and an access token works
/// only when its refresh token stands in the output.
fn once_only(api: Builder, kit: &Kit) -> Builder {
    let round = Arc::new(AtomicU64::new(0));
    let uses = Arc::new(AtomicU64::new(0));
    let (used, current, sink) = (Arc::clone(&uses), Arc::clone(&round), kit.sink.clone());
    api.route("POST /token", move |request| {
        let now = round.load(Ordering::SeqCst);
        if request.form("refresh_token") != Some(format!("refresh-{now}")) {
            return Reply::json(r#"{"error":"invalid_grant"}"#).with_status(400);
        }
        uses.store(0, Ordering::SeqCst);
        let next = round.fetch_add(1, Ordering::SeqCst) + 1;
        Reply::json(format!(r#"{{"access_token":"access-{next}","expires_in":3600,"refresh_token":"refresh-{next}"}}"#))
    })
    .route(ITEMS, move |request| {
        let now = current.load(Ordering::SeqCst);
        let known = request.header("authorization") == Some(&format!("Bearer access-{now}"));
        if !known || used.fetch_add(1, Ordering::SeqCst) >= 2 {
            return Reply::status(401).body("the token has ended");
        }
        let told = String::from_utf8(sink.bytes()).unwrap();
        if !told.lines().any(|line| line.contains("CONTROL") && line.contains(&format!("refresh-{now}"))) {
            return Reply::status(400).body("used before it was told");
        }
        let at: u64 = request.param("page").map_or(0, |page| page.parse().unwrap());
        let next = if at < 5 { format!(r#","next":{}"#, at + 1) } else { String::new() };
        Reply::json(format!(r#"{{"items":[{{"id":{at}}}]{next}}}"#))
    })
}

fn oauth2(fault: &'static str) -> Row {
    Row::new(fault).set("auth", "oauth2").set("refresh_token", "refresh-0").configure(|world, config| {
        config["token_url"] = json!(world.api.url("/token"));
    })
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        oauth2("access tokens that end after two pages, refresh tokens that can be used once")
            .routes(once_only)
            .requests(11)
            .ids(0..6)
            .also(|ran| {
                let told: Vec<_> = ran
                    .of("CONTROL")
                    .iter()
                    .map(|line| line.pointer("/control/connectorConfig/config/refresh_token").unwrap().clone())
                    .collect();
                assert_eq!(told, ["refresh-1", "refresh-2", "refresh-3"]);
            })
            .note("a CONTROL message with each new refresh token, before the access token is used"),
        oauth2("a refresh token that was used already")
            .set("refresh_token", "refresh-used")
            .routes(once_only)
            .requests(1)
            .fails(Config, &["stream `items`", "POST http://", "400", "invalid_grant", "renew them"]),
        oauth2("503 from the token endpoint, once")
            .routes(once_only)
            .script(|world| world.api.next("POST /token", Reply::status(503)))
            .requests(12)
            .waits(&[1.0])
            .ids(0..6),
        oauth2("429 from the token endpoint with `Retry-After: 9`")
            .routes(once_only)
            .script(|world| world.api.next("POST /token", Reply::status(429).header("Retry-After", "9")))
            .requests(12)
            .waits(&[9.0])
            .ids(0..6),
        oauth2("503 from the token endpoint, for ever")
            .script(|world| (0..40).for_each(|_| world.api.next("POST /token", Reply::status(503))))
            .requests(5)
            .waits(&[1.0, 2.0, 4.0, 8.0])
            .fails(Transient, &["stream `items`", "POST http://", "/token", "503", "tried 5 times"]),
        oauth2("401 whatever the token")
            .routes(once_only)
            .always(Reply::status(401).body("no"))
            .requests(4)
            .fails(Config, &["stream `items`", "GET http://", "401", "check the credentials"]),
        oauth2("HTML from the token endpoint, for ever")
            .script(|world| {
                (0..40).for_each(|_| world.api.next("POST /token", Reply::status(200).body("<html>Sign in")))
            })
            .requests(5)
            .waits(&[1.0, 2.0, 4.0, 8.0])
            .fails(connector_core::FailureType::System, &["POST http://", "no token", "Sign in"]),
    ]
}
