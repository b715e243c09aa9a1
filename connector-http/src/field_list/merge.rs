//! Puts the answers together that have different fields of the same records.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use connector_core::stream::FieldPath;
use connector_core::{Error, ErrorKind, Result};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Objects that are put together within each other; what is deeper is taken as the first answer has it.
const DEEPEST: usize = 64;

/// A body with the fields of two.
#[derive(Debug)]
pub(crate) struct Merged {
    pub(crate) body: Vec<u8>,
    /// Records that only one of them has: they were written or deleted between the requests, or have no key.
    pub(crate) alone: usize,
}

/// The first body, its records with what the next has of them besides. `way`: the names that lead to the records.
///
/// Values keep their bytes; everything but the records is the first's.
///
/// # Errors
/// A body that is no JSON.
pub(crate) fn merge(first: &[u8], next: &[u8], way: &[&str], key: &[FieldPath]) -> Result<Merged> {
    let mut merged = Merged { body: Vec::with_capacity(first.len() + next.len()), alone: 0 };
    merged.at(way, key, raw(first)?, raw(next)?)?;
    Ok(merged)
}

fn raw(body: &[u8]) -> Result<&RawValue> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).map_err(|error| fault(&error))
}

fn fault(error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Response, format!("the body is not JSON: {error}"))
}

impl Merged {
    fn at(&mut self, way: &[&str], key: &[FieldPath], first: &RawValue, next: &RawValue) -> Result<()> {
        let Some((step, rest)) = way.split_first() else { return self.records(key, first, next) };
        let (Some(own), Some(others)) = (object(first), object(next)) else {
            // Whoever looks for the records tells what is wrong.
            self.push(first);
            return Ok(());
        };
        let other = others.get(step);
        self.fields(&own, |merged, name, value| match other.filter(|_| name == *step) {
            Some(other) => merged.at(rest, key, value, other),
            None => {
                merged.push(value);
                Ok(())
            }
        })
    }

    /// A list of records, or one record.
    fn records(&mut self, key: &[FieldPath], first: &RawValue, next: &RawValue) -> Result<()> {
        let list = |value: &RawValue| value.get().starts_with('[');
        if !list(first) || !list(next) {
            return self.objects(first, next, 0);
        }
        let own: Vec<&RawValue> = serde_json::from_str(first.get()).map_err(|error| fault(&error))?;
        let others: Vec<&RawValue> = serde_json::from_str(next.get()).map_err(|error| fault(&error))?;
        let mut by_key: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (at, other) in others.iter().enumerate() {
            if let Some(key) = key_of(other, key) {
                by_key.entry(key).or_default().push_back(at);
            }
        }
        let mut left: Vec<Option<&RawValue>> = others.into_iter().map(Some).collect();
        self.body.push(b'[');
        let mut more = false;
        for record in own {
            self.comma(&mut more);
            let partner = key_of(record, key).and_then(|key| by_key.get_mut(&key)?.pop_front());
            match partner.and_then(|at| left.get_mut(at)?.take()) {
                Some(other) => self.objects(record, other, 0)?,
                None => {
                    self.alone += 1;
                    self.push(record);
                }
            }
        }
        // What the first does not have is kept all the same.
        for record in left.into_iter().flatten() {
            self.alone += 1;
            self.comma(&mut more);
            self.push(record);
        }
        self.body.push(b']');
        Ok(())
    }

    /// The fields of both; where both have one, it is the first's, but for objects, of which the fields are put together, too.
    fn objects(&mut self, first: &RawValue, next: &RawValue, depth: usize) -> Result<()> {
        let (Some(own), Some(others)) = (object(first).filter(|_| depth < DEEPEST), object(next)) else {
            self.push(first);
            return Ok(());
        };
        let lacks = |name: &str| own.get(name).is_none();
        self.body.push(b'{');
        let mut more = false;
        for (name, value) in &own.0 {
            self.name(name, &mut more)?;
            match others.get(name) {
                Some(other) => self.objects(value, other, depth + 1)?,
                None => self.push(value),
            }
        }
        for (name, value) in others.0.iter().filter(|(name, _)| lacks(name)) {
            self.name(name, &mut more)?;
            self.push(value);
        }
        self.body.push(b'}');
        Ok(())
    }

    fn fields(
        &mut self,
        object: &Object<'_>,
        mut write: impl FnMut(&mut Self, &str, &RawValue) -> Result<()>,
    ) -> Result<()> {
        self.body.push(b'{');
        let mut more = false;
        for (name, value) in &object.0 {
            self.name(name, &mut more)?;
            write(self, name, value)?;
        }
        self.body.push(b'}');
        Ok(())
    }

    fn name(&mut self, name: &str, more: &mut bool) -> Result<()> {
        self.comma(more);
        serde_json::to_writer(&mut self.body, name).map_err(|error| fault(&error))?;
        self.body.push(b':');
        Ok(())
    }

