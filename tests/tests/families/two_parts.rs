//! Cursors of two parts: what is new is told by a field, and by another one among the records of one value.

use crate::kit::{Sync, read, read_from};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

/// Ordered by when they were updated, then by their id; pages are asked for by both, too.
#[derive(HttpStream)]
#[http(path = "tickets", records = "tickets")]
#[paginate(next_url = "next")]
struct Ticket {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = config.start, order = ascending, then(field = id, since = "since_id"))]
    updated_at: DateTime<Utc>,
}

/// Both parts are nested, in forms of their own, and sent as values.
#[derive(HttpStream)]
#[http(path = "calls", params(from = slice.start.timestamp(), behind = slice.then))]
#[cursor(field = meta.at, start = config.start, then(field = meta.part, formats("%H/%d.%m.%Y"), format = "%Y%m%d%H"))]
struct Call {
    #[primary_key]
    id: u64,
    meta: Meta,
}

#[derive(Record)]
struct Meta {
    at: DateTime<Utc>,
    part: Option<NaiveDateTime>,
}

/// Partitions that have no bound in common: each keeps both parts.
#[derive(HttpStream)]
#[http(path = "shops/{partition.shop}/rows")]
#[partition(shop = ["a", "b"])]
struct Row {
    #[primary_key]
    code: String,
    #[cursor(since = "version", missing = exclude, then(field = code, since(header = "X-After")))]
    version: u64,
}

#[source(name = "source-keysets", base_url = "https://api.example.com/", streams(Ticket, Call, Row))]
struct Keysets {
    start: DateTime<Utc>,
}

fn requests(sync: &Sync) -> Vec<&str> {
    sync.requests.iter().map(String::as_str).collect()
}

fn answer(url: &str, _: &str) -> Reply {
    Reply::json(match url {
        "tickets?since=2024-01-01T00%3A00%3A00Z" => {
            r#"{"tickets":[{"id":7,"updated_at":"2024-02-01T00:00:00Z"},{"id":3,"updated_at":"2024-02-02T00:00:00Z"}],
                "next":"tickets?since=2024-02-02T00%3A00%3A00Z&since_id=3"}"#
        }
        // As many at one moment as pages are long: behind the moment alone, they would be asked for for ever.
        "tickets?since=2024-02-02T00%3A00%3A00Z&since_id=3" => {
            r#"{"tickets":[{"id":4,"updated_at":"2024-02-02T00:00:00Z"},{"id":10,"updated_at":"2024-02-02T00:00:00Z"}]}"#
        }
        "tickets?since=2024-02-02T00%3A00%3A00Z&since_id=10" => {
            r#"{"tickets":[{"id":11,"updated_at":"2024-02-02T00:00:00Z"}]}"#
        }
        "calls?from=1704067200" => {
            r#"[{"id":1,"meta":{"at":"2024-02-01T10:00:00Z","part":"17/01.02.2024"}},
                {"id":2,"meta":{"at":"2024-02-01T10:00:00Z","part":"09/02.02.2024"}},
                {"id":3,"meta":{"at":"2024-03-01T10:00:00Z","part":null}}]"#
        }
        "shops/a/rows" => r#"[{"code":"x","version":2},{"code":"y","version":2},{"code":"z","version":null}]"#,
        "shops/b/rows" => r#"[{"code":"k","version":5}]"#,
        _ if url.starts_with("tickets") => r#"{"tickets":[]}"#,
        _ => "[]",
    })
}

