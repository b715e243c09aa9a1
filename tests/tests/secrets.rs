//! Whatever goes wrong, in whatever form a secret comes back: nothing that the process writes of its own shows it.

#![allow(clippy::unwrap_used, clippy::panic)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector_core::protocol::Level;
use connector_core::sink::MemorySink;
use connector_core::{Connector, Error, ErrorKind, ReadRequest};
use connector_http::prelude::*;
use connector_http::transport::{Memory, Outgoing, Reply, SharedTransport};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

/// A secret that every encoding changes.
const SECRET: &str = "p@ss/w\"rd+é 77";
/// One that is handed out on the way, once a sync.
const HANDED_OUT: &str = "handed&out+\"t0ken";
const ROTATED: &str = "r0tated/refresh\"token";

macro_rules! streams {
    ($($name:ident { $($http:tt)* })+) => { $(
        #[derive(HttpStream)]
        #[http($($http)*)]
        struct $name {
            #[primary_key]
            id: u64,
        }
    )+ };
}

streams! {
    Good { path = "good" }
    Echoed { path = "echoed" }
    Spoilt { path = "spoilt" }
    Redirected { path = "redirected" }
    Panicking { path = "panicking", classify = Self::shout }
    Internal { path = "internal", classify = Self::grumble }
    Next { path = "next", next_page = Self::elsewhere }
}

#[source(
    name = "source-secrets",
    base_url = "https://api.example.com/",
    auth = all(
        oauth2(
            url = "https://login.example.com/token", client_id = "app", client_secret = config.password,
            refresh_token = config.refresh_token, keep_refresh_token = "refresh_token"
        ),
        query("key", config.password),
        header("X-Pair", base64("{config.pin}:{config.password}"))
    ),
    streams(Good, Echoed, Spoilt, Redirected, Panicking, Internal, Next),
)]
struct Secrets {
    password: Secret,
    refresh_token: Secret,
    /// Too short to be masked within a text.
    pin: Secret,
}

impl Panicking {
    fn shout(_: &Answer<'_>) -> Result<Option<Verdict>> {
        panic!("the password is {SECRET}, the token {HANDED_OUT:?}");
    }
}

impl Internal {
    fn grumble(_: &Answer<'_>) -> Result<Option<Verdict>> {
        let json = json!({ "sent": [SECRET, ROTATED] }).to_string();
        Err(Error::new(ErrorKind::Response, "no good").with_internal(format!("{json} {}", STANDARD.encode(SECRET))))
    }
}

impl Next {
    fn elsewhere(page: &Page<'_>) -> Result<Option<PageToken>> {
        Err(Error::new(ErrorKind::Pagination, format!("{} leads nowhere with {SECRET}", page.url())))
    }
}

/// The forms in which an API says a secret back.
fn said_back(secrets: &[&str]) -> String {
    let form = |text: &str| -> String {
        connector_http::http::Url::parse_with_params("https://a.io", [("q", text)]).unwrap().into()
    };
    let each = |secret: &str| {
        [
            secret.to_owned(),
            form(secret),
            STANDARD.encode(secret),
            STANDARD.encode(format!("me:{secret}")),
            json!({ "token": secret }).to_string(),
            json!(json!({ "token": secret }).to_string()).to_string(),
            format!("{secret:?}"),
        ]
        .join(" ")
    };
    secrets.iter().map(|secret| each(secret)).collect::<Vec<_>>().join(" ")
}

