//! Asks a token endpoint for an access token.

use std::sync::Arc;
use std::time::Duration;

use connector_core::record::Envelope;
use connector_core::{Error, ErrorKind, Result, Secret, SourceContext};
use serde_json::Value;

use super::{ClientAuth, Grant, OAuth2};
use crate::auth::base64;
use crate::auth::held::{Held, Obtained};
use crate::client::{Client, show};
use crate::http::Method;
use crate::request::{Body, Draft, Params, parse_url};
use crate::send::moment;

/// Refuses a declaration that can never work, before any request.
pub(crate) fn check(declared: &OAuth2, cx: &SourceContext) -> Result<()> {
    parse_url(&declared.url)?;
    declared.sent.check()?;
    // A key that cannot sign is told before any request.
    [&declared.assertion, &declared.client_assertion]
        .into_iter()
        .flatten()
        .try_for_each(|assertion| assertion.sign(cx.clock.now()).map(drop))
}

/// Obtains an access token; a new refresh token is written to the config before the access token is used.
pub(crate) async fn renew(declared: &OAuth2, client: &Arc<Client>, held: &mut Held) -> Result<Obtained> {
    let draft = request(declared, client, held)?;
    let (answer, _) = client.ask_token(&draft, None).await?;
    let asked = show::request(&draft.method, &draft.full_url(), &client.cx.mask);
    let names = &declared.names;
    let token = answer.text(&names.access_token_out).filter(|token| !token.is_empty()).ok_or_else(|| {
        let text = format!("{asked} answered without an `{}`{}", names.access_token_out, reason(&answer));
        Error::new(ErrorKind::Auth, text)
    })?;
    client.cx.mask.add(&token);
    let now = client.now();
    let life = answer.text(&names.expires_out).and_then(|text| moment(&text, now));
    let fresh = answer.text(&names.refresh_token_out).filter(|fresh| !fresh.is_empty());
    let fresh = fresh.filter(|fresh| held.refresh_token.as_ref().is_some_and(|known| known.expose() != fresh));
    if let Some(fresh) = &fresh {
        client.cx.mask.add(fresh);
        held.refresh_token = Some(Secret::from(fresh.as_str()));
    }
    keep(declared, client, fresh.as_deref(), &token, life).await?;
    Ok(Obtained { token: token.into(), life })
}

/// Writes what was handed out to the places of the config that the author names.
async fn keep(
    declared: &OAuth2,
    client: &Client,
    refresh: Option<&str>,
    token: &str,
    life: Option<Duration>,
) -> Result<()> {
    let kept = &declared.kept;
    let mut changes: Vec<(String, String)> = Vec::new();
    if let (Some(path), Some(refresh)) = (&kept.refresh_token, refresh) {
        changes.push((path.clone(), refresh.to_owned()));
    }
    if let Some(path) = &kept.access_token {
        changes.push((path.clone(), token.to_owned()));
    }
    if let (Some(path), Some(life)) = (&kept.expires, life) {
        let end = chrono::DateTime::<chrono::Utc>::from(client.now() + life);
        changes.push((path.clone(), end.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)));
    }
    if changes.is_empty() {
        return Ok(());
    }
    client
        .cx
        .update_config(move |config| {
            for (path, value) in changes {
                set(config, &path, value);
            }
        })
        .await
}

fn set(config: &mut Value, path: &str, value: String) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let Value::Object(object) = config else { return };
    match rest {
        None => {
            object.insert(name.to_owned(), Value::String(value));
        }
        Some(rest) => {
            let inner = object.entry(name).or_insert_with(|| Value::Object(serde_json::Map::new()));
            set(inner, rest, value);
        }
    }
}

/// The request of a grant (RFC 6749, 4.3.2, 4.4.2, 6; RFC 7523, 2.1).
fn request(declared: &OAuth2, client: &Client, held: &Held) -> Result<Draft> {
    let names = &declared.names;
    let mut fields = Params::new();
    let grant = declared.grant();
    let grant_value = match grant {
        Grant::RefreshToken => "refresh_token",
        Grant::ClientCredentials => "client_credentials",
        Grant::Password => "password",
        Grant::Assertion => "urn:ietf:params:oauth:grant-type:jwt-bearer",
    };
    fields.push(&names.grant_type, names.grant_value.as_deref().unwrap_or(grant_value));
    match grant {
        Grant::RefreshToken => {
            if let Some(token) = &held.refresh_token {
                fields.push(&names.refresh_token, token.expose());
            }
        }
        Grant::Password => {
            if let Some((user, password)) = &declared.user {
                fields.push("username", user);
                fields.push("password", password);
            }
        }
        Grant::Assertion => {
            if let Some(assertion) = &declared.assertion {
                let signed = assertion.sign(client.now())?;
                client.cx.mask.add(signed.token.expose());
                fields.push("assertion", signed.token.expose());
            }
        }
        Grant::ClientCredentials => {}
    }
    if !declared.scopes.is_empty() {
        fields.push("scope", declared.scopes.join(&declared.scope_separator));
    }
    let mut draft = Draft::new(Method::POST, parse_url(&declared.url)?);
    match declared.client_auth {
        ClientAuth::Body => {
            if !declared.client_id.is_empty() {
                fields.push(&names.client_id, &declared.client_id);
            }
            if let Some(secret) = &declared.client_secret {
                fields.push(&names.client_secret, secret);
            }
        }
        ClientAuth::Basic => {
            let secret = declared.client_secret.as_deref().unwrap_or_default();
            let pair = format!("{}:{}", form_encoded(&declared.client_id), form_encoded(secret));
            let value = base64(pair.as_bytes());
            client.cx.mask.add(&value);
            draft.headers.set("Authorization", &format!("Basic {value}"))?;
        }
    }
    if let Some(assertion) = &declared.client_assertion {
        let signed = assertion.sign(client.now())?;
        client.cx.mask.add(signed.token.expose());
        fields.push("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        fields.push("client_assertion", signed.token.expose());
    }
    for (name, value) in &declared.fields {
        fields.push(name, value);
    }
    for (name, value) in &declared.params {
        draft.params.push(name, value);
    }
    for (name, value) in &declared.headers {
        draft.headers.set(name, value)?;
    }
    draft.headers.set("Accept", "application/json")?;
    draft.body = body_of(&fields, declared.json)?;
    Ok(draft)
}

/// Fields as a form, or as one JSON object.
pub(crate) fn body_of(fields: &Params, json: bool) -> Result<Body> {
    let mut body = Body::new();
    if json {
        let object: serde_json::Map<_, _> =
            fields.pairs().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        body.json(&object)?;
    } else {
        for (name, value) in fields.pairs() {
            body.form(name, value)?;
        }
    }
    Ok(body)
}

/// `application/x-www-form-urlencoded`, as RFC 6749, 2.3.1 wants it of both parts of the basic scheme.
fn form_encoded(text: &str) -> String {
    let mut params = Params::new();
    params.push("", text);
    params.to_form().trim_start_matches('=').to_owned()
}

/// What the endpoint says is wrong, for a sentence.
fn reason(answer: &Envelope) -> String {
    let parts: Vec<_> = ["error", "error_description", "message"].iter().filter_map(|name| answer.text(name)).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(": ")) }
}
