//! Whole syncs with credentials that are obtained.

use connector_core::cursor::CursorSpec;

use super::kit::{Case, page, read, script};
use crate::prelude::*;
use crate::transport::{Memory, Reply};
use crate::{Algorithm, ClientAuth, SignedToken};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

struct Rotating;

impl Case for Rotating {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::token("next").param("t"))
    }

    fn auth(config: &Value) -> Auth {
        auth::oauth2()
            .url("https://login.example.org/token")
            .client_id("me")
            .client_secret("s3cret s3cret")
            .refresh_token(config["refresh_token"].as_str().unwrap_or_default())
            .scopes(["read", "list"])
            .keep_refresh_token("refresh_token")
            .into()
    }
}

/// An API whose access tokens end after `life` uses, and whose refresh tokens can be used once.
fn rotating(life: u64) -> Memory {
    let (uses, round) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    Memory::answering(move |request| {
        if request.url.host_str() == Some("login.example.org") {
            let body = String::from_utf8(request.body.clone().unwrap().to_vec()).unwrap();
            let now = round.fetch_add(1, Ordering::SeqCst);
            if !body.contains(&format!("refresh_token=refresh-{now}")) {
                return Reply::status(400).body(r#"{"error":"invalid_grant"}"#);
            }
            uses.store(0, Ordering::SeqCst);
            let next = now + 1;
            return Reply::json(format!(
                r#"{{"access_token":"access-{next}","expires_in":3600,"refresh_token":"refresh-{next}"}}"#
            ));
        }
        let current = format!("Bearer access-{}", round.load(Ordering::SeqCst));
        let given = request.headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if given != current || uses.fetch_add(1, Ordering::SeqCst) >= life {
            return Reply::status(401).body(format!("{given} is no good"));
        }
        let at: u64 =
            request.url.query_pairs().find(|(name, _)| name == "t").map_or(0, |(_, value)| value.parse().unwrap());
        if at == 5 { page(at..at + 1, "") } else { page(at..at + 1, &format!(r#","next":{}"#, at + 1)) }
    })
}

#[test]
fn a_token_that_ends_in_the_middle_is_renewed_and_each_refresh_token_told() {
    let ran = read::<Rotating>(rotating(2), json!({"refresh_token": "refresh-0"}));
    assert_eq!(ran.error.as_ref().map(ToString::to_string), None);
    assert_eq!(ran.ids(), [0, 1, 2, 3, 4, 5]);
    let told: Vec<_> = ran
        .lines("CONTROL")
        .iter()
        .map(|line| line.pointer("/control/connectorConfig/config/refresh_token").unwrap().as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told, ["refresh-1", "refresh-2", "refresh-3"]);
    let token_request = String::from_utf8(ran.seen[0].body.clone().unwrap().to_vec()).unwrap();
    assert_eq!(
        token_request,
        "grant_type=refresh_token&refresh_token=refresh-0&scope=read+list&client_id=me&client_secret=s3cret+s3cret"
    );
    // The new token is written before the access token is used.
    assert!(ran.output.find("refresh-1").unwrap() < ran.output.find("RECORD").unwrap());
}

#[test]
fn credentials_that_are_refused_are_not_asked_for_again() {
    let ran = read::<Rotating>(rotating(2), json!({"refresh_token": "old"}));
    assert_eq!(ran.seen.len(), 1);
    let error = ran.error();
    assert!(error.contains("invalid_grant") && error.contains("refused the credentials"), "{error}");
    assert_eq!(ran.error.unwrap().kind(), ErrorKind::Auth);
}

#[test]
fn a_401_that_stays_fails_after_one_renewal() {
    let ran = read::<Rotating>(rotating(0), json!({"refresh_token": "refresh-0"}));
    assert_eq!(ran.asked(), ["/token", "/v1/items", "/token", "/v1/items"]);
    assert!(ran.error().contains("401") && !ran.error().contains("access-"), "{}", ran.error());
}

/// One request in four seconds, with tokens that live for three.
struct Slow;

impl Case for Slow {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::token("next").param("t"))
    }

    fn auth(_: &Value) -> Auth {
        auth::oauth2().url("https://login.example.org/token").client_id("me").client_secret("s3cret s3cret").into()
    }

    fn source() -> SourceSettings {
        SourceSettings::new().quota(Quota::moving(1, std::time::Duration::from_secs(4)).streams(["items"]))
    }
}

#[test]
fn a_token_does_not_end_while_its_request_waits_its_turn() {
    let issued = AtomicU64::new(0);
    let memory = Memory::answering(move |request| {
        if request.url.path() == "/token" {
            let token = issued.fetch_add(1, Ordering::SeqCst);
            return Reply::json(format!(r#"{{"access_token":"access-{token}","expires_in":3}}"#));
        }
        match request.url.query() {
            None => page(0..1, r#","next":1"#),
            Some("t=1") => page(1..2, r#","next":2"#),
            _ => page(2..3, ""),
        }
    });
    let ran = read::<Slow>(memory, json!({}));
    assert_eq!((ran.ids(), ran.waits()), (vec![0, 1, 2], vec![4, 4]));
    let api = ran.seen.iter().filter(|request| request.url.path() != "/token");
    let used: Vec<_> = api.map(|request| request.headers["authorization"].to_str().unwrap()).collect();
    assert_eq!(used, ["Bearer access-0", "Bearer access-1", "Bearer access-2"]);
}

#[test]
fn a_token_may_end_again_in_a_wait_for_a_rate_limit() {
    let (issued, asked) = (AtomicU64::new(0), AtomicU64::new(0));
    let memory = Memory::answering(move |request| {
        if request.url.path() == "/token" {
            let token = issued.fetch_add(1, Ordering::SeqCst);
            return Reply::json(format!(r#"{{"access_token":"access-{token}"}}"#));
        }
        match asked.fetch_add(1, Ordering::SeqCst) {
            0 | 2 => Reply::status(401).body("ended"),
            1 => Reply::status(429).header("Retry-After", "60").body("{}"),
            _ => page(0..1, ""),
        }
    });
    let ran = read::<ClientOnly>(memory, json!({}));
    assert_eq!(ran.error.as_ref().map(ToString::to_string), None);
    assert_eq!((ran.ids(), ran.waits().iter().sum::<u64>()), (vec![0], 60));
    assert_eq!(ran.asked().iter().filter(|asked| *asked == "/token").count(), 3);
}

struct Stored;

impl Case for Stored {
    fn settings() -> Settings {
        super::pages::Windowed::settings()
    }

    fn cursor(cursor: CursorSpec) -> CursorSpec {
        super::pages::Windowed::cursor(cursor)
    }

    fn auth(config: &Value) -> Auth {
        auth::oauth2()
            .url("https://login.example.org/token")
            .refresh_token("r3fresh")
            .access_token("st0red")
            .expires(config["token"].as_str().unwrap_or_default())
            .into()
    }
}

/// How often the token endpoint is asked, and with which tokens the API, when the stored token ends at a moment.
fn stored(expires: &str) -> (usize, Vec<String>) {
    let memory = Memory::answering(|request| match request.url.host_str() {
        Some("login.example.org") => Reply::json(r#"{"access_token":"fresh","expires_in":"3600"}"#),
        _ => page(0..0, ""),
    });
    let ran = read::<Stored>(memory, json!({ "token": expires }));
    assert_eq!(ran.error.as_ref().map(ToString::to_string), None);
    let (asked, api): (Vec<_>, Vec<_>) = ran.seen.iter().partition(|request| request.url.path() == "/token");
    let mut tokens: Vec<_> =
        api.iter().map(|request| request.headers["authorization"].to_str().unwrap().to_owned()).collect();
    tokens.dedup();
    (asked.len(), tokens)
}

#[test]
fn a_stored_token_is_used_until_it_ends_and_renewed_once_for_all() {
    assert_eq!(stored("2024-01-01T01:00:00Z"), (0, vec!["Bearer st0red".to_owned()]));
    assert_eq!(stored(""), (0, vec!["Bearer st0red".to_owned()]));
    // Ended, about to end, or ended long ago in seconds: four slices wait, one asks.
    for ended in ["2023-12-31T23:00:00Z", "2024-01-01T00:00:30Z", "1700000000"] {
        assert_eq!(stored(ended), (1, vec!["Bearer fresh".to_owned()]), "{ended}");
    }
}

struct ClientOnly;

impl Case for ClientOnly {
    fn auth(_: &Value) -> Auth {
        let secret = "p:w d";
        auth::oauth2()
            .url("https://login.example.org/token")
            .client_id("m e")
            .client_secret(secret)
            .client_auth(ClientAuth::Basic)
            .into()
    }
}

#[test]
fn client_credentials_by_basic_are_form_encoded_first() {
    let ran = script::<ClientOnly>([Reply::json(r#"{"access_token":"t0ken","token_type":"bearer"}"#), page(0..1, "")]);
    assert_eq!(ran.ids(), [0]);
    let expected = format!("Basic {}", crate::auth::base64(b"m+e:p%3Aw+d"));
    assert_eq!(ran.seen[0].headers["authorization"], expected.as_str());
    assert_eq!(ran.seen[0].body.as_deref(), Some(&b"grant_type=client_credentials"[..]));
    assert_eq!(ran.seen[1].headers["authorization"], "Bearer t0ken");
}

#[test]
fn a_token_endpoint_in_trouble_is_asked_again() {
    let ran = script::<ClientOnly>([Reply::status(503), Reply::json(r#"{"access_token":"t0ken"}"#), page(0..1, "")]);
    assert_eq!(ran.ids(), [0]);
}

struct Login;

impl Case for Login {
    fn auth(config: &Value) -> Auth {
        let password = config["token"].as_str().unwrap_or_default();
        SessionLogin::post("https://api.example.com/login")
            .field("password", password)
            .token("session.id")
            .sent(Sent::header("X-Session"))
            .into()
    }
}

#[test]
fn a_session_is_opened_and_opened_again() {
    let login = |id: &str| Reply::json(format!(r#"{{"session":{{"id":"{id}"}}}}"#));
    let ran = script::<Login>([login("one1"), Reply::status(401), login("two2"), page(0..1, "")]);
    assert_eq!(ran.ids(), [0]);
    assert_eq!(ran.seen[3].headers["x-session"], "two2");
    assert_eq!(ran.seen[0].body.as_deref(), Some(&br#"{"password":"hunter2hunter2"}"#[..]));
}

struct Signed;

impl Case for Signed {
    fn auth(_: &Value) -> Auth {
        SignedToken::new(Algorithm::Hs256, "your-256-bit-secret")
            .claim("sub", "1234567890")
            .claim("iat", 1_516_239_022)
            .claim("exp", 1)
            .into()
    }
}

#[test]
fn a_signed_token_is_sent() {
    let ran = script::<Signed>([page(0..1, "")]);
    let sent = ran.seen[0].headers["authorization"].to_str().unwrap().to_owned();
    let parts: Vec<_> = sent.strip_prefix("Bearer ").unwrap().split('.').collect();
    assert_eq!(parts.len(), 3);
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"your-256-bit-secret");
    let signature = ring::hmac::sign(&key, format!("{}.{}", parts[0], parts[1]).as_bytes());
    assert_eq!(parts[2], crate::auth::base64url(signature.as_ref()));
}

struct Hmac;

impl Authenticator for Hmac {
    fn sign(&self, request: &mut crate::Signing<'_>) -> Result<()> {
        let text = format!("{} {} {}", request.method, request.url.path(), request.body.len());
        request.headers.insert("x-signed", text.parse().map_err(|_| Error::new(ErrorKind::Internal, "no header"))?);
        Ok(())
    }
}

struct Own;

impl Case for Own {
    fn auth(_: &Value) -> Auth {
        Auth::own(Hmac)
    }
}

#[test]
fn an_own_authenticator_sees_the_request() {
    let ran = script::<Own>([page(0..1, "")]);
    assert_eq!(ran.seen[0].headers["x-signed"], "GET /v1/items 0");
}
