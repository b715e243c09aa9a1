//! TLS with real servers and proxies: whom we trust, HTTP/2, the proxies of the environment.
//!
//! The certificates in `support/tls` are made for this: an authority, a server of its for `localhost` and 127.0.0.1, one for
//! another name, one that has expired, and an authority that nobody asked for. They end in the year 2125; the authorities' keys
//! were thrown away.
#![allow(clippy::unwrap_used, clippy::panic)]

mod servers;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use connector_core::sink::MemorySink;
use connector_core::{Connector, ReadRequest};
use connector_http::prelude::*;
use connector_tests::connector;
use serde_json::{Value, json};
use servers::{Proxy, TlsServer};

fn pem(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.pem"))).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("support/tls")
}

macro_rules! source {
    ($source:ident, $item:ident $(, $roots:ident = $which:ident)?) => {
        #[source(base_url = config.base_url, auth = bearer(config.token), root_certificate = config.ca, streams($item) $(, $roots = $which)?)]
        struct $source {
            base_url: String,
            token: Secret,
            ca: Option<String>,
        }

        #[derive(HttpStream)]
        #[http(name = "items", path = "items", records = "items")]
        #[paginate(token = "next", param = "page")]
        struct $item {
            #[primary_key]
            id: u64,
        }
    };
}

source!(Found, FoundItem);
source!(Bundled, BundledItem, roots = bundled);
source!(System, SystemItem, roots = system);

/// The ids that a sync emits, and its failure.
fn read<S: Source>(server: &TlsServer, host: &str, authority: Option<&str>) -> (Vec<u64>, Option<String>) {
    let connector = Connector::of::<S>().with_limits(|limits| {
        limits.backoff_first = Duration::from_millis(1);
        limits.connect_timeout = Duration::from_secs(20);
    });
    let config = json!({
        "base_url": format!("https://{host}:{}/v1/", server.port()),
        "token": "t0ken-t0ken",
        "ca": authority.map(pem),
    });
    let sink = MemorySink::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let summary = runtime.block_on(connector.read(ReadRequest::all(config), sink.clone())).unwrap();
    let lines = String::from_utf8(sink.bytes()).unwrap();
    assert!(!lines.contains("t0ken"), "{lines}");
    let id = |line: &str| serde_json::from_str::<Value>(line).unwrap().pointer("/record/data/id")?.as_u64();
    (lines.lines().filter_map(id).collect(), summary.error().map(|error| error.to_string()))
}

#[test]
fn an_authority_of_the_config_is_trusted_and_http_2_is_spoken() {
    let server = TlsServer::start("server", &[b"h2", b"http/1.1"]);
    for host in ["localhost", "127.0.0.1"] {
        assert_eq!(read::<Found>(&server, host, Some("authority")), (vec![0, 1, 2], None));
    }
    let seen = server.requests();
    assert_eq!(seen[..3], ["h2 /v1/items", "h2 /v1/items?page=1", "h2 /v1/items?page=2"]);
    assert_eq!(server.connections(), 2, "one for each sync");
}

#[test]
fn a_server_without_http_2_is_spoken_to_as_it_likes() {
    let server = TlsServer::start("server", &[b"http/1.1"]);
    assert_eq!(read::<Bundled>(&server, "localhost", Some("authority")), (vec![0, 1, 2], None));
    assert_eq!(server.requests()[0], "http/1.1 /v1/items");
    assert_eq!(read::<System>(&server, "localhost", Some("authority")), (vec![0, 1, 2], None));
}

#[test]
fn nobody_else_is_trusted() {
    for (certificate, authority, says) in [
        ("server", None, "could not connect safely"),
        ("server", Some("stranger"), "could not connect safely"),
        ("elsewhere", Some("authority"), "could not connect safely"),
        ("expired", Some("authority"), "expired"),
    ] {
        let server = TlsServer::start(certificate, &[b"http/1.1"]);
        let (ids, error) = read::<Found>(&server, "localhost", authority);
        let error = error.unwrap();
        assert!(ids.is_empty() && error.contains(says), "{certificate}: {error}");
        assert!(error.contains("check the certificate") && error.contains("GET https://localhost"), "{error}");
        assert!(!error.contains("tried"), "another try would not help: {error}");
        assert_eq!(server.requests(), [""; 0], "no request was sent, no credential either");
    }
}

