//! How requests prove who asks.

use crate::kit::read;
use connector_http::transport::Reply;
use serde_json::json;

macro_rules! sources {
    ($($name:ident: {$($auth:tt)+})+) => { $(
        mod $name {
            use connector_http::prelude::*;

            #[derive(HttpStream)]
            #[http(path = "things")]
            struct Thing {
                #[primary_key]
                id: u64,
            }

            #[source(name = "source-credentials", base_url = "https://api.example.com/", auth = $($auth)+, streams(Thing))]
            pub(super) struct Config {
                user: String,
                secret: Secret,
                method: Method,
            }

            /// How to prove who asks.
            #[config]
            #[serde(tag = "type")]
            pub(super) enum Method {
                /// By a token.
                Token {
                    /// The token.
                    token: Secret,
                },
                /// By name and password.
                Password {
                    /// The password.
                    password: Secret,
                },
            }
        }
    )+ };
}

sources! {
    by_bearer: { bearer(config.secret) }
    by_header: { header("X-Api-Key", config.secret, prefix = "Key ") }
    by_query: { query("api_key", config.secret) }
    by_basic: { basic(config.user, config.secret) }
    by_choice: { match &config.method { Method::Token { token } => bearer(token), Method::Password { password } => basic(&config.user, password) } }
    by_refresh: { oauth2(
        url = "https://api.example.com/token", client_id = config.user, client_secret = config.secret, refresh_token = config.secret,
        scopes = ["read", "write"], fields(audience = "a")
    ) }
    by_client: { oauth2(url = "https://api.example.com/token", client_id = config.user, client_secret = config.secret, basic_client, json) }
    by_login: { session("https://api.example.com/login", fields(user = config.user, password = config.secret), token = "data.token", sent(header = "X-Token")) }
}

/// What one request was sent with: its authorization, another header, its URL.
fn sent<S: connector_core::Source>(header: &str) -> (Vec<String>, Vec<String>) {
    let config = json!({ "user": "me", "secret": "s3cr3t-s3cr3t", "method": { "type": "Password", "password": "hunter2hunter2" } });
    let sync = read::<S>(config, |url, _| {
        Reply::json(match url {
            "token" => r#"{"access_token":"fresh","expires_in":3600,"token_type":"bearer"}"#,
            "login" => r#"{"data":{"token":"fresh"}}"#,
            _ => r#"[{"id":1}]"#,
        })
    });
    assert_eq!((sync.error.as_deref(), sync.records.len()), (None, 1));
    let headers = sync.header(header).into_iter().map(str::to_owned).collect();
    (sync.requests, headers)
}

#[test]
fn bearer() {
    assert_eq!(sent::<by_bearer::Config>("authorization").1, ["Bearer s3cr3t-s3cr3t"]);
}

#[test]
fn key_in_header() {
    assert_eq!(sent::<by_header::Config>("x-api-key").1, ["Key s3cr3t-s3cr3t"]);
}

#[test]
fn key_in_query() {
    assert_eq!(sent::<by_query::Config>("-").0, ["GET things?api_key=s3cr3t-s3cr3t"]);
}

#[test]
fn basic() {
    assert_eq!(sent::<by_basic::Config>("authorization").1, ["Basic bWU6czNjcjN0LXMzY3IzdA=="]);
}

#[test]
fn choice() {
    assert_eq!(sent::<by_choice::Config>("authorization").1, ["Basic bWU6aHVudGVyMmh1bnRlcjI="]);
}

#[test]
fn oauth_refresh_token() {
    let (requests, headers) = sent::<by_refresh::Config>("authorization");
    assert_eq!(headers.last().unwrap(), "Bearer fresh");
    for part in
        ["grant_type=refresh_token", "refresh_token=s3cr3t-s3cr3t", "scope=read+write", "audience=a", "client_id=me"]
    {
        assert!(requests[0].contains(part), "{part}: {requests:?}");
    }
}

#[test]
fn oauth_client_credentials() {
    let (requests, headers) = sent::<by_client::Config>("authorization");
    assert_eq!(headers, ["Basic bWU6czNjcjN0LXMzY3IzdA==", "Bearer fresh"]);
    assert_eq!(requests[0], r#"POST token {"grant_type":"client_credentials"}"#);
}

#[test]
fn login() {
    let (requests, headers) = sent::<by_login::Config>("x-token");
    assert_eq!(headers, ["-", "fresh"]);
    assert_eq!(requests[0], r#"POST login {"password":"s3cr3t-s3cr3t","user":"me"}"#);
}

#[test]
fn spec_of_lists_and_choices() {
    let spec = serde_json::to_value(connector_core::Connector::of::<by_choice::Config>().spec()).unwrap();
    let properties = &spec["connectionSpecification"]["properties"];
    assert_eq!(properties["method"]["oneOf"].as_array().unwrap().len(), 2, "{properties}");
    assert_eq!(properties["secret"]["airbyte_secret"], json!(true));
}
