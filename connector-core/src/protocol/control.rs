//! CONTROL: a config that changed during the sync, for the platform to keep.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lenient;

/// A changed config: the one message that contains secrets in clear, because the platform has to store them.
/// Its `Debug` form does not show them.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
#[non_exhaustive]
pub struct ControlMessage {
    /// When it left: milliseconds since 1970.
    pub emitted_at: i64,
    /// The whole config, valid against the spec.
    pub config: Value,
}

impl ControlMessage {
    /// A changed config; `emitted_at` in milliseconds since 1970.
    #[must_use]
    pub fn connector_config(config: Value, emitted_at: i64) -> Self {
        Self { emitted_at, config }
    }
}

impl fmt::Debug for ControlMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ControlMessage").field("emitted_at", &self.emitted_at).field("config", &"***").finish()
    }
}

#[derive(Clone, Serialize, Deserialize)]
enum ControlType {
    #[serde(rename = "CONNECTOR_CONFIG")]
    ConnectorConfig,
}

#[derive(Clone, Serialize, Deserialize)]
struct Wire {
    r#type: ControlType,
    #[serde(deserialize_with = "lenient::whole")]
    emitted_at: i64,
    #[serde(rename = "connectorConfig")]
    connector_config: ConnectorConfig,
}

#[derive(Clone, Serialize, Deserialize)]
struct ConnectorConfig {
    config: Value,
}

impl From<Wire> for ControlMessage {
    fn from(wire: Wire) -> Self {
        Self { emitted_at: wire.emitted_at, config: wire.connector_config.config }
    }
}

impl From<ControlMessage> for Wire {
    fn from(message: ControlMessage) -> Self {
        Self {
            r#type: ControlType::ConnectorConfig,
            emitted_at: message.emitted_at,
            connector_config: ConnectorConfig { config: message.config },
        }
    }
}