#[test]
fn what_is_no_certificate_is_told_before_a_connection() {
    let server = TlsServer::start("server", &[b"http/1.1"]);
    let config =
        json!({"base_url": format!("https://localhost:{}/v1/", server.port()), "token": "t0ken-t0ken", "ca": "no PEM"});
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let connector = Connector::of::<Found>();
    let error = match runtime.block_on(connector.read(ReadRequest::all(config), MemorySink::new())) {
        Ok(summary) => summary.error().unwrap(),
        Err(error) => error,
    };
    assert_eq!(error.failure_type().as_str(), "config_error");
    assert!(error.to_string().contains("no PEM certificate"), "{error}");
    assert_eq!(server.connections(), 0);
}

/// A sync of `source-users` in an environment; its output and whether it went well.
fn users(base_url: &str, environment: &[(&str, &str)]) -> (String, bool) {
    source_users(&["read", "--streams", "users"], base_url, environment)
}

fn source_users(arguments: &[&str], base_url: &str, environment: &[(&str, &str)]) -> (String, bool) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("tls");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{:?}.json", std::thread::current().id()));
    std::fs::write(&file, json!({"base_url": base_url, "api_token": "t0ken-t0ken"}).to_string()).unwrap();
    let mut command = Command::new(connector::build("source-users").unwrap());
    command.args(arguments).arg("--config").arg(file).stdin(Stdio::null());
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    let output = command.envs(environment.iter().copied()).output().unwrap();
    let text = format!("{}{}", String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    (text, output.status.success())
}

