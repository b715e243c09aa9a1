//! The rarer ways to prove who asks: variants of token requests, logins, signed tokens, computed credentials.

use crate::kit::{Sync, read};
use base64::Engine as _;
use connector_core::sink::MemorySink;
use connector_core::{Connector, ReadRequest, config};
use connector_http::transport::{Memory, Reply, SharedTransport};
use serde_json::{Value, json};
use std::sync::Arc;

macro_rules! sources {
    ($($name:ident: {$($auth:tt)+})+) => { $(
        mod $name {
            use connector_http::prelude::*;

            #[derive(HttpStream)]
            #[http(path = "things", body(kind = "all"), method = POST)]
            struct Thing {
                #[primary_key]
                id: u64,
            }

            #[source(name = "source-authenticators", base_url = "https://api.example.com/", auth = $($auth)+, streams(Thing))]
            pub(super) struct Config {
                user: String,
                secret: Secret,
                refresh_token: Secret,
            }
        }
    )+ };
}

sources! {
    by_password: { oauth2(
        url = "https://api.example.com/token", client_id = "app", password(config.user, config.secret),
        scopes = ["read", "write"], scope_separator = ",", fields(audience = "a"), headers("X-Client" = config.user),
        request_names("app_id", "app_secret", "token"), answer_names("data.token", "data.life", "data.next"),
        sent(header = "X-Token", prefix = "Token ")
    ) }
    by_account: { oauth2(
        url = "https://api.example.com/token", client_id = config.user, client_secret = config.secret, basic_client,
        grant_type = "account_credentials", params(account_id = config.user, "api-version" = "2"), headers("X-Flow" = "server")
    ) }
    by_single_use: { oauth2(
        url = "https://api.example.com/token", client_id = config.user, refresh_token = config.refresh_token,
        keep_refresh_token = "refresh_token"
    ) }
    by_key_in_body: { body("auth.key", config.secret) }
    by_cookie: { cookie("sid", config.secret) }
    by_both: { all(bearer(config.secret), header("X-User", config.user)) }
    by_session_header: { session("https://api.example.com/login", basic(config.user, config.secret), token = "token", sent(prefix = "Session ")) }
    by_session_query: { session("https://api.example.com/login", form, fields(user = config.user, password = config.secret), token = "token", sent(param = "st")) }
    by_session_cookie: { session("https://api.example.com/login", method = GET, params(user = config.user), headers("X-Key" = config.secret), token_header = "X-Session", sent(cookie = "sid")) }
    by_session_body: { session("https://api.example.com/login", fields(user = config.user), token = "token", expires = "life", sent(body = "auth.token")) }
    by_assertion: { oauth2(url = "https://api.example.com/token", assertion = jwt(Hs256, config.secret, claims(iss = config.user, aud = "api"), token_headers(kid = "k1"))) }
    by_client_assertion: { oauth2(
        url = "https://api.example.com/token", client_id = config.user,
        client_assertion = jwt(Hs256, config.secret, claims(iss = config.user, sub = config.user, aud = "https://api.example.com/token"))
    ) }
    by_pair: { bearer("{config.user}:{config.secret}") }
    by_encoded: { header("Authorization", base64("{config.user}/token:{config.secret}"), prefix = "Basic ") }
    by_signature: { query("sig", hmac_sha256(config.secret, config.user)) }
    by_expression: { header("X-Key", config.secret.expose().trim_start_matches("s3")) }
}

const SECRET: &str = "s3cr3t-s3cr3t";

fn settings() -> Value {
    json!({ "user": "me", "secret": SECRET, "refresh_token": "refresh-0" })
}

/// A sync in which the token endpoint and the login answer what each of the sources looks for.
fn sync<S: connector_core::Source>() -> Sync {
    let sync = read::<S>(settings(), |url, _| match url.split('?').next().unwrap() {
        "token" => Reply::json(
            r#"{"access_token":"fresh-token","expires_in":3600,"refresh_token":"refresh-1","data":{"token":"nested-token","life":60}}"#,
        ),
        "login" => Reply::json(r#"{"token":"session-token","life":3600}"#).header("X-Session", "header-token"),
        _ => Reply::json(r#"[{"id":1}]"#),
    });
    assert_eq!((sync.error.as_deref(), sync.records.len()), (None, 1));
    // Only the config that is handed back for keeping has secrets in it.
    let told: String = sync.output.lines().filter(|line| !line.contains("CONNECTOR_CONFIG")).collect();
    for secret in [SECRET, "fresh-token", "session-token", "nested-token", "header-token"] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    sync
}

fn claims(token: &str) -> (Value, Value) {
    let part = |at: usize| {
        let text = token.split('.').nth(at).unwrap();
        serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
    };
    (part(0), part(1))
}

/// A field of a form.
fn field<'a>(form: &'a str, name: &str) -> &'a str {
    form.split(['&', ' '])
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        .unwrap_or_else(|| panic!("{form}"))
}

#[test]
fn oauth_options() {
    let sync = sync::<by_password::Config>();
    assert_eq!(
        sync.requests[0],
        "POST token grant_type=password&username=me&password=s3cr3t-s3cr3t&scope=read%2Cwrite&app_id=app&audience=a"
    );
    assert_eq!((sync.header("x-client")[0], sync.header("x-token")[1]), ("me", "Token nested-token"));
}

