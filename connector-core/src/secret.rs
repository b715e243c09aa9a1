//! A secret of the config: used, never shown.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::{Zeroize, Zeroizing};

/// A token, password or key.
///
/// It has no `Display` and no `Serialize`, its `Debug` form does not show it, and its memory is wiped when it is dropped.
/// In the spec it becomes a string with `airbyte_secret`.
///
/// ```
/// use connector_core::Secret;
/// let token: Secret = serde_json::from_str("\"hunter2\"")?;
/// assert_eq!(format!("{token:?}"), "Secret(***)");
/// assert_eq!(token.expose(), "hunter2");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// What would show it does not compile:
///
/// ```compile_fail,E0277
/// let token = connector_core::Secret::from("hunter2".to_owned());
/// format!("{token}");
/// ```
///
/// ```compile_fail,E0277
/// let token = connector_core::Secret::from("hunter2".to_owned());
/// serde_json::to_string(&token);
/// ```
///
/// Nor does a comparison, which would take a time that tells how much of it was right:
///
/// ```compile_fail,E0369
/// let token = connector_core::Secret::from("hunter2".to_owned());
/// token == connector_core::Secret::from("hunter3".to_owned());
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<Box<str>>);

impl Secret {
    /// The secret itself, to be sent. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it has no characters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(mut text: String) -> Self {
        // Copied, then wiped: shrinking the string in place could leave its old memory behind.
        let secret = Self(Zeroizing::new(Box::from(text.as_str())));
        text.zeroize();
        secret
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(Box::from(text)))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a secret (a string)")
            }

            fn visit_str<E>(self, text: &str) -> Result<Secret, E> {
                Ok(text.into())
            }

            fn visit_string<E>(self, text: String) -> Result<Secret, E> {
                Ok(text.into())
            }
        }
        deserializer.deserialize_string(Visitor)
    }
}

impl schemars::JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "airbyte_secret": true })
    }
}
