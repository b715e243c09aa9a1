//! What is done with records before they leave.

use crate::kit::{Sync, read};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "users", records = "users", filter = record.home.city != config.without)]
#[remove(home.street, token)]
struct User {
    #[primary_key]
    id: u64,
    home: Home,
    token: Option<String>,
}

#[derive(Record)]
struct Home {
    city: String,
    street: String,
}

#[derive(HttpStream)]
#[http(path = "users/{parent.id}/posts", parent = User, filter = record.kind != "draft")]
#[add(user_id = parent.id, city = parent.home.city, region = config.region, origin = "api", weight = 1.5,
    label = "{record.kind}-{record.id}", words = record.title.as_deref().map_or(0, |title| title.split(' ').count()), read_on = now().date_naive() > NaiveDate::MIN)]
#[remove(body)]
#[primary_key(user_id, id)]
struct Post {
    id: u64,
    kind: String,
    title: Option<String>,
    body: String,
}

#[derive(HttpStream)]
#[http(path = "reports/{partition.year}")]
#[partition(year = [2023, 2024])]
#[add(year = partition.year, from = slice.start, day = record.at.date_naive().to_string(), at = record.at.timestamp())]
struct Report {
    #[primary_key]
    id: u64,
    #[cursor(start = "2024-01-01T00:00:00Z")]
    at: DateTime<Utc>,
}

#[source(name = "source-edits", base_url = "https://api.example.com/", streams(User, Post, Report))]
struct Edits {
    without: String,
    region: Option<String>,
}

fn answer(url: &str, _: &str) -> Reply {
    Reply::json(match url {
        "users" => {
            r#"{"users":[{"id":1, "home":{"city":"Bonn","street":"A"}, "token":"t", "more":1.50},
            {"token":null,"id":2,"home":{"street":"B","city":"Ulm"}}]}"#
        }
        "users/1/posts" => {
            r#"[{"id":7,"kind":"news","title":"a b c","body":"…","region":"theirs"}, { "id":8,"kind":"draft","body":"" },
            {"body":"x","id":90071992547409931,"kind":"memo"}]"#
        }
        _ => r#"[{"id":9,"at":"2024-01-02T00:00:00Z"}]"#,
    })
}

fn sync() -> Sync {
    let sync = read::<Edits>(json!({ "without": "Ulm", "region": null }), answer);
    assert_eq!(sync.error, None);
    sync
}

fn of(sync: &Sync, stream: &str) -> Vec<String> {
    sync.records.iter().filter_map(|record| record.strip_prefix(stream).map(|data| data.trim().to_owned())).collect()
}

/// What was removed is checked and gone, everything else has its bytes; a filtered parent is no partition, and is counted.
#[test]
fn removed_fields_and_filters() {
    let sync = sync();
    assert_eq!(of(&sync, "user"), [r#"{"id":1,"home":{"city":"Bonn"},"more":1.50}"#]);
    assert!(!sync.requests.iter().any(|request| request.contains("users/2")), "{:?}", sync.requests);
    assert!(sync.output.contains("1 filtered"), "{}", sync.output);
}

/// A value of each origin; a field of the same name gives way; the filter reads the record.
#[test]
fn added_fields() {
    let sync = sync();
    let added = |label: &str, words: u32| {
        format!(
            r#""user_id":1,"city":"Bonn","region":null,"origin":"api","weight":1.5,"label":"{label}","words":{words},"read_on":true}}"#
        )
    };
    let expected = [
        format!(r#"{{"id":7,"kind":"news","title":"a b c",{}"#, added("news-7", 3)),
        format!(r#"{{"id":90071992547409931,"kind":"memo",{}"#, added("memo-90071992547409931", 0)),
    ];
    assert_eq!(of(&sync, "post"), expected);
}

#[test]
fn added_from_partition_and_window() {
    let record = |year: i32| {
        format!(r#"{{"id":9,"year":{year},"from":"2024-01-01T00:00:00Z","day":"2024-01-02","at":1704153600}}"#)
    };
    assert_eq!(of(&sync(), "report"), [record(2023), record(2024)]);
}

#[test]
fn the_catalog_says_what_leaves() {
    let catalog = serde_json::to_value(connector_core::Connector::of::<Edits>().discover()).unwrap();
    let stream = |name: &str| {
        let streams = catalog["streams"].as_array().unwrap();
        streams.iter().find(|stream| stream["name"] == name).unwrap().clone()
    };
    let user = stream("user");
    let names: Vec<&String> = user["json_schema"]["properties"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["home", "id"]);
    assert_eq!(user["json_schema"]["properties"]["home"]["properties"].as_object().unwrap().len(), 1);
    let post = stream("post");
    let of = |name: &str| post["json_schema"]["properties"][name]["type"].clone();
    assert_eq!(post["source_defined_primary_key"], json!([["user_id"], ["id"]]));
    assert_eq!(of("user_id"), json!("integer"));
    assert_eq!(of("region"), json!(["string", "null"]));
    assert_eq!(of("weight"), json!("number"));
    assert_eq!(of("read_on"), json!("boolean"));
    assert_eq!(of("body"), json!(null));
}
