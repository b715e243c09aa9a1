//! Streams that are read once for each record of another.

use crate::kit::read;
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "teams", records = "data.teams")]
struct Team {
    #[primary_key]
    id: u64,
    name: String,
}

#[derive(HttpStream)]
#[http(path = "teams/{parent.id}/users", parent = Team, records = "data.*.members", params(team = parent.name))]
#[add(team = parent.name)]
struct User {
    #[primary_key]
    id: String,
}

#[derive(HttpStream)]
#[http(path = "users" / parent.id / "posts", parent = User, headers("X-Team" = grandparent.id))]
#[add(user = parent.id, team = grandparent.name)]
struct Post {
    #[primary_key]
    id: u64,
}

#[source(name = "source-parents", base_url = "https://api.example.com/", streams(Team, User, Post))]
struct Parents {}

#[test]
fn three_levels() {
    let sync = read::<Parents>(json!({}), |url, _| {
        Reply::json(match url {
            "teams" => r#"{"data":{"teams":[{"id":1,"name":"a b"}]}}"#,
            "teams/1/users?team=a+b" => r#"{"data":{"x":{"members":[{"id":"u/1"}]},"y":{"members":[{"id":"u2"}]}}}"#,
            "users/u%2F1/posts" => r#"[{"id":7}]"#,
            "users/u2/posts" => "[]",
            other => panic!("{other}"),
        })
    });
    assert_eq!(sync.error, None);
    assert_eq!(
        sync.records,
        [
            r#"post {"id":7,"user":"u/1","team":"a b"}"#,
            r#"team {"id":1,"name":"a b"}"#,
            r#"user {"id":"u/1","team":"a b"}"#,
            r#"user {"id":"u2","team":"a b"}"#,
        ]
    );
    assert_eq!(sync.header("x-team").iter().filter(|team| **team == "1").count(), 2);
}
