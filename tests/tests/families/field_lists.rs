//! Lists of fields that requests send, in parts where an API takes only so many at a time.

use crate::kit::{read, read_from};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

/// A few fields a request, among them the pivot and those that the stream itself uses.
#[derive(HttpStream)]
#[http(
    path = "analytics",
    records = "data.elements",
    field_list(param = "fields", at_most = config.at_most, always("pivot")),
    params(q = "statistics")
)]
#[paginate(token = "next", param = "cursor")]
#[add(half = record.clicks / 2)]
struct Analytics {
    #[primary_key]
    id: u64,
    clicks: u64,
    #[serde(rename = "viewsTotal")]
    views: Option<f64>,
    cost: Option<Cost>,
    #[cursor(since = "since", start = "2024-01-01")]
    day: NaiveDate,
}

#[derive(Record)]
struct Cost {
    eur: Option<Decimal>,
    usd: Option<Decimal>,
}

#[source(name = "source-lists", base_url = "https://api.example.com/", streams(Analytics))]
struct Lists {
    at_most: usize,
}

/// What the API has of a record.
fn element(id: u64, fields: &str) -> String {
    let all = [
        ("id", id.to_string()),
        ("day", format!(r#""2024-01-0{id}""#)),
        ("clicks", format!("{id}0")),
        ("viewsTotal", format!("{id}.50")),
        ("cost", r#"{"eur":1.10}"#.to_owned()),
        ("pivot", r#""p""#.to_owned()),
    ];
    let listed: Vec<_> = fields.split("%2C").collect();
    let asked = all.iter().filter(|(name, _)| listed.contains(name));
    let fields: Vec<_> = asked.map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
    format!("{{{}}}", fields.join(","))
}

fn answer(url: &str, _: &str) -> Reply {
    let fields = url.split_once("fields=").unwrap().1.split('&').next().unwrap();
    let (ids, next) = match url {
        _ if url.contains("cursor=b") => (vec![3], "null"),
        // The order differs from answer to answer.
        _ if fields.contains("viewsTotal") => (vec![1, 2], r#""b""#),
        _ => (vec![2, 1], r#""ignored""#),
    };
    let elements: Vec<_> = ids.into_iter().map(|id| element(id, fields)).collect();
    Reply::json(format!(r#"{{"next":{next},"data":{{"elements":[{}]}}}}"#, elements.join(",")))
}

#[test]
fn fields_in_parts() {
    let sync = read::<Lists>(json!({"at_most": 5}), answer);
    assert_eq!(sync.error, None);
    let lists: Vec<_> = sync.requests.iter().map(|url| url.split_once("fields=").unwrap().1).collect();
    let parts = ["pivot%2Cid%2Cclicks%2Cday%2CviewsTotal", "pivot%2Cid%2Cclicks%2Cday%2Ccost"];
    let asked: Vec<_> = lists.iter().map(|list| list.split('&').next().unwrap()).collect();
    assert_eq!(asked, [parts[0], parts[1], parts[0], parts[1]], "{:?}", sync.requests);
    assert!(
        sync.requests[2].contains("cursor=b") && sync.requests[3].contains("cursor=b"),
        "the first says what is next"
    );
    let record = |id: u64| {
        format!(
            r#"analytics {{"id":{id},"day":"2024-01-0{id}","clicks":{id}0,"viewsTotal":{id}.50,"pivot":"p","cost":{{"eur":1.10}},"half":{}}}"#,
            id * 5
        )
    };
    assert_eq!(sync.records, [record(1), record(2), record(3)]);
    assert_eq!(sync.state("analytics"), json!({"day": "2024-01-03"}));

    // All of them in one request: nothing is put together.
    let whole = read_from::<Lists>(json!({"at_most": 20}), &sync.states(), answer);
    assert_eq!(whole.error, None);
    let list = "fields=pivot%2Cid%2Cclicks%2Cday%2CviewsTotal%2Ccost";
    assert_eq!(whole.requests.len(), 2);
    assert!(whole.requests.iter().all(|url| url.contains(list) && url.contains("since=2024-01-03")));
    // What each request has leaves no room: told, and nothing is asked for.
    let none = read::<Lists>(json!({"at_most": 3}), answer);
    assert!(none.error.unwrap().contains("the list of fields has no room for `viewsTotal`"), "{:?}", none.requests);
    assert!(none.requests.is_empty());
}

#[test]
fn a_record_that_changes_between_the_parts_is_kept() {
    let sync = read::<Lists>(json!({"at_most": 5}), |url: &str, _: &str| {
        let fields = url.split_once("fields=").unwrap().1.split('&').next().unwrap();
        let ids = if fields.contains("viewsTotal") { [1, 2] } else { [2, 3] };
        let elements = ids.map(|id| element(id, fields)).join(",");
        Reply::json(format!(r#"{{"data":{{"elements":[{elements}]}}}}"#))
    });
    let ids: Vec<_> = sync.records.iter().map(|record| record.split(['{', ',']).nth(1).unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 3, "{:?}", sync.records);
    assert!(sync.output.contains("2 records of a page did not come with all parts of their fields"), "{}", sync.output);
}

/// The API knows the names; the list goes into the body.
#[derive(HttpStream)]
#[http(
    path = "objects/contacts",
    records = "results",
    body(limit = 100),
    field_list(body = "properties", names = Self::properties, characters = 12)
)]
struct Contact {
    #[primary_key]
    id: u64,
    properties: Properties,
}

#[derive(Record)]
struct Properties {
    email: Option<String>,
}

impl Contact {
    async fn properties(_: &Crm, api: &ApiClient) -> Result<Vec<String>> {
        let found: Vec<serde_json::Value> = api.get("properties").json().await?;
        Ok(found.iter().filter_map(|property| Some(property["name"].as_str()?.to_owned())).collect())
    }
}

#[source(name = "source-crm", base_url = "https://api.example.com/", streams(Contact))]
struct Crm {}

#[test]
fn names_that_the_api_knows() {
    let sync = read::<Crm>(json!({}), |url, body| {
        Reply::json(match (url, body) {
            ("properties", _) => r#"[{"name":"email"},{"name":"phone"},{"name":"x"}]"#,
            (_, r#"{"limit":100,"properties":["email","phone"]}"#) => {
                r#"{"results":[{"id":1,"properties":{"email":"a@b","phone":null}},{"id":2,"properties":{}}]}"#
            }
            (_, r#"{"limit":100,"properties":["x"]}"#) => {
                r#"{"results":[{"id":1,"properties":{"x":1.0}},{"id":2,"properties":{"x":"\u00e9"}}]}"#
            }
            other => panic!("{other:?}"),
        })
    });
    assert_eq!(sync.error, None);
    assert_eq!(sync.requests.iter().filter(|request| *request == "GET properties").count(), 1);
    assert_eq!(
        sync.records,
        [
            r#"contact {"id":1,"properties":{"email":"a@b","phone":null,"x":1.0}}"#,
            r#"contact {"id":2,"properties":{"x":"\u00e9"}}"#,
        ]
    );
}
