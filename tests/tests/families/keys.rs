//! Streams that remember the keys of their records: to drop those that come again, or to tell which are gone.

use crate::kit::{read, read_from};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::{Value, json};

#[derive(HttpStream)]
#[http(path = "tags/{partition.tag}", drop_duplicates)]
#[partition(tag = ["a", "b"])]
struct Article {
    #[primary_key]
    id: u64,
}

/// A version is no duplicate of an older one.
#[derive(HttpStream)]
#[http(path = "versions", drop_duplicates)]
#[paginate(pages, param = "page")]
struct Version {
    #[primary_key]
    id: u64,
    #[cursor]
    at: NaiveDate,
}

/// A key with an added field: the same id below another article is another record.
#[derive(HttpStream)]
#[http(path = "articles/{parent.id}/notes", parent = Article, drop_duplicates, remembered_keys = config.most)]
#[add(article = parent.id)]
#[primary_key(article, id)]
struct Note {
    id: u64,
}

#[source(name = "source-duplicates", base_url = "https://api.example.com/", streams(Article, Version, Note))]
struct Duplicates {
    most: usize,
}

fn duplicated(url: &str, _: &str) -> Reply {
    Reply::json(match url {
        "tags/a" => r#"[{"id":1},{"id":2},{"id":1}]"#,
        "tags/b" => r#"[{"id":2},{"id":1}]"#,
        "versions?page=1" => r#"[{"id":1,"at":"2024-01-01"},{"id":2,"at":"2024-01-01"}]"#,
        "versions?page=2" => r#"[{"id":2,"at":"2024-01-01"},{"id":1,"at":"2024-01-02"}]"#,
        url if url.starts_with("articles/") => r#"[{"id":7},{"id":7}]"#,
        _ => "[]",
    })
}

#[test]
fn duplicates() {
    let sync = read::<Duplicates>(json!({"most": 10}), duplicated);
    assert_eq!(sync.error, None);
    assert_eq!(
        sync.records,
        [
            r#"article {"id":1}"#,
            r#"article {"id":2}"#,
            r#"note {"id":7,"article":1}"#,
            r#"note {"id":7,"article":2}"#,
            r#"version {"id":1,"at":"2024-01-01"}"#,
            r#"version {"id":1,"at":"2024-01-02"}"#,
            r#"version {"id":2,"at":"2024-01-01"}"#,
        ]
    );
    assert!(
        sync.output.contains("stream `article`: 2 records emitted of 5 found, 3 dropped as duplicates"),
        "{}",
        sync.output
    );
    let count = |stream: &str| {
        let of = |state: &Value| state["stream"]["stream_descriptor"]["name"] == stream;
        sync.states()
            .iter()
            .filter(|state| of(state))
            .filter_map(|state| state["sourceStats"]["recordCount"].as_f64())
            .sum::<f64>()
    };
    assert_eq!((count("article"), count("version")), (2.0, 3.0));

    let sync = read::<Duplicates>(json!({"most": 1}), duplicated);
    let error = sync.error.unwrap();
    assert!(error.contains("stream `note`") && error.contains("more than 1 different keys"), "{error}");
}

#[derive(HttpStream)]
#[http(path = "members", deletions)]
#[paginate(pages, param = "page")]
struct Member {
    #[primary_key]
    id: String,
}

#[derive(HttpStream)]
#[http(path = "members/{parent.id}/seats", parent = Member, deletions, misfit = skip)]
#[add(member = parent.id)]
#[primary_key(member, at.row)]
struct Seat {
    at: Place,
}

#[derive(Record)]
struct Place {
    row: u64,
}

#[source(name = "source-members", base_url = "https://api.example.com/", streams(Member, Seat))]
struct Members {}

/// The records, without the moments in those that tell of deleted ones.
fn told(records: &[String]) -> Vec<String> {
    let cut = |record: &String| match record.split_once(r#""_ab_cdc_deleted_at":"#) {
        Some((before, moment)) => {
            assert!(moment.starts_with("\"20") && moment.ends_with("Z\"}"), "{moment}");
            format!("{before}deleted")
        }
        None => record.clone(),
    };
    records.iter().map(cut).collect()
}

#[test]
fn deletions() {
    let first = read::<Members>(json!({}), |url, _| {
        Reply::json(match url {
            "members?page=1" => r#"[{"id":"a"},{"id":"b,\"/c"}]"#,
            "members?page=2" => r#"[{"id":"d"}]"#,
            "members/a/seats" => r#"[{"at":{"row":1}},{"at":{"row":2}}]"#,
            _ => "[]",
        })
    });
    assert_eq!(first.error, None);
    assert_eq!(first.records.len(), 5);
    assert!(first.state("member").to_string().len() < 100, "{}", first.state("member"));

    let second = read_from::<Members>(json!({}), &first.states(), |url, _| {
        Reply::json(match url {
            "members?page=1" => r#"[{"id":"a"},{"id":"e"}]"#,
            "members/a/seats" => r#"[{"at":{"row":2}}]"#,
            _ => "[]",
        })
    });
    assert_eq!(second.error, None);
    assert_eq!(
        told(&second.records),
        [
            r#"member {"id":"a"}"#,
            r#"member {"id":"b,\"/c",deleted"#,
            r#"member {"id":"d",deleted"#,
            r#"member {"id":"e"}"#,
            r#"seat {"at":{"row":2},"member":"a"}"#,
            r#"seat {"member":"a","at":{"row":1},deleted"#,
        ]
    );
    assert!(second.output.contains("2 telling of deleted ones"), "{}", second.output);

    // A page fails: nothing is known to be gone, and nothing is forgotten.
    let broken = read_from::<Members>(json!({}), &second.states(), |url, _| match url {
        "members?page=1" => Reply::json(r#"[{"id":"f"}]"#),
        "members?page=2" => Reply::status(401),
        _ => Reply::json(r#"[{"at":{"row":"x"}}]"#),
    });
    assert!(broken.error.is_some());
    assert_eq!(told(&broken.records), [r#"member {"id":"f"}"#]);
    let last = read_from::<Members>(json!({}), &broken.states(), |url, _| {
        Reply::json(if url == "members?page=1" {
            r#"[{"id":"a"}]"#
        } else if url.contains("seats") {
            r#"[{"at":{"row":"x"}}]"#
        } else {
            "[]"
        })
    });
    assert_eq!(
        told(&last.records),
        [r#"member {"id":"a"}"#, r#"member {"id":"e",deleted"#, r#"member {"id":"f",deleted"#],
        "a record that was rejected is not taken for gone"
    );
    assert!(last.output.contains("it is not told which of the others were deleted"), "{}", last.output);
}