#[test]
fn the_systems_store_counts() {
    let server = TlsServer::start("server", &[b"h2", b"http/1.1"]);
    let base = format!("https://localhost:{}/v1/", server.port());
    let store = folder().join("authority.pem");
    let (text, well) = users(&base, &[("SSL_CERT_FILE", store.to_str().unwrap())]);
    assert!(well && text.contains(r#""stream":"users""#), "{text}");
    let (text, well) = users(&base, &[("SSL_CERT_FILE", folder().join("stranger.pem").to_str().unwrap())]);
    assert!(!well && text.contains("could not connect safely"), "{text}");
    // Plain HTTP has no use for a store, not even for a broken one.
    let (text, well) =
        users("http://api.test/v1/", &[("SSL_CERT_FILE", "/nowhere.pem"), ("HTTP_PROXY", &Proxy::start().url())]);
    assert!(well, "{text}");
}

#[test]
fn a_proxy_of_the_environment_carries_plain_http() {
    let proxy = Proxy::start();
    let (text, well) = users("http://api.test/v1/", &[("HTTP_PROXY", &proxy.url_with("me:pr0xy-passw0rd"))]);
    assert!(well && text.contains(r#""stream":"users""#), "{text}");
    let seen = proxy.requests();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].starts_with("GET http://api.test/v1/users HTTP/1.1"), "the proxy finds the host: {seen:?}");
    assert!(seen[0].contains("Basic bWU6cHIweHktcGFzc3cwcmQ="), "{seen:?}");
    assert!(!text.contains("pr0xy-passw0rd") && !text.contains("bWU6cHIweHk"), "{text}");
}

#[test]
fn a_proxy_tunnels_tls() {
    let (server, proxy) = (TlsServer::start("server", &[b"h2", b"http/1.1"]), Proxy::start());
    let store = folder().join("authority.pem");
    let base = format!("https://localhost:{}/v1/", server.port());
    let environment = [("HTTPS_PROXY", proxy.url()), ("SSL_CERT_FILE", store.to_str().unwrap().to_owned())];
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (text, well) = users(&base, &environment);
    assert!(well, "{text}");
    let seen = proxy.requests();
    assert!(
        seen.len() == 1 && seen[0].starts_with(&format!("CONNECT localhost:{} HTTP/1.1", server.port())),
        "{seen:?}"
    );
    assert!(!seen[0].contains("t0ken"), "the proxy sees no credentials: {seen:?}");
    assert_eq!(server.requests(), ["h2 /v1/users"]);
    // A host that is excepted is asked directly.
    let (text, well) = users(&base, &[&environment[..], &[("NO_PROXY", "other.test,localhost")]].concat());
    assert!(well, "{text}");
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn a_proxy_may_be_safe_itself() {
    let (server, proxy) = (TlsServer::start("server", &[b"h2", b"http/1.1"]), Proxy::start_safe());
    let store = folder().join("authority.pem");
    let name = format!("https://me:pr0xy-passw0rd@localhost:{}", proxy.port());
    let environment = [("ALL_PROXY", name.as_str()), ("SSL_CERT_FILE", store.to_str().unwrap())];
    let (text, well) = users(&format!("https://localhost:{}/v1/", server.port()), &environment);
    assert!(well, "{text}");
    assert_eq!(server.requests(), ["h2 /v1/users"], "TLS in TLS");
    let (text, well) = users("http://api.test/v1/", &environment);
    assert!(well, "{text}");
    let seen = proxy.requests();
    assert!(
        seen[0].starts_with("CONNECT localhost:") && seen[1].starts_with("GET http://api.test/v1/users"),
        "{seen:?}"
    );
    assert!(seen.iter().all(|head| head.contains("Basic bWU6cHIweHktcGFzc3cwcmQ=")), "{seen:?}");
}

#[test]
fn a_proxy_that_refuses_is_told() {
    let proxy = Proxy::start_refusing();
    let environment = [("HTTPS_PROXY", proxy.url_with("me:pr0xy-passw0rd"))];
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (text, _) = source_users(&["check"], "https://api.test/v1/", &environment);
    assert!(text.contains("FAILED") && text.contains("the proxy wants credentials"), "{text}");
    assert!(!text.contains("pr0xy-passw0rd") && !text.contains("bWU6cHIweHk"), "{text}");
    let seen = proxy.requests();
    assert!(seen[0].starts_with("CONNECT api.test:443 HTTP/1.1"), "{seen:?}");
    // What is not spoken is a config error at once.
    let (text, well) = users("http://api.test/v1/", &[("ALL_PROXY", "socks5://me:pr0xy-passw0rd@127.0.0.1:1080")]);
    assert!(!well && text.contains("the proxy of the environment is neither http nor https"), "{text}");
    assert!(!text.contains("pr0xy-passw0rd") && !text.contains("tried"), "{text}");
    // Nobody's header decides where requests go: a program that serves web pages by CGI takes no proxy from its environment.
    let (server, store) = (TlsServer::start("server", &[b"http/1.1"]), folder().join("authority.pem"));
    let (text, well) = users(
        &format!("https://localhost:{}/v1/", server.port()),
        &[environment[0], ("REQUEST_METHOD", "GET"), ("SSL_CERT_FILE", store.to_str().unwrap())],
    );
    assert!(well && proxy.requests() == seen, "{text}");
}

#[test]
fn a_proxy_that_does_not_answer_is_told_without_its_password() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let connector = format!("http://me:pr0xy-passw0rd@{address}");
    let (text, _) = source_users(&["check"], "http://api.test/v1/", &[("HTTP_PROXY", &connector)]);
    assert!(text.contains("FAILED") && text.contains("could not connect"), "{text}");
    assert!(!text.contains("pr0xy-passw0rd"), "{text}");
}

/// There is no way to ask for a connection that is not verified: neither a key, nor a setting, nor a call.
#[test]
fn verification_cannot_be_switched_off() {
    let mut folders = vec![connector::workspace().to_owned()];
    let mut looked_at = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() && !matches!(name.to_str(), Some("target" | ".git" | "tests")) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for word in ["danger", "accept_invalid", "ServerCertVerifier", "tls_backend_preconfigured"] {
                    assert!(!text.contains(word), "{}: {word}", path.display());
                }
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 100, "{looked_at} files");
}