    fn comma(&mut self, more: &mut bool) {
        if std::mem::replace(more, true) {
            self.body.push(b',');
        }
    }

    fn push(&mut self, value: &RawValue) {
        self.body.extend_from_slice(value.get().as_bytes());
    }
}

/// The fields of an object, in their order.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// Of a name that is given twice, the last.
    fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

/// Nothing if it is none.
fn object(value: &RawValue) -> Option<Object<'_>> {
    serde_json::from_str(value.get()).ok()
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    fields.push((Cow::Owned(name), map.next_value()?));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// What tells a record from others, as its text; nothing if it lacks a part of it.
fn key_of(record: &RawValue, key: &[FieldPath]) -> Option<String> {
    let mut text = String::new();
    for path in key {
        let mut value = record;
        for step in *path {
            value = object(value)?.get(step)?;
        }
        if value.get() == "null" {
            return None;
        }
        text.push_str(value.get());
        text.push('\n');
    }
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::merge;
    use connector_core::stream::FieldPath;

    const ID: &[FieldPath] = &[&["id"]];

    fn merged(first: &str, next: &str, way: &[&str], key: &[FieldPath]) -> (String, usize) {
        let merged = merge(first.as_bytes(), next.as_bytes(), way, key).unwrap();
        (String::from_utf8(merged.body).unwrap(), merged.alone)
    }

    #[test]
    fn records_are_put_together_by_their_key() {
        let first = r#"{"total": 2, "rows": [{"id":1,"a":1.50}, {"id":2,"a":null}]}"#;
        let next = r#"{"total": 9, "rows": [{"b":"\u00e9","id":2}, {"id":1, "b":1e400}]}"#;
        let text = r#"{"total":2,"rows":[{"id":1,"a":1.50,"b":1e400},{"id":2,"a":null,"b":"\u00e9"}]}"#;
        assert_eq!(merged(first, next, &["rows"], ID), (text.to_owned(), 0));
    }

    #[test]
    fn objects_within_a_record_are_put_together() {
        let first = r#"[{"id":1,"properties":{"a":1,"x":[1]},"s":{"t":1}}]"#;
        let next = r#"[{"id":1,"properties":{"b":2,"x":[2]},"s":2}]"#;
        let text = r#"[{"id":1,"properties":{"a":1,"x":[1],"b":2},"s":{"t":1}}]"#;
        assert_eq!(merged(first, next, &[], ID), (text.to_owned(), 0));
        let key: &[FieldPath] = &[&["at", "day"], &["of"]];
        let first = r#"[{"at":{"day":"d"},"of":"x","a":1},{"at":{"day":"d"},"of":"y"}]"#;
        let next = r#"[{"at":{"day":"d"},"of":"y","b":2},{"at":{"day":"d"},"of":"x","b":1}]"#;
        let text = r#"[{"at":{"day":"d"},"of":"x","a":1,"b":1},{"at":{"day":"d"},"of":"y","b":2}]"#;
        assert_eq!(merged(first, next, &[], key), (text.to_owned(), 0));
    }

    #[test]
    fn a_record_that_one_answer_lacks_is_kept_and_counted() {
        let first = r#"[{"id":1,"a":1},{"id":2,"a":2},{"a":3},7]"#;
        let next = r#"[{"id":3,"b":3},{"id":1,"b":1},{"b":4}]"#;
        let (text, alone) = merged(first, next, &[], ID);
        assert_eq!(text, r#"[{"id":1,"a":1,"b":1},{"id":2,"a":2},{"a":3},7,{"id":3,"b":3},{"b":4}]"#);
        assert_eq!(alone, 5);
        // A key that comes twice in both is two records.
        let (text, alone) = merged(r#"[{"id":1},{"id":1}]"#, r#"[{"id":1,"b":1},{"id":1,"b":2}]"#, &[], ID);
        assert_eq!((text.as_str(), alone), (r#"[{"id":1,"b":1},{"id":1,"b":2}]"#, 0));
    }

    #[test]
    fn what_has_no_records_is_left_to_whoever_looks_for_them() {
        assert_eq!(merged(r#"{"error":1}"#, r#"{"rows":[]}"#, &["rows"], ID).0, r#"{"error":1}"#);
        assert_eq!(merged(r#"{"rows":null}"#, r#"{"rows":[]}"#, &["rows"], ID).0, r#"{"rows":null}"#);
        assert_eq!(merged(r#"{"id":1}"#, r#"{"b":1}"#, &[], ID).0, r#"{"id":1,"b":1}"#);
        assert!(merge(b"[", b"[]", &[], ID).is_err() && merge(b"[]", b"<html>", &[], ID).is_err());
        let deep = |n: usize| format!("{}1{}", r#"{"a":"#.repeat(n), "}".repeat(n));
        let (text, _) = merged(&deep(100), &deep(100), &[], ID);
        assert_eq!(text, deep(100));
    }
}
