//! What is made of records before they are compared with their struct.

use crate::kit::{Sync, read};
use connector_http::prelude::*;
use connector_http::transport::Reply;
use serde_json::json;

#[derive(HttpStream)]
#[http(path = "orders", records = "orders")]
#[paginate(offset, param = "offset", size(count = 2, param = "limit"))]
#[transform(explode = "lines", copy(order_id = "id", customer = "by.name"))]
#[primary_key(order_id, sku)]
struct Line {
    order_id: u64,
    customer: Option<String>,
    sku: String,
    price: f64,
}

#[derive(HttpStream)]
#[http(path = "rates", records = "rates")]
#[transform(entries = "currency", wrap = "rate")]
struct Rate {
    #[primary_key]
    currency: String,
    rate: f64,
}

#[derive(HttpStream)]
#[http(path = "people", records = "people")]
#[transform(entries = "id")]
struct Person {
    #[primary_key]
    id: String,
    name: String,
}

#[derive(HttpStream)]
#[http(path = "tags")]
#[transform(wrap = "tag")]
struct Tag {
    #[primary_key]
    tag: String,
}

#[derive(HttpStream)]
#[http(path = "wrapped", records = "rows")]
#[transform(wrap = "data")]
struct Wrapped {
    data: Item,
}

#[derive(Record)]
struct Item {
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "contacts", records = "data")]
#[transform(
    lift("attributes"),
    rename(owner_id = "relationships.owner.id"),
    replace_in_keys("$" = ""),
    keys = snake_case
)]
#[remove(relationships)]
struct Contact {
    #[primary_key]
    id: String,
    first_name: String,
    owner_id: u64,
    relationships: serde_json::Value,
}

#[derive(HttpStream)]
#[http(path = "flat", records = "rows", filter = record.owner_name != "nobody")]
#[transform(flatten = "_")]
struct Flat {
    #[primary_key]
    id: u64,
    owner_name: String,
}

#[derive(HttpStream)]
#[http(path = "cast", records = "rows")]
#[transform(empty(strings = null, lists = drop), cast, dates("%d/%m/%Y", "epoch_seconds"))]
struct Cast {
    #[primary_key]
    id: u64,
    price: Option<Decimal>,
    active: bool,
    #[cursor]
    changed: DateTime<Utc>,
    note: Option<String>,
}

#[source(
    name = "source-transforms",
    base_url = "https://api.example.com/",
    streams(Line, Rate, Person, Tag, Wrapped, Contact, Flat, Cast)
)]
struct Transforms {}

fn answer(url: &str, _: &str) -> Reply {
    Reply::json(match url {
        "orders?limit=2&offset=0" => {
            r#"{"orders":[{"id":1,"by":{"name":"A"},"lines":[{"sku":"x","price":1.50},{"sku":"y","price":1e-7}]},
            {"id":2,"by":null,"lines":[]}]}"#
        }
        "orders?limit=2&offset=2" => {
            r#"{"orders":[{"id":3,"by":{},"lines":[{"price":12345678901234567890.1,"sku":"z"}]}]}"#
        }
        "rates" => r#"{"base":"EUR","rates":{"USD":1.0850,"GBP":0.84}}"#,
        "people" => r#"{"people":{"a1":{"name":"A"},"b\"2":{"name":"B"}}}"#,
        "tags" => {
            r#"[ "red" , "bl\u00fce",
            "green"]"#
        }
        "wrapped" => r#"{"rows":[{"id":1}]}"#,
        "contacts" => {
            r#"{"data":[{"id":"7","attributes":{"firstName":"F","$Score":1.0},"relationships":{"owner":{"id":9}}}]}"#
        }
        "flat" => r#"{"rows":[{"id":1,"owner":{"name":"n","mail":{"home":"h"}}},{"id":2,"owner":{"name":"nobody"}}]}"#,
        "cast" => {
            r#"{"rows":[{"id":"1","price":"12.50","active":"true","changed":"31/01/2024","note":"","tags":[]},
            {"id":2,"price":"","active":0,"changed":1706659200,"note":5}]}"#
        }
        other => panic!("{other:?}"),
    })
}

fn sync() -> Sync {
    let sync = read::<Transforms>(json!({}), answer);
    assert_eq!(sync.error, None);
    sync
}

fn of(stream: &str) -> Vec<String> {
    let prefix = format!("{stream} ");
    sync().records.iter().filter_map(|record| record.strip_prefix(&prefix).map(str::to_owned)).collect()
}

/// Each element is a record; the page is as long as the list of what was exploded, and each record that leaves is counted.
#[test]
fn exploded_lists() {
    assert_eq!(
        of("line"),
        [
            r#"{"order_id":1,"customer":"A","sku":"x","price":1.50}"#,
            r#"{"order_id":1,"customer":"A","sku":"y","price":1e-7}"#,
            r#"{"order_id":3,"customer":null,"price":12345678901234567890.1,"sku":"z"}"#,
        ]
    );
    let sync = sync();
    assert_eq!(sync.requests.iter().filter(|request| request.contains("orders")).count(), 2, "{:#?}", sync.requests);
    assert!(sync.output.contains("stream `line`: 3 records"), "{}", sync.output);
}

#[test]
fn entries_of_objects() {
    assert_eq!(of("person"), [r#"{"id":"a1","name":"A"}"#, r#"{"id":"b\"2","name":"B"}"#]);
    assert_eq!(of("rate"), [r#"{"currency":"GBP","rate":0.84}"#, r#"{"currency":"USD","rate":1.0850}"#]);
}

#[test]
fn scalars_and_wrapped_records() {
    assert_eq!(of("tag"), [r#"{"tag":"bl\u00fce"}"#, r#"{"tag":"green"}"#, r#"{"tag":"red"}"#]);
    assert_eq!(of("wrapped"), [r#"{"data":{"id":1}}"#]);
}

#[test]
fn moved_and_renamed_fields() {
    assert_eq!(of("contact"), [r#"{"id":"7","first_name":"F","score":1.0,"owner_id":9}"#]);
    assert_eq!(of("flat"), [r#"{"id":1,"owner_name":"n","owner_mail_home":"h"}"#]);
}

/// Values become what the struct says, digits and all; the cursor reads what was made.
#[test]
fn cast_values() {
    assert_eq!(
        of("cast"),
        [
            r#"{"id":1,"price":12.50,"active":true,"changed":"2024-01-31T00:00:00Z","note":null}"#,
            r#"{"id":2,"price":null,"active":false,"changed":"2024-01-31T00:00:00Z","note":"5"}"#,
        ]
    );
    assert!(sync().output.contains("2024-01-31T00:00:00Z"), "{}", sync().output);
}

#[derive(HttpStream)]
#[http(path = "orders", records = "orders")]
#[transform(explode = "line")]
struct Misspelt {
    id: u64,
}

#[derive(HttpStream)]
#[http(path = "orders", records = "orders", records_optional)]
#[transform(explode = "line")]
struct Optional {
    id: u64,
}

#[source(name = "source-misspelt", base_url = "https://api.example.com/", streams(Misspelt, Optional))]
struct Lists {}

/// A list that is not there is an error, unless records are optional.
#[test]
fn lists_that_are_not_there() {
    let sync = read::<Lists>(json!({}), |_, _| Reply::json(r#"{"orders":[{"id":1,"lines":[{"id":2}]}]}"#));
    let error = sync.error.unwrap();
    assert!(error.contains("`misspelt`") && error.contains("no `line`") && error.contains("`lines`"), "{error}");
    assert!(!error.contains("`optional`"), "{error}");
    assert_eq!(sync.records.len(), 0);
}
