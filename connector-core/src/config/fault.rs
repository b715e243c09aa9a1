//! What is wrong with a config, and how it is told.

use std::fmt;

use serde_json::Value;

use crate::{Error, ErrorKind};

/// Beyond this many faults, only their number is told.
const MOST_TOLD: usize = 20;

/// A field that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The JSON path; empty for the whole config.
    pub(super) path: String,
    /// What is wrong there, in words.
    pub(super) reason: String,
}

/// Something that is not wrong, but most likely not meant: a key that the source does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The JSON path of the key.
    pub path: String,
    /// The key that was probably meant.
    pub nearest: Option<String>,
}

impl Fault {
    pub(super) fn new(path: &str, reason: impl Into<String>) -> Self {
        Self { path: path.to_owned(), reason: reason.into() }
    }

    /// One error out of all faults, in one sentence.
    pub(super) fn error(faults: &[Self]) -> Error {
        let mut told: Vec<String> = faults.iter().take(MOST_TOLD).map(ToString::to_string).collect();
        if faults.len() > MOST_TOLD {
            told.push(format!("and {} more", faults.len() - MOST_TOLD));
        }
        Error::new(ErrorKind::Config, format!("the config does not fit the spec: {}", told.join("; ")))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "{}", self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the config key `{}` is unknown and has no effect", self.path)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

/// A value as an error may show it. Secrets are never handed in here.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// What a value is, for the places where the value itself must not be shown.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
