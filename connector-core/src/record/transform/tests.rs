//! What records become.

#![allow(clippy::unwrap_used)]

use super::{Empty, KeyCase, Transform, Transformer, tree};
use crate::record::{Field, Format, Record, Shape};
use proptest::prelude::*;

static ITEM: &[Field] = &[
    Field::new("id", "", &<u64 as Record>::SHAPE),
    Field::new("price", "", &Shape::Number),
    Field::new("name", "", &Shape::Option(&Shape::Str)),
    Field::new("active", "", &Shape::Bool),
    Field::new("tags", "", &Shape::List(&Shape::Str)),
    Field::new("at", "", &Shape::Format(Format::DateTime)),
    Field::new("day", "", &Shape::Option(&Shape::Format(Format::Date))),
    Field::new("nested", "", &Shape::Struct(|| ITEM)),
    Field::new("counts", "", &Shape::Map(&<i64 as Record>::SHAPE)),
];

fn made(transform: Transform, record: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let transformer = Transformer { transform: transform.into(), fields: ITEM };
    let done = transformer.apply(record.as_bytes(), &mut |record| {
        out.push(String::from_utf8(record.to_vec()).unwrap());
        Ok(())
    });
    done.map(|()| out).map_err(|error| error.message().to_owned())
}

fn one(transform: Transform, record: &str) -> String {
    made(transform, record).unwrap().join(" ")
}

