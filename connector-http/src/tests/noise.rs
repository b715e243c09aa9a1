//! Whole syncs over answers that chance made: pages with bytes changed, odd headers, broken ends.
//!
//! Whatever a server sends: no panic, an end within bounds, whole lines, nothing secret in them. `PROPTEST_CASES` says how
//! many syncs (256 without it).

use super::kit::{Case, Ran, read_with};
use crate::prelude::*;
use crate::transport::{Memory, Reply};
use proptest::prelude::*;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What the config holds and no line of our own may.
const SECRET: &str = "hunter2hunter2";

const PAGES: &[&str] = &[
    r#"{"items":[{"id":1,"at":"2024-01-01T00:00:00Z"},{"id":2,"at":null,"x":[1.5e3,{"y":"\u00e9"}]}],"next":"b"}"#,
    r#"{"next":"c","items":[ {"id" : 3} ],"meta":{"total":3}}"#,
    r#"{"items":[],"next":null}"#,
    r#"{"error":{"code":"busy","message":"try hunter2hunter2 again"},"retry_in":5}"#,
    r#"{"items":null}"#,
    r#"{"access_token":"acc3ss","expires_in":3600,"refresh_token":"n3xt"}"#,
    "id,at\n1,2024-01-01T00:00:00Z\n2,\"a\nb\"\n",
    "{\"id\":1}\n{\"id\":2}\n\n",
    "<html>hunter2hunter2</html>",
    "<?xml version='1.0' encoding='latin1'?><items a='1'><id>1</id><at>2024-01-01T00:00:00Z</at><x><y/>&amp;<y>2</y></x></items>",
    r#"{"items":[{"id":5}],"next":"https://files.example.org/?t=hunter2hunter2","error":{"code":"busy"}}"#,
    "",
];