#[test]
fn a_state_and_a_start_of_two_parts() {
    let config = json!({"start": "2024-01-01T00:00:00Z"});
    let first = read::<Keysets>(config.clone(), answer).sorted();
    assert_eq!(first.error, None);
    assert_eq!(
        requests(&first),
        [
            "GET calls?from=1704067200",
            "GET shops/a/rows",
            "GET shops/b/rows",
            "GET tickets?since=2024-01-01T00%3A00%3A00Z",
            "GET tickets?since=2024-02-02T00%3A00%3A00Z&since_id=3",
        ]
    );
    assert_eq!(first.records.len(), 10, "one has no version: {:?}", first.records);
    assert_eq!(first.state("ticket"), json!({"updated_at": "2024-02-02T00:00:00Z", "id": 10}));
    assert_eq!(
        first.state("call"),
        json!({"at": "2024-02-01T10:00:00Z", "part": "09/02.02.2024"}),
        "what has no second part does not count"
    );
    assert_eq!(first.state("row")["state"], json!({"version": 2, "code": "y"}), "the lowest");

    let second = read_from::<Keysets>(config, &first.states(), answer).sorted();
    assert_eq!(second.error, None);
    assert_eq!(
        requests(&second),
        [
            "GET calls?from=1706781600&behind=2024-02-02T09%3A00%3A00",
            "GET shops/a/rows?version=2",
            "GET shops/b/rows?version=5",
            "GET tickets?since=2024-02-02T00%3A00%3A00Z&since_id=10",
        ]
    );
    let mut after: Vec<_> = second.header("x-after").into_iter().filter(|header| *header != "-").collect();
    after.sort_unstable();
    assert_eq!(after, ["k", "y"]);
    assert_eq!(second.records, [r#"ticket {"id":11,"updated_at":"2024-02-02T00:00:00Z"}"#], "none of them again");
    assert_eq!(second.state("ticket"), json!({"updated_at": "2024-02-02T00:00:00Z", "id": 11}));
}

/// A look-back goes by the first part, windows do, and the second one is left out then.
#[derive(HttpStream)]
#[http(path = "visits")]
struct Visit {
    #[primary_key]
    id: u64,
    #[cursor(
        since = "from", until = "to", end = "2024-01-04", step = days(1), lookback = config.lookback,
        then(field = id, since = "behind")
    )]
    day: NaiveDate,
}

/// The API takes no bounds: what was read is left out here.
#[derive(HttpStream)]
#[http(path = "notes")]
struct Note {
    #[primary_key]
    id: u64,
    #[cursor(client_filter, then(field = id))]
    day: NaiveDate,
}

#[source(name = "source-days", base_url = "https://api.example.com/", streams(Visit, Note))]
struct Days {
    lookback: String,
}

#[test]
fn windows_look_backs_and_filters_of_two_parts() {
    let states = [
        json!({"type": "STREAM", "stream": {"stream_descriptor": {"name": "visit"}, "stream_state": {"day": "2024-01-02", "id": 5}}}),
        json!({"type": "STREAM", "stream": {"stream_descriptor": {"name": "note"}, "stream_state": {"day": "2024-01-02", "id": 5}}}),
    ];
    let answer = |url: &str, _: &str| {
        Reply::json(match url {
            "notes" => {
                r#"[{"id":9,"day":"2024-01-01"},{"id":4,"day":"2024-01-02"},{"id":6,"day":"2024-01-02"},{"id":1,"day":"2024-01-03"}]"#
            }
            _ => "[]",
        })
    };
    let plain = read_from::<Days>(json!({"lookback": "P0D"}), &states, answer).sorted();
    assert_eq!(plain.error, None);
    assert_eq!(
        requests(&plain),
        [
            "GET notes",
            "GET visits?from=2024-01-02&behind=5&to=2024-01-02",
            "GET visits?from=2024-01-03&to=2024-01-03",
            "GET visits?from=2024-01-04&to=2024-01-04",
        ]
    );
    assert_eq!(plain.records, [r#"note {"id":1,"day":"2024-01-03"}"#, r#"note {"id":6,"day":"2024-01-02"}"#]);
    assert_eq!(plain.state("note"), json!({"day": "2024-01-03", "id": 1}));
    let back = read_from::<Days>(json!({"lookback": "P1D"}), &states, answer).sorted();
    assert_eq!(requests(&back)[1], "GET visits?from=2024-01-01&to=2024-01-01");
}
