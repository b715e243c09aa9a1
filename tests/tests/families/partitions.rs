//! Parents' records asked for in groups, divided by lists, or given by the config.

use crate::kit::{Sync, read, read_from};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "users")]
struct User {
    #[primary_key]
    id: u64,
    name: String,
    roles: Option<Vec<String>>,
}

/// Two users a request, their ids in one parameter, their names repeated.
#[derive(HttpStream)]
#[http(path = "scores", parent = User, group = 2, params(ids = parent.id.join(","), name = parent.name))]
struct Score {
    #[primary_key]
    id: u64,
}

/// A batch in a body, with a cursor.
#[derive(HttpStream)]
#[http(path = "visits", method = POST, parent = User, group = config.batch, body(users = parent.id))]
struct Visit {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = "2024-01-01", end = "2024-02-01T00:00:00Z", global)]
    at: DateTime<Utc>,
}

#[source(name = "source-groups", base_url = "https://api.example.com/", streams(User(config), Score, Visit))]
struct Groups {
    batch: usize,
}

fn requests(sync: &Sync) -> Vec<&str> {
    sync.requests.iter().map(String::as_str).filter(|request| *request != "GET users").collect()
}

const USERS: &str =
    r#"[{"id":1,"name":"a","roles":["x","y"]},{"id":2,"name":"b","roles":null},{"id":3,"name":"c","roles":["x"]}]"#;

#[test]
fn groups_of_ids() {
    let answer = |url: &str, body: &str| {
        Reply::json(match (url, body) {
            ("users", _) => USERS,
            ("scores?ids=1%2C2&name=a&name=b", _) => r#"[{"id":1},{"id":2}]"#,
            (_, r#"{"users":[1,2,3]}"#) => r#"[{"id":9,"at":"2024-01-09T00:00:00Z"}]"#,
            _ => "[]",
        })
    };
    let sync = read::<Groups>(json!({"batch": 100}), answer).sorted();
    assert_eq!(sync.error, None);
    assert_eq!(
        requests(&sync),
        [
            "GET scores?ids=1%2C2&name=a&name=b",
            "GET scores?ids=3&name=c",
            r#"POST visits?since=2024-01-01T00%3A00%3A00Z {"users":[1,2,3]}"#,
        ]
    );
    assert!(sync.records.contains(&r#"visit {"id":9,"at":"2024-01-09T00:00:00Z"}"#.to_owned()), "{:?}", sync.records);
    // Other groups go on where these ended: the state is one for all.
    let next = read_from::<Groups>(json!({"batch": 2}), &sync.states(), answer).sorted();
    let visits: Vec<&str> = requests(&next).into_iter().filter(|request| request.starts_with("POST")).collect();
    assert_eq!(
        visits,
        [
            r#"POST visits?since=2024-02-01T00%3A00%3A00Z {"users":[1,2]}"#,
            r#"POST visits?since=2024-02-01T00%3A00%3A00Z {"users":[3]}"#,
        ]
    );
}

/// Once for each role of each user, and each of two years.
#[derive(HttpStream)]
#[http(path = "users/{parent.id}/grants/{partition.role}/{partition.year}", parent = User)]
#[partition(role = parent.roles, year = config.years)]
#[add(role = partition.role, user = parent.id)]
struct Grant {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = "2024-01-01", end = "2024-02-01T00:00:00Z")]
    at: DateTime<Utc>,
}

/// Below a divided stream.
#[derive(HttpStream)]
#[http(path = "grants/{parent.id}/uses", parent = Grant, params(user = grandparent.id))]
struct Use {
    #[primary_key]
    id: u64,
}

#[source(name = "source-grants", base_url = "https://api.example.com/", streams(User(config), Grant, Use))]
struct Grants {
    years: Vec<u16>,
}

#[test]
fn elements_of_a_parents_list() {
    let sync = read::<Grants>(json!({"years": [2023]}), |url, _| {
        Reply::json(match url {
            "users" => USERS,
            "users/1/grants/x/2023?since=2024-01-01T00%3A00%3A00Z" => r#"[{"id":5,"at":"2024-01-03T00:00:00Z"}]"#,
            "users/1/grants/y/2023?since=2024-01-01T00%3A00%3A00Z"
            | "users/3/grants/x/2023?since=2024-01-01T00%3A00%3A00Z" => "[]",
            "grants/5/uses?user=1" => r#"[{"id":50}]"#,
            other => panic!("{other}"),
        })
    });
    assert_eq!(sync.error, None);
    assert_eq!(sync.requests.len(), 5, "{:?}", sync.requests);
    assert!(
        sync.records.contains(&r#"grant {"id":5,"at":"2024-01-03T00:00:00Z","role":"x","user":1}"#.to_owned()),
        "{:?}",
        sync.records
    );
    assert!(sync.records.contains(&r#"use {"id":50}"#.to_owned()));
    // The list is not part of what identifies a partition: it may change without all being read again.
    let next = read_from::<Grants>(json!({"years": [2023]}), &sync.states(), |url, _| {
        Reply::json(match url {
            "users" => r#"[{"id":1,"name":"a","roles":["y","z"]}]"#,
            "users/1/grants/y/2023?since=2024-02-01T00%3A00%3A00Z" => r#"[{"id":6,"at":"2024-02-01T00:00:00Z"}]"#,
            // The sub-stream needs all of them, by a reading of its own.
            "users/1/grants/y/2023?since=2024-01-01T00%3A00%3A00Z" => "[]",
            "users/1/grants/z/2023?since=2024-01-01T00%3A00%3A00Z" => "[]",
            other => panic!("{other}"),
        })
    });
    assert_eq!(next.error, None);
    assert!(next.records.contains(&r#"grant {"id":6,"at":"2024-02-01T00:00:00Z","role":"y","user":1}"#.to_owned()));
}

#[derive(HttpStream)]
#[http(path = "users/{parent.id}/bills", parent = User, given(id = config.user_ids))]
#[add(user = parent.id)]
struct Bill {
    #[primary_key]
    id: u64,
}

#[source(name = "source-bills", base_url = "https://api.example.com/", streams(Bill, User(config)))]
struct Bills {
    user_ids: Option<Vec<u64>>,
}

#[test]
fn ids_of_the_config_or_of_the_parent() {
    let answer = |url: &str, _: &str| {
        Reply::json(match url {
            "users" => USERS,
            "users/2/bills" => r#"[{"id":20}]"#,
            "users/7/bills" => r#"[{"id":70}]"#,
            _ => "[]",
        })
    };
    let given = read::<Bills>(json!({"user_ids": [2, 7]}), answer).sorted();
    assert_eq!(given.error, None);
    // The parent is selected, too, and read for itself.
    assert_eq!(given.requests, ["GET users", "GET users/2/bills", "GET users/7/bills"]);
    assert_eq!(given.records[..2], [r#"bill {"id":20,"user":2}"#, r#"bill {"id":70,"user":7}"#]);
    for without in [json!({}), json!({"user_ids": []})] {
        let read = read::<Bills>(without, answer).sorted();
        assert_eq!(read.requests, ["GET users", "GET users/1/bills", "GET users/2/bills", "GET users/3/bills"]);
    }
}
