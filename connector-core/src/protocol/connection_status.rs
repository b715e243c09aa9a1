//! CONNECTION_STATUS: the answer to `check`.

use serde::{Deserialize, Serialize};

/// Whether the connector can reach its source with this config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConnectionStatus {
    /// Whether it can.
    pub status: Status,
    /// If not: why, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// The source answered.
    Succeeded,
    /// It did not.
    Failed,
}

impl ConnectionStatus {
    /// The source answered.
    #[must_use]
    pub fn succeeded() -> Self {
        Self { status: Status::Succeeded, message: None }
    }

    /// It did not, for this reason.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { status: Status::Failed, message: Some(message.into()) }
    }
}
