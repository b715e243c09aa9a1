//! The table of a record type, and that it says what serde says.
#![deny(warnings)]
#![allow(clippy::unwrap_used, clippy::panic)]

use connector_http::__private::{Field, Shape};
use connector_http::prelude::*;

#[derive(Record, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    full_name: String,
    #[serde(rename = "E-MAIL", alias = "mail")]
    email: Option<String>,
    #[serde(default)]
    r#type: Kind,
    #[serde(flatten)]
    more: More,
    #[serde(skip)]
    seen: bool,
    #[serde(deserialize_with = "even")]
    even: u8,
    id: Id,
    friends: Vec<Person>,
    payment: Option<Payment>,
    address: Option<std::net::IpAddr>,
}

#[derive(Record, serde::Deserialize, Default)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
enum Kind {
    #[default]
    AtHome,
    #[serde(alias = "office")]
    AtWork,
}

#[derive(Record, serde::Deserialize)]
struct More {
    age: u8,
}

#[derive(Record, serde::Deserialize)]
struct Id(u64);

#[derive(Record, serde::Deserialize)]
enum Payment {
    Card { number: String },
    Cash,
}

#[derive(Record)]
struct Wrapper<T> {
    inner: T,
}

fn even<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<u8, D::Error> {
    let number = <u8 as serde::Deserialize>::deserialize(from)?;
    if number % 2 == 0 { Ok(number) } else { Err(serde::de::Error::custom("it is odd")) }
}

fn fields<T: Record>() -> &'static [Field] {
    connector_http::__private::fields::<T>()
}

fn shape(name: &str) -> Shape {
    *fields::<Person>().iter().find(|field| field.name == name).unwrap().shape
}

#[test]
fn names_are_serdes() {
    let names: Vec<&str> = fields::<Person>().iter().map(|field| field.name).collect();
    assert_eq!(names, ["fullName", "E-MAIL", "type", "more", "even", "id", "friends", "payment", "address"]);
    assert_eq!(fields::<Person>()[1].aliases, ["mail"]);
    assert_eq!(fields::<Wrapper<u8>>()[0].name, "inner");
}

#[test]
fn what_may_be_missing_is_serdes() {
    let required: Vec<bool> = fields::<Person>().iter().map(|field| field.required).collect();
    assert_eq!(required, [true, false, false, false, true, true, true, false, false]);
    assert!(fields::<Person>()[3].flatten);
}

#[test]
fn shapes_follow_the_types() {
    assert!(matches!(shape("type"), Shape::Choice(&["AT-HOME", "AT-WORK", "office"])));
    assert!(matches!(shape("id"), Shape::Int { min: 0, .. }));
    assert!(matches!(shape("friends"), Shape::List(Shape::Struct(_))));
    let Shape::Typed(check) = shape("even") else { panic!("serde's opinion") };
    assert_eq!(check(b"4"), Ok(()));
    assert!(check(b"3").unwrap_err().contains("it is odd"));
    let Shape::Option(Shape::Typed(check)) = shape("payment") else { panic!("serde's opinion of an enum with data") };
    assert_eq!(check(br#"{"Card":{"number":"1"}}"#), Ok(()));
    assert!(check(br#""Cheque""#).is_err());
    let Shape::Typed(check) = shape("address") else { panic!("serde's opinion of a foreign type") };
    assert!(check(br#""no address""#).is_err());
}

#[test]
fn serde_reads_what_the_table_describes() {
    let json = r#"{"fullName":"A","mail":"a@b","age":7,"even":2,"id":1,"friends":[],"payment":"Cash","type":"office"}"#;
    let person: Person = serde_json::from_str(json).unwrap();
    assert_eq!((person.full_name.as_str(), person.email.as_deref(), person.more.age), ("A", Some("a@b"), 7));
    assert!(matches!(person.r#type, Kind::AtWork) && !person.seen && person.even == 2 && person.id.0 == 1);
    assert!(person.friends.is_empty() && person.address.is_none());
    assert!(matches!(person.payment, Some(Payment::Cash)));
    let Payment::Card { number } = serde_json::from_str(r#"{"Card":{"number":"1"}}"#).unwrap() else {
        panic!("a card")
    };
    assert_eq!(number, "1");
}
