//! TRACE ANALYTICS: how the connector is used.

use serde::{Deserialize, Serialize};

/// An event of use that the platform counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AnalyticsTrace {
    /// The event: a constant word that no other connector uses for something else.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its value, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl AnalyticsTrace {
    /// An event, with its value where it has one.
    pub fn new(kind: &'static str, value: Option<String>) -> Self {
        Self { kind: kind.to_owned(), value }
    }
}
