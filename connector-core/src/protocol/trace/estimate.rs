//! TRACE ESTIMATE: how much is to be expected.

use serde::{Deserialize, Serialize};

use super::super::StreamName;

/// A guess at how much a stream, or the whole sync, will yield.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EstimateTrace {
    /// The stream's name.
    pub name: String,
    /// What the guess is about. A sync never gives both kinds.
    #[serde(rename = "type")]
    pub kind: EstimateKind,
    /// The stream's namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_estimate: Option<u64>,
    /// Bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte_estimate: Option<u64>,
}

/// What an estimate is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EstimateKind {
    /// One stream.
    Stream,
    /// The whole sync.
    Sync,
}

impl EstimateTrace {
    /// How much a stream will yield, as far as known.
    #[must_use]
    pub fn stream(stream: &StreamName, rows: Option<u64>, bytes: Option<u64>) -> Self {
        Self {
            name: stream.name.clone(),
            kind: EstimateKind::Stream,
            namespace: stream.namespace.clone(),
            row_estimate: rows,
            byte_estimate: bytes,
        }
    }
}
