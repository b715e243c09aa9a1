//! The OAuth login that a platform runs: `advanced_auth` of the spec.

use crate::kit::read;
use connector_core::Connector;
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::{Value, json};

#[derive(HttpStream)]
#[http(path = "orders")]
struct Order {
    #[primary_key]
    id: u64,
}

/// How to log in.
#[config]
#[serde(tag = "type")]
enum Credentials {
    /// With the user's consent.
    OAuth {
        client_id: String,
        client_secret: Secret,
        #[serde(rename = "refreshToken")]
        refresh_token: Secret,
    },
    /// With a token.
    Token { token: Secret },
}

#[source(
    name = "source-login", base_url = "https://api.example.com/", streams(Order),
    auth = match &config.credentials {
        Credentials::OAuth { client_id, client_secret, refresh_token } => oauth2(
            url = "https://api.example.com/token", client_id = client_id, client_secret = client_secret,
            refresh_token = refresh_token, keep_refresh_token = "credentials.refreshToken",
        ),
        Credentials::Token { token } => bearer(token),
    },
    advanced_auth(
        consent_url = "https://{{ subdomain }}.example.com/authorize",
        access_token_url = "https://login.example.com/token",
        scope = "read offline_access",
        client_id = "credentials.client_id",
        client_secret = "credentials.client_secret",
        output("data.refresh_token" = "credentials.refreshToken"),
        input(subdomain = "subdomain"),
        headers(Accept = "application/json"),
        keys(client_id = "app_id", auth_code = "auth_code"),
        predicate("credentials.type" = "OAuth"),
    ),
)]
struct Login {
    subdomain: String,
    credentials: Credentials,
}

#[derive(HttpStream)]
#[http(path = "users")]
struct User {
    #[primary_key]
    id: u64,
}

#[source(
    name = "source-plain-login",
    base_url = "https://api.example.com/",
    streams(User),
    advanced_auth(
        consent_url = "https://login.example.com/authorize",
        access_token_url = "https://login.example.com/token",
        output(refresh_token = "refresh_token", access_token = "access_token"),
    )
)]
struct Plain {
    client_id: String,
    client_secret: Secret,
    refresh_token: Secret,
    access_token: Option<Secret>,
}

fn flow<S: Source>() -> Value {
    serde_json::to_value(Connector::of::<S>().spec()).unwrap()["advanced_auth"].clone()
}

#[test]
fn advanced_auth() {
    let path = |path: &[&str]| json!({ "type": "string", "path_in_connector_config": path });
    let mut refresh = path(&["credentials", "refreshToken"]);
    refresh["path_in_oauth_response"] = json!(["data", "refresh_token"]);
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    assert_eq!(
        flow::<Login>(),
        json!({
            "auth_flow_type": "oauth2.0",
            "predicate_key": ["credentials", "type"],
            "predicate_value": "OAuth",
            "oauth_config_specification": {
                "oauth_user_input_from_connector_config_specification": object(json!({ "subdomain": path(&["subdomain"]) })),
                "oauth_connector_input_specification": {
                    "consent_url": "https://{{ subdomain }}.example.com/authorize",
                    "access_token_url": "https://login.example.com/token",
                    "scope": "read offline_access",
                    "access_token_headers": { "Accept": "application/json" },
                    "access_token_params": {
                        "grant_type": "authorization_code",
                        "{{ client_id_key }}": "{{ client_id_value }}",
                        "{{ client_secret_key }}": "{{ client_secret_value }}",
                        "{{ auth_code_key }}": "{{ auth_code_value }}",
                        "{{ redirect_uri_key }}": "{{ redirect_uri_value }}",
                    },
                    "extract_output": ["data"],
                    "client_id_key": "app_id",
                    "auth_code_key": "auth_code",
                },
                "complete_oauth_output_specification": object(json!({ "refresh_token": refresh })),
                "complete_oauth_server_input_specification":
                    object(json!({ "client_id": { "type": "string" }, "client_secret": { "type": "string" } })),
                "complete_oauth_server_output_specification": object(json!({
                    "client_id": path(&["credentials", "client_id"]), "client_secret": path(&["credentials", "client_secret"]),
                })),
            },
        })
    );
    let plain = flow::<Plain>();
    let consent = plain.pointer("/oauth_config_specification/oauth_connector_input_specification/consent_url").unwrap();
    let consent = consent.as_str().unwrap();
    assert!(consent.starts_with(
        "https://login.example.com/authorize?response_type=code&{{ client_id_key }}={{ client_id_value }}&"
    ));
    assert_eq!(plain.pointer("/predicate_key"), None);
}

/// The token that the flow brought is used, and kept where it came from.
#[test]
fn a_token_of_the_flow() {
    let config = json!({ "subdomain": "eu", "credentials": {
        "type": "OAuth", "client_id": "me", "client_secret": "s3cret-s3cret", "refreshToken": "refresh-0" } });
    let sync = read::<Login>(config, |url, _| match url {
        "token" => Reply::json(r#"{"access_token":"access","refresh_token":"refresh-1"}"#),
        _ => Reply::json(r#"[{"id":1}]"#),
    });
    assert_eq!((sync.error.as_deref(), sync.header("authorization")), (None, vec!["-", "Bearer access"]));
    assert!(sync.output.contains(r#""refreshToken":"refresh-1""#), "{}", sync.output);
}