#[test]
fn entries_become_records() {
    let entries = || Transform::new().entries("id");
    assert_eq!(
        one(entries(), r#"{"a\u0062":{"x":1.50},"c":{"id":0,"x":2},"d":[{"x":3},{"x":4}],"e":null}"#),
        r#"{"id":"a\u0062","x":1.50} {"id":"c","x":2} {"id":"d","x":3} {"id":"d","x":4}"#
    );
    assert_eq!(
        one(entries().wrap("rate"), r#"{"EUR":1.10,"X":null}"#),
        r#"{"id":"EUR","rate":1.10} {"id":"X","rate":null}"#
    );
    assert!(made(entries(), r#"{"EUR":1}"#).unwrap_err().contains("`wrap`"));
}

#[test]
fn a_list_is_exploded() {
    let lines = || Transform::new().explode("lines").unwrap();
    let order = r#"{ "id": 7, "lines": [ {"sku":"a","id":1}, null, {"sku":"b"} ], "by": {"name":"x"} }"#;
    assert_eq!(one(lines(), order), r#"{"by":{"name":"x"},"sku":"a","id":1} {"id":7,"by":{"name":"x"},"sku":"b"}"#);
    let copied = lines().copy("id", "id").unwrap().copy("who", "by.name").unwrap().copy("none", "no").unwrap();
    assert_eq!(
        one(copied, order),
        r#"{"id":7,"who":"x","none":null,"sku":"a"} {"id":7,"who":"x","none":null,"sku":"b"}"#
    );
    assert_eq!(made(lines(), r#"{"id":7,"lines":null}"#).unwrap(), Vec::<String>::new());
    assert_eq!(made(lines(), r#"{"id":7,"lines":[]}"#).unwrap(), Vec::<String>::new());
    assert_eq!(one(lines(), r#"{"lines":{"a":1}}"#), r#"{"a":1}"#);
    assert_eq!(made(lines().optional(), r#"{"id":7}"#).unwrap(), Vec::<String>::new());
    let message = made(lines(), r#"{"id":7,"line":[]}"#).unwrap_err();
    assert!(message.contains("`lines`") && message.contains("`line`"), "{message}");
    let deep = Transform::new().explode("a.b").unwrap().wrap("v");
    assert_eq!(one(deep, r#"{"a":{"b":[1,null],"c":2}}"#), r#"{"a":{"c":2},"v":1} {"a":{"c":2},"v":null}"#);
}

#[test]
fn fields_are_moved_and_named() {
    let lift = Transform::new().lift("attributes").unwrap().lift("links.self").unwrap().lift("none").unwrap();
    assert_eq!(
        one(lift, r#"{"id":1,"attributes":{"a":2,"id":3},"links":{"self":{"u":4}},"none":null}"#),
        r#"{"id":3,"links":{},"none":null,"a":2,"u":4}"#
    );
    let flat = Transform::new().flatten("_");
    assert_eq!(
        one(flat, r#"{"a":{"b":{"c":1e400},"d":[{"e":1}]},"f":{},"a_b_c":2}"#),
        r#"{"a_b_c":2,"a_d":[{"e":1}],"f":{}}"#
    );
    let rename = Transform::new().rename("b", "a").unwrap().rename("who", "by.name").unwrap().rename("x", "y").unwrap();
    assert_eq!(one(rename, r#"{"a":1,"b":2,"by":{"name":"n","id":3}}"#), r#"{"b":1,"by":{"id":3},"who":"n"}"#);
    let keys = Transform::new().replace_in_keys("$", "").keys(KeyCase::Snake);
    assert_eq!(one(keys, r#"{"$someKey":[{"Other Key":1}],"some_key":2,"ok":3}"#), r#"{"some_key":2,"ok":3}"#);
    assert_eq!(one(Transform::new().keys(KeyCase::Lower), r#"{"ID":{"Ab":1}}"#), r#"{"id":{"ab":1}}"#);
}

#[test]
fn empty_values_go() {
    let text = r#"{"a":"","b":{"c":"","d":[]},"e":[{"f":"","g":null}],"h":" "}"#;
    assert_eq!(
        one(Transform::new().empty_strings(Empty::Null), text),
        r#"{"a":null,"b":{"c":null,"d":[]},"e":[{"f":null,"g":null}],"h":" "}"#
    );
    let all =
        Transform::new().empty_strings(Empty::Drop).empty_lists(Empty::Drop).empty_objects(Empty::Drop).drop_nulls();
    assert_eq!(one(all, text), r#"{"e":[{}],"h":" "}"#);
    assert_eq!(one(Transform::new().empty_strings(Empty::Null).drop_nulls(), r#"{"a":"","b":1}"#), r#"{"b":1}"#);
}

#[test]
fn values_are_cast_to_the_last_digit() {
    let cast = |text: &str| one(Transform::new().cast(), text);
    for (given, expected) in [
        (r#"{"id":"007","price":"12.50"}"#, r#"{"id":7,"price":12.50}"#),
        (r#"{"id":12.0,"price":" 1e400 "}"#, r#"{"id":12,"price":1e400}"#),
        (r#"{"id":"1.5","price":"1,5"}"#, r#"{"id":"1.5","price":"1,5"}"#),
        (r#"{"id":9007199254740993,"price":0.1}"#, r#"{"id":9007199254740993,"price":0.1}"#),
        (r#"{"name":12345678901234567890.10}"#, r#"{"name":"12345678901234567890.10"}"#),
        (r#"{"name":{"a":[1, "x"]}}"#, r#"{"name":"{\"a\":[1,\"x\"]}"}"#),
        (r#"{"name":null,"active":"Yes","tags":7}"#, r#"{"name":null,"active":true,"tags":["7"]}"#),
        (r#"{"active":0,"tags":[1,"b"]}"#, r#"{"active":false,"tags":["1","b"]}"#),
        (r#"{"active":"perhaps","tags":null}"#, r#"{"active":"perhaps","tags":null}"#),
        (
            r#"{"at":"2024-01-02 03:04:05","day":"2024-01-02T00:00:00Z"}"#,
            r#"{"at":"2024-01-02T03:04:05Z","day":"2024-01-02"}"#,
        ),
        (
            r#"{"nested":{"id":"1"},"counts":{"a":"2"},"more":"3"}"#,
            r#"{"nested":{"id":1},"counts":{"a":2},"more":"3"}"#,
        ),
        (r#"{"counts":[],"nested":""}"#, r#"{"counts":[],"nested":""}"#),
    ] {
        assert_eq!(cast(given), expected);
    }
}

#[test]
fn dates_are_read_in_their_forms() {
    let dates = || Transform::new().dates("%d.%m.%Y").unwrap().dates("epoch_millis").unwrap();
    assert_eq!(
        one(dates(), r#"{"at":1704164645123,"day":"02.01.2024","id":"1"}"#),
        r#"{"at":"2024-01-02T03:04:05.123Z","day":"2024-01-02","id":"1"}"#
    );
    assert_eq!(one(dates(), r#"{"at":"2024-01-02T03:04:05+01:00"}"#), r#"{"at":"2024-01-02T03:04:05+01:00"}"#);
    assert_eq!(one(dates(), r#"{"at":"soon","day":null}"#), r#"{"at":"soon","day":null}"#);
    assert!(Transform::new().dates("%Q").is_err());
    assert!(Transform::new().explode("a..b").is_err());
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".{0,6}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(".{0,4}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_not_touched_keeps_its_bytes(value in json()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let mut out = Vec::new();
            tree::write(&tree::read(text.as_bytes()), &mut out);
            prop_assert_eq!(String::from_utf8(out).unwrap(), value.to_string());
        }
    }

    #[test]
    fn every_record_becomes_json(value in json()) {
        let all = Transform::new().lift("a").unwrap().flatten("_").rename("x", "a").unwrap().keys(KeyCase::Snake)
            .empty_strings(Empty::Drop).empty_lists(Empty::Null).cast().entries("k").wrap("w");
        if value.is_object() {
            for record in made(all, &value.to_string()).unwrap() {
                prop_assert!(serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&record).is_ok(), "{}", record);
            }
        }
    }
}