fn answer(request: &Outgoing) -> Reply {
    if request.url.host_str() == Some("login.example.com") {
        let token = json!({ "access_token": HANDED_OUT, "refresh_token": ROTATED, "expires_in": 3600 });
        return Reply::json(token.to_string());
    }
    match request.url.path() {
        "/echoed" => Reply::status(400).body(said_back(&[SECRET, HANDED_OUT, ROTATED])),
        "/spoilt" => Reply::json(format!("[{{\"id\": {}", said_back(&[SECRET, HANDED_OUT, ROTATED]))),
        "/redirected" => {
            Reply::status(302).header("Location", &format!("ftp://api.example.com/{}", request.url.query().unwrap()))
        }
        "/panicking" | "/internal" => Reply::status(400).body("no"),
        _ => Reply::json(r#"[{"id":1,"note":"p@ss/w\"rd+é 77"}]"#),
    }
}

fn config() -> Value {
    json!({ "password": SECRET, "refresh_token": "first-refresh-token", "pin": "42x" })
}

/// Where a secret, in a form that somebody could read, stands in a text.
fn found(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for secret in [SECRET, HANDED_OUT, ROTATED, "first-refresh-token"] {
        let json = json!(secret).to_string();
        let twice = json!(json).to_string();
        let form: String =
            connector_http::http::Url::parse_with_params("https://a.io", [("q", secret)]).unwrap().into();
        let forms = [
            secret.to_owned(),
            json[1..json.len() - 1].to_owned(),
            twice[3..twice.len() - 3].to_owned(),
            form.split_once('=').unwrap().1.to_owned(),
            STANDARD.encode(secret).trim_end_matches('=').to_owned(),
            STANDARD.encode(format!("42x:{secret}")).trim_end_matches('=').to_owned(),
            STANDARD.encode(format!("me:{secret}"))[6..].trim_end_matches('=').to_owned(),
        ];
        found.extend(forms.into_iter().filter(|form| text.contains(form.as_str())));
    }
    found
}

#[test]
fn no_line_of_our_own_shows_a_secret() {
    let memory = Memory::answering(answer);
    let connector = Connector::of::<Secrets>()
        .with_extension(SharedTransport(Arc::new(memory.clone())))
        .with_log_level(Level::Debug)
        .with_limits(|limits| (limits.tries, limits.backoff_first) = (2, std::time::Duration::from_millis(1)));
    let sink = MemorySink::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(ReadRequest::all(config()), sink.clone())).unwrap();
    let output = String::from_utf8(sink.bytes()).unwrap();
    for kind in ["LOG", "TRACE", "STATE", "RECORD", "CONTROL"] {
        assert!(output.contains(&format!(r#"{{"type":"{kind}""#)), "{kind}: {output}");
    }
    for stream in ["echoed", "spoilt", "redirected", "panicking", "internal", "next"] {
        assert!(output.lines().any(|line| line.contains("TRACE") && line.contains(stream)), "{stream}: {output}");
    }
    for line in output.lines() {
        let own = !line.starts_with(r#"{"type":"RECORD""#) && !line.contains("CONNECTOR_CONFIG");
        assert!(!own || found(line).is_empty(), "{:?}: {line}", found(line));
    }
    // Records and the config that is to be kept are not touched.
    assert!(output.contains(r#"{"id":1,"note":"p@ss/w\"rd+é 77"}"#), "{output}");
    assert!(output.lines().any(|line| line.contains("CONNECTOR_CONFIG") && line.contains(r#"r0tated/refresh\"token"#)));
    let error = summary.error().unwrap();
    for text in [error.to_string(), format!("{error:?}"), format!("{summary:?}"), format!("{connector:?}")] {
        assert!(found(&text).is_empty(), "{:?}: {text}", found(&text));
    }
    // They were sent, all the same.
    assert!(memory.seen().iter().any(|request| request.url.query().is_some_and(|query| query.contains("p%40ss"))));
}

#[test]
fn a_check_and_a_config_that_does_not_fit_show_none() {
    let memory = Memory::answering(|_| Reply::status(401).body(said_back(&[SECRET, "first-refresh-token"])));
    let connector = Connector::of::<Secrets>().with_extension(SharedTransport(Arc::new(memory)));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for config in [config(), json!({ "password": [SECRET], "refresh_token": { "a": SECRET }, "pin": "42x" })] {
        let status = serde_json::to_string(&runtime.block_on(connector.check(config))).unwrap();
        assert!(status.contains("FAILED") && found(&status).is_empty(), "{:?}: {status}", found(&status));
    }
}

/// Within a text, three characters would hit innocent words; as a whole value they are masked.
#[test]
fn a_short_secret_is_masked_as_a_whole_value_only() {
    let mask = connector_core::Mask::new();
    mask.add("42x");
    assert_eq!(
        (&*mask.mask("page 42x1"), &*mask.mask_value("42x"), &*mask.mask_value("page 42x")),
        ("page 42x1", "***", "page 42x")
    );
}

/// What `--write-config` does: the file has the rotated token, and what it took from the environment stays a reference.
#[test]
fn a_rotated_token_is_kept_in_the_config_file() {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("rotated-config.json");
    std::fs::write(&file, config().to_string()).unwrap();
    let memory = Memory::answering(answer);
    let connector =
        Connector::of::<Secrets>().with_extension(SharedTransport(Arc::new(memory))).with_config_file(file.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let request = ReadRequest::all(config());
    runtime.block_on(connector.read(request, MemorySink::new())).unwrap();
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(kept, json!({ "password": SECRET, "refresh_token": ROTATED, "pin": "42x" }));
}
