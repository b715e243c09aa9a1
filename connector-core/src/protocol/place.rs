//! A value inside a document, with the way to it: so that an error can say where.

use serde_json::{Map, Value};

use crate::config::kind_of;
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
    value: &'a Value,
}

impl Document {
    /// An error about the whole document.
    pub(super) fn error(self, message: impl std::fmt::Display) -> Error {
        Error::new(self.kind, format!("the {} {message}", self.name))
    }
}

impl<'a> Place<'a> {
    pub(super) fn root(document: Document, path: String, value: &'a Value) -> Self {
        Self { document, path, value }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// The field of that name; null counts as missing.
    pub(super) fn get(&self, key: &str) -> Option<Place<'a>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Some(Self { document: self.document, path, value })
    }

    /// The field of that name, or an error that says that it is missing.
    pub(super) fn require(&self, key: &str) -> Result<Place<'a>> {
        self.get(key).ok_or_else(|| {
            let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
            self.document.error(format_args!("does not fit: {path}: missing"))
        })
    }

    pub(super) fn object(&self) -> Result<&'a Map<String, Value>> {
        self.value.as_object().ok_or_else(|| self.unfit("an object"))
    }

    pub(super) fn items(&self) -> Result<Vec<Place<'a>>> {
        let items = self.value.as_array().ok_or_else(|| self.unfit("a list"))?;
        let place = |(index, value)| Self { document: self.document, path: format!("{}[{index}]", self.path), value };
        Ok(items.iter().enumerate().map(place).collect())
    }

    pub(super) fn text(&self) -> Result<&'a str> {
        self.value.as_str().ok_or_else(|| self.unfit("a string"))
    }

    pub(super) fn whole(&self) -> Result<i64> {
        self.value.as_i64().ok_or_else(|| self.unfit("a whole number"))
    }

    pub(super) fn flag(&self) -> Result<bool> {
        self.value.as_bool().ok_or_else(|| self.unfit("true or false"))
    }

    /// An error about this value: what was expected here, and what kind of value was found.
    pub(super) fn unfit(&self, expected: &str) -> Error {
        let found = kind_of(self.value);
        if self.path.is_empty() {
            return self.document.error(format_args!("does not fit: expected {expected}, found {found}"));
        }
        self.document.error(format_args!("does not fit: {}: expected {expected}, found {found}", self.path))
    }
}