#[test]
fn oauth_request_variants() {
    let account = sync::<by_account::Config>();
    assert_eq!(account.requests[0], "POST token?account_id=me&api-version=2 grant_type=account_credentials");
    assert_eq!(account.header("authorization"), ["Basic bWU6czNjcjN0LXMzY3IzdA==", "Bearer fresh-token"]);
    assert_eq!(account.header("x-flow"), ["server", "-"]);
    let single = sync::<by_single_use::Config>();
    assert_eq!(single.requests[0], "POST token grant_type=refresh_token&refresh_token=refresh-0&client_id=me");
}

/// The new refresh token is out, in a config that fits the spec, before the access token is used.
#[test]
fn oauth_rotating_refresh_token() {
    let sink = MemorySink::new();
    let seen = sink.clone();
    let memory = Memory::answering(move |request| {
        if request.url.path() == "/token" {
            return Reply::json(r#"{"access_token":"fresh-token","expires_in":3600,"refresh_token":"refresh-1"}"#);
        }
        let written = String::from_utf8(seen.bytes()).unwrap();
        if written.contains(r#""type":"CONTROL""#) { Reply::json(r#"[{"id":1}]"#) } else { Reply::status(418) }
    });
    let connector = Connector::of::<by_single_use::Config>().with_extension(SharedTransport(Arc::new(memory.clone())));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(ReadRequest::all(settings()), sink.clone())).unwrap();
    assert_eq!(summary.error().map(|error| error.to_string()), None);
    let output = String::from_utf8(sink.bytes()).unwrap();
    let control = output.lines().find(|line| line.contains("CONNECTOR_CONFIG")).unwrap();
    let control: Value = serde_json::from_str(control).unwrap();
    let kept = control.pointer("/control/connectorConfig/config").unwrap();
    assert_eq!(kept, &json!({ "user": "me", "secret": SECRET, "refresh_token": "refresh-1" }));
    let spec = serde_json::to_value(connector.spec()).unwrap();
    config::check(&spec["connectionSpecification"], kept).unwrap();
}

#[test]
fn key_in_body_and_cookie() {
    let body = sync::<by_key_in_body::Config>();
    assert_eq!(body.requests, [r#"POST things {"auth":{"key":"s3cr3t-s3cr3t"},"kind":"all"}"#]);
    assert_eq!(sync::<by_cookie::Config>().header("cookie"), ["sid=s3cr3t-s3cr3t"]);
    let both = sync::<by_both::Config>();
    assert_eq!((both.header("authorization"), both.header("x-user")), (vec!["Bearer s3cr3t-s3cr3t"], vec!["me"]));
}

#[test]
fn session_token_anywhere() {
    let header = sync::<by_session_header::Config>();
    assert_eq!(header.header("authorization"), ["Basic bWU6czNjcjN0LXMzY3IzdA==", "Session session-token"]);
    let query = sync::<by_session_query::Config>();
    assert_eq!(query.requests[0], "POST login user=me&password=s3cr3t-s3cr3t");
    assert_eq!(query.requests[1], r#"POST things?st=session-token {"kind":"all"}"#);
    let cookie = sync::<by_session_cookie::Config>();
    assert_eq!(cookie.requests[0], "GET login?user=me");
    assert_eq!((cookie.header("x-key")[0], cookie.header("cookie")[1]), (SECRET, "sid=header-token"));
    let body = sync::<by_session_body::Config>();
    assert_eq!(body.requests[1], r#"POST things {"auth":{"token":"session-token"},"kind":"all"}"#);
}

#[test]
fn signed_assertion() {
    let sync = sync::<by_assertion::Config>();
    let form = &sync.requests[0];
    assert_eq!(field(form, "grant_type"), "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer");
    let (header, claims) = claims(field(form, "assertion"));
    assert_eq!(header, json!({ "alg": "HS256", "typ": "JWT", "kid": "k1" }));
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!("me"), &json!("api")));
    assert!(claims["exp"].as_u64() > claims["iat"].as_u64(), "{claims}");
    assert_eq!(sync.header("authorization")[1], "Bearer fresh-token");
}

#[test]
fn signed_client_assertion() {
    let sync = sync::<by_client_assertion::Config>();
    let form = &sync.requests[0];
    assert_eq!(field(form, "grant_type"), "client_credentials");
    assert_eq!(
        field(form, "client_assertion_type"),
        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
    );
    let (_, claims) = claims(field(form, "client_assertion"));
    assert_eq!((&claims["sub"], &claims["aud"]), (&json!("me"), &json!("https://api.example.com/token")));
    assert!(!form.contains("client_secret"), "{form}");
}

#[test]
fn token_expressions() {
    assert_eq!(sync::<by_pair::Config>().header("authorization"), ["Bearer me:s3cr3t-s3cr3t"]);
    assert_eq!(sync::<by_encoded::Config>().header("authorization"), ["Basic bWUvdG9rZW46czNjcjN0LXMzY3IzdA=="]);
    let signed = sync::<by_signature::Config>();
    let signature = signed.requests[0].split(['=', ' ']).nth(2).unwrap();
    assert_eq!((signature.len(), signature), (64, SIGNATURE));
    assert_eq!(sync::<by_expression::Config>().header("x-key"), ["cr3t-s3cr3t"]);
}

/// HMAC-SHA256 of `me` under the secret, by another implementation.
const SIGNATURE: &str = "beeb49a227690a598aaf64ec02ed6dd18efa6307d1c6e5d2fd039b5d7863f93e";
