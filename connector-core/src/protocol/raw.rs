//! JSON text that passes through as it is.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::{Error, ErrorKind, Result};

/// One JSON value as text: record data and state blobs, which the framework carries without changing them.
///
/// Two are equal if their texts are. The text never has a line break, so that a message that holds it stays one line.
///
/// ```
/// use connector_core::protocol::RawJson;
/// let raw = RawJson::parse("{\"total\": 1.10,\n \"n\": 18446744073709551616}")?;
/// assert_eq!(raw.get(), "{\"total\": 1.10, \"n\": 18446744073709551616}");
/// # Ok::<(), connector_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// Takes a text that holds one JSON value.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] if it does not: only the framework and connector code make such texts.
    pub fn parse(text: impl Into<String>) -> Result<Self> {
        RawValue::from_string(text.into()).map(Self::one_line).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("a message was built from a text that is not JSON: {error}"))
        })
    }

    /// The text.
    #[must_use]
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// The value, parsed into a type: `serde_json::Value`, or one of your own.
    ///
    /// # Errors
    /// What serde says if the value does not fit the type.
    pub fn to<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.get())
    }

    /// A raw line break can only stand between tokens: JSON strings escape theirs.
    pub(super) fn one_line(raw: Box<RawValue>) -> Self {
        if !raw.get().contains(['\n', '\r']) {
            return Self(raw);
        }
        let text = raw.get().replace(['\n', '\r'], "");
        // Still valid: only white space between tokens went, and no token can have ended by a line break alone,
        // since two tokens that would merge (numbers, words) always have punctuation between them.
        RawValue::from_string(text).map_or(Self(raw), Self)
    }
}

impl From<Value> for RawJson {
    fn from(value: Value) -> Self {
        // `Value` always prints as valid JSON; `null` stands in for what cannot happen.
        Self(RawValue::from_string(value.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get())
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for RawJson {}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self::one_line)
    }
}
