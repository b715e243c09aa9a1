//! A value inside a document, with the way to it: so that an error can say where.
//!
//! Values stay text until they are looked at: a state may have a million partitions, and most of a catalog is schemas.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Error, ErrorKind, Result};

/// What the document is called in errors, and which kind they have.
#[derive(Clone, Copy)]
pub(super) struct Document {
    pub(super) name: &'static str,
    pub(super) kind: ErrorKind,
}

/// A value and the way to it (`streams[1].stream.name`; empty for the whole document).
#[derive(Clone)]
pub(super) struct Place<'a> {
    document: Document,
    path: String,
    raw: &'a RawValue,
}

/// The fields of an object, nulls included.
pub(super) struct Fields<'a> {
    document: Document,
    path: String,
    fields: BTreeMap<String, &'a RawValue>,
}

impl Document {
    /// An error about the whole document.
    pub(super) fn error(self, message: impl std::fmt::Display) -> Error {
        Error::new(self.kind, format!("the {} {message}", self.name))
    }
}

impl<'a> Place<'a> {
    pub(super) fn root(document: Document, path: String, raw: &'a RawValue) -> Self {
        Self { document, path, raw }
    }

    pub(super) fn raw(&self) -> &'a RawValue {
        self.raw
    }

    pub(super) fn is_null(&self) -> bool {
        self.raw.get() == "null"
    }

    pub(super) fn is_list(&self) -> bool {
        self.raw.get().starts_with('[')
    }

    pub(super) fn is_object(&self) -> bool {
        self.raw.get().starts_with('{')
    }

    pub(super) fn fields(&self) -> Result<Fields<'a>> {
        Ok(Fields { document: self.document, path: self.path.clone(), fields: self.to("an object")? })
    }

    pub(super) fn items(&self) -> Result<Vec<Place<'a>>> {
        let items: Vec<&'a RawValue> = self.to("a list")?;
        let place = |(index, raw)| Self { document: self.document, path: format!("{}[{index}]", self.path), raw };
        Ok(items.into_iter().enumerate().map(place).collect())
    }

    pub(super) fn text(&self) -> Result<String> {
        self.to("a string")
    }

    pub(super) fn whole(&self) -> Result<i64> {
        self.to("a whole number")
    }

    pub(super) fn flag(&self) -> Result<bool> {
        self.to("true or false")
    }

    /// The value as a type, whose name in words is `expected`.
    pub(super) fn to<T: Deserialize<'a>>(&self, expected: &str) -> Result<T> {
        serde_json::from_str(self.raw.get()).map_err(|_| self.unfit(expected))
    }

    /// An error about this value: what was expected here, and what kind of value was found.
    pub(super) fn unfit(&self, expected: &str) -> Error {
        let found = match self.raw.get().as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "a string",
            Some(b'n') => "null",
            Some(b't' | b'f') => "a boolean",
            _ => "a number",
        };
        if self.path.is_empty() {
            return self.document.error(format_args!("does not fit: expected {expected}, found {found}"));
        }
        self.document.error(format_args!("does not fit: {}: expected {expected}, found {found}", self.path))
    }
}

impl<'a> Fields<'a> {
    /// The field of that name; null counts as missing.
    pub(super) fn get(&self, key: &str) -> Option<Place<'a>> {
        let raw = *self.fields.get(key)?;
        let place = Place { document: self.document, path: self.way_to(key), raw };
        (!place.is_null()).then_some(place)
    }

    /// The field of that name, or an error that says that it is missing.
    pub(super) fn require(&self, key: &str) -> Result<Place<'a>> {
        let missing = || self.document.error(format_args!("does not fit: {}: missing", self.way_to(key)));
        self.get(key).ok_or_else(missing)
    }

    /// The names, those of nulls included.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    fn way_to(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}