/// What is put into pages by chance.
const PIECES: &[&[u8]] = &[
    b"{", b"}", b"[", b"]", b"\"", b",", b":", b"\\", b"\\ud800", b"\\u0000", b"NaN", b"1e999", b"-", b"\xff", b"\xc3",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b\x08", b"PK\x03\x04", b"PK\x03\x04\x14\0\0\0\0\0", b"<items>", b"</id>", b"&lt;", b"<![CDATA[", b"<!DOCTYPE", b"\"items\":[{}]", b"\"id\":1,\"id\":2,", b"hunter2hunter2", b"null",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
];

const NAMES: &[&str] = &[
    "content-type",
    "content-encoding",
    "retry-after",
    "retry-after-ms",
    "ratelimit-reset",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "ratelimit",
    "location",
    "set-cookie",
    "link",
    "date",
    "content-location",
];

const VALUES: &[&str] = &[
    "application/json",
    "text/csv; charset=utf-16",
    "application/x-ndjson",
    "text/html; charset=iso-8859-1",
    "text/xml",
    "application/atom+xml; charset=utf-16",
    "gzip",
    "br",
    "deflate",
    "zstd",
    "identity",
    "gzip, br",
    "0",
    "1",
    "-1",
    "1e400",
    "NaN",
    "99999999999999999999",
    "Mon, 01 Jan 2024 00:00:30 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "/v1/items",
    "//[",
    "https://evil.io/?t=hunter2hunter2",
    "?t=hunter2hunter2",
    "javascript:alert(1)",
    "sid=hunter2hunter2; Path=/; Domain=.com",
    "=; =",
    "</v1/items?page=2>; rel=next",
    "<https://evil.io/>; rel=\"next\"",
    "<>; rel=next",
    "limit=1, remaining=0, reset=3",
    "\"default\";r=0;t=99999999",
];

/// A change of a body: where (as a share of its length), and what.
#[derive(Debug, Clone)]
enum Change {
    Put(f64, u8),
    Insert(f64, usize),
    Remove(f64, usize),
    Cut(f64),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0.0..1.0, any::<u8>()).prop_map(|(at, byte)| Change::Put(at, byte)),
        (0.0..1.0, 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (0.0..1.0, 1_usize..9).prop_map(|(at, count)| Change::Remove(at, count)),
        (0.0..1.0).prop_map(Change::Cut),
    ]
}

fn place(share: f64, length: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small")]
    let at = (share * length as f64) as usize;
    at.min(length)
}

fn changed(page: &str, changes: &[Change]) -> Vec<u8> {
    let mut body = page.as_bytes().to_vec();
    for change in changes {
        let length = body.len();
        match *change {
            Change::Put(at, byte) => {
                if let Some(there) = body.get_mut(place(at, length)) {
                    *there = byte;
                }
            }
            Change::Insert(at, piece) => {
                let at = place(at, length);
                body.splice(at..at, PIECES[piece].iter().copied());
            }
            Change::Remove(at, count) => {
                let at = place(at, length);
                body.drain(at..(at + count).min(length));
            }
            Change::Cut(at) => body.truncate(place(at, length)),
        }
    }
    body
}

fn answer() -> impl Strategy<Value = Reply> {
    let status = prop_oneof![8 => Just(200_u16), 4 => prop::sample::select(vec![202, 204, 301, 302, 304, 400, 401, 403, 404, 429, 500, 503]), 1 => 200_u16..600];
    let value = prop_oneof![4 => prop::sample::select(VALUES).prop_map(str::to_owned), 1 => "[ -~]{0,30}"];
    let headers = prop::collection::vec((prop::sample::select(NAMES), value), 0..4);
    let body = prop_oneof![
        8 => (prop::sample::select(PAGES), prop::collection::vec(change(), 0..4)).prop_map(|(page, changes)| changed(page, &changes)),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ];
    (status, headers, body, 1_usize..80, 0_u8..12).prop_map(|(status, headers, body, size, end)| {
        let reply = headers.iter().fold(Reply::status(status), |reply, (name, value)| reply.header(name, value.trim()));
        let reply = body.chunks(size).fold(reply, |reply, chunk| reply.body(chunk.to_vec()));
        match end {
            0 => reply.broken(),
            1 => reply.stalled(),
            2 => Reply::silence(),
            _ => reply,
        }
    })
}

struct ByToken;

impl Case for ByToken {
    fn settings() -> Settings {
        Settings::new()
            .records("items")
            .paginate(Paginator::token("next").param("t"))
            .rule(Rule::body("error.code", "busy").retry().wait_at("retry_in"))
    }

    fn auth(config: &serde_json::Value) -> Auth {
        Auth::query("key", config["token"].as_str().unwrap_or_default())
    }
}

struct ByLink;

impl Case for ByLink {
    fn settings() -> Settings {
        Settings::new().records("items").paginate(Paginator::link())
    }

    fn auth(config: &serde_json::Value) -> Auth {
        Auth::bearer(config["token"].as_str().unwrap_or_default())
    }
}

/// The token endpoint answers with noise as well.
struct ByGrant;

impl Case for ByGrant {
    fn auth(config: &serde_json::Value) -> Auth {
        let secret = config["token"].as_str().unwrap_or_default();
        auth::oauth2()
            .url("https://login.example.org/token")
            .client_id("me")
            .client_secret(secret)
            .refresh_token(secret)
            .keep_refresh_token("refresh_token")
            .into()
    }
}

/// A job, whose answers are noise at each step.
struct ByJob;

impl Case for ByJob {
    fn settings() -> Settings {
        let job = Job::new().results("next").within(Duration::from_secs(20)).tries(2);
        Settings::new().records("items").job(job)
    }

    fn auth(config: &serde_json::Value) -> Auth {
        Auth::bearer(config["token"].as_str().unwrap_or_default())
    }
}

/// A job that tells its status.
struct ByStatus;

impl Case for ByStatus {
    fn settings() -> Settings {
        let job =
            Job::new().created("code", "error.code").status("error.code").done("busy").running("r").results("next");
        Settings::new().records("").format(BodyFormat::Xml).job(job.within(Duration::from_secs(20)).tries(2))
    }
}

/// Reads over some answers; everything after them is an empty page.
fn read<K: Case>(answers: Vec<Reply>) -> Ran {
    let next = AtomicUsize::new(0);
    let memory = Memory::answering(move |_| {
        let at = next.fetch_add(1, Ordering::SeqCst);
        answers.get(at).cloned().unwrap_or_else(|| Reply::json(r#"{"items":[]}"#))
    });
    read_with::<K>(memory, json!({ "token": SECRET }), |connector| {
        // What never comes is given up at once.
        connector.with_limits(|limits| {
            limits.idle_timeout = Duration::ZERO;
            limits.first_byte_timeout = Duration::ZERO;
        })
    })
}

fn judge(ran: &Ran) {
    if let Some(error) = &ran.error {
        assert!(!matches!(error.kind(), ErrorKind::Panic | ErrorKind::Internal), "{error}");
        assert!(!error.to_string().contains(SECRET), "{error}");
    }
    assert!(ran.seen.len() < 100, "{} requests", ran.seen.len());
    assert!(ran.clock.sleeps().iter().all(|wait| *wait <= Duration::from_secs(7200)), "{:?}", ran.clock.sleeps());
    for line in ran.output.lines() {
        assert!(serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok(), "{line}");
        let public = line.starts_with(r#"{"type":"RECORD""#) || line.starts_with(r#"{"type":"CONTROL""#);
        assert!(public || !line.contains(SECRET), "{line}");
        assert!(!line.contains("bug of the framework"), "{line}");
    }
    for request in &ran.seen {
        let ours = request.url.host_str() == Some("api.example.com");
        let keyed =
            request.headers.contains_key("authorization") || request.url.query_pairs().any(|(name, _)| name == "key");
        assert!(ours || !keyed, "credentials for {}", request.url);
    }
}

proptest! {
    #[test]
    fn no_answer_brings_a_sync_down(answers in prop::collection::vec(answer(), 1..6)) {
        judge(&read::<ByToken>(answers.clone()));
        judge(&read::<ByLink>(answers.clone()));
        judge(&read::<ByJob>(answers.clone()));
        judge(&read::<ByStatus>(answers.clone()));
        judge(&read::<ByGrant>(answers));
    }
}
