//! Sub-streams whose parent is read incrementally for them.

use crate::kit::{read, read_from};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "projects")]
struct Project {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = config.since)]
    changed: DateTime<Utc>,
}

/// Without a cursor of its own.
#[derive(HttpStream)]
#[http(path = "projects/{parent.id}/files", parent = Project, incremental)]
struct File {
    #[primary_key]
    id: String,
}

/// With a cursor of its own.
#[derive(HttpStream)]
#[http(path = "projects/{parent.id}/notes", parent = Project, incremental)]
struct Note {
    #[primary_key]
    id: u64,
    #[cursor(since = "after", start = config.since)]
    at: DateTime<Utc>,
}

/// It changed when its parent did, and its parent when that one's did.
#[derive(HttpStream)]
#[http(path = "files/{parent.id}/lines", parent = File, incremental)]
struct Line {
    #[primary_key]
    n: u64,
}

#[source(name = "source-dependencies", base_url = "https://api.example.com/", streams(Project, File, Note, Line))]
struct Dependencies {
    since: NaiveDate,
}

fn before(url: &str, _: &str) -> Reply {
    Reply::json(match url {
        "projects?since=2024-01-01T00%3A00%3A00Z" => {
            r#"[{"id":1,"changed":"2024-01-05T00:00:00Z"},{"id":2,"changed":"2024-01-07T00:00:00Z"}]"#
        }
        "projects/1/files" => r#"[{"id":"a"}]"#,
        "projects/2/files" => r#"[{"id":"b"}]"#,
        "files/a/lines" | "files/b/lines" => r#"[{"n":1}]"#,
        "projects/1/notes?after=2024-01-01T00%3A00%3A00Z" => r#"[{"id":10,"at":"2024-01-04T00:00:00Z"}]"#,
        "projects/2/notes?after=2024-01-01T00%3A00%3A00Z" => "[]",
        other => panic!("{other}"),
    })
}

/// Project 2 is on the border; 3 is new.
fn after(url: &str, _: &str) -> Reply {
    Reply::json(match url {
        "projects?since=2024-01-07T00%3A00%3A00Z" => {
            r#"[{"id":2,"changed":"2024-01-07T00:00:00Z"},{"id":3,"changed":"2024-01-09T00:00:00Z"}]"#
        }
        "projects/2/files" => r#"[{"id":"b"}]"#,
        "projects/3/files" => r#"[{"id":"c"}]"#,
        "files/b/lines" => r#"[{"n":1}]"#,
        "files/c/lines" => r#"[{"n":1},{"n":2}]"#,
        "projects/3/notes?after=2024-01-01T00%3A00%3A00Z" => r#"[{"id":11,"at":"2024-01-09T00:00:00Z"}]"#,
        // It was asked up to the time of the first sync, and goes on there.
        url if url.starts_with("projects/2/notes?after=20") => "[]",
        other => panic!("{other}"),
    })
}

#[test]
fn changed_parents_only() {
    let config = json!({ "since": "2024-01-01" });
    let first = read::<Dependencies>(config.clone(), before);
    assert_eq!(first.error, None);
    assert_eq!(first.state("file"), json!({"parent_state": {"project": {"changed": "2024-01-07T00:00:00Z"}}}));
    assert_eq!(first.state("note")["parent_state"], json!({"project": {"changed": "2024-01-07T00:00:00Z"}}));
    let file = json!({"file": {"parent_state": {"project": {"changed": "2024-01-07T00:00:00Z"}}}});
    assert_eq!(first.state("line"), json!({ "parent_state": file }));

    let second = read_from::<Dependencies>(config, &first.states(), after).sorted();
    assert_eq!(second.error, None);
    assert_eq!(
        second.records,
        [
            r#"file {"id":"b"}"#,
            r#"file {"id":"c"}"#,
            r#"line {"n":1}"#,
            r#"line {"n":1}"#,
            r#"line {"n":2}"#,
            r#"note {"id":11,"at":"2024-01-09T00:00:00Z"}"#,
            r#"project {"id":2,"changed":"2024-01-07T00:00:00Z"}"#,
            r#"project {"id":3,"changed":"2024-01-09T00:00:00Z"}"#,
        ]
    );
    assert_eq!(second.requests.iter().filter(|request| request.contains("projects?")).count(), 1, "read once for all");
    assert!(second.requests.iter().all(|request| !request.contains("projects/1")), "{:?}", second.requests);
}
