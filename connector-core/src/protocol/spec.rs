//! SPEC: what config the connector wants.

use serde::{Deserialize, Serialize};

use super::oauth::AdvancedAuth;
use super::{DestinationSyncMode, lenient};
use crate::schema::Schema;

/// The version of the protocol that this module speaks.
pub const PROTOCOL_VERSION: &str = "0.3.2";

/// What config the connector wants, and what it can do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Spec {
    /// Where the connector is documented.
    #[serde(rename = "documentationUrl", default, skip_serializing_if = "Option::is_none")]
    pub documentation_url: Option<String>,
    /// Where its changes are listed.
    #[serde(rename = "changelogUrl", default, skip_serializing_if = "Option::is_none")]
    pub changelog_url: Option<String>,
    /// The schema of its config, as [`crate::schema::of_config`] makes it.
    #[serde(rename = "connectionSpecification")]
    pub connection_specification: Schema,
    /// Whether any stream can be read incrementally (deprecated in the protocol, still read by some).
    #[serde(rename = "supportsIncremental", default, skip_serializing_if = "Option::is_none")]
    pub supports_incremental: Option<bool>,
    /// A destination's modes; a source leaves them empty.
    #[serde(default, deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub supported_destination_sync_modes: Vec<DestinationSyncMode>,
    /// How a platform can log the user in instead of asking for tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advanced_auth: Option<Box<AdvancedAuth>>,
    /// The version of the protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol_version: Option<String>,
}

impl Spec {
    /// A spec with a schema for the config, for the protocol version of this module.
    #[must_use]
    pub fn new(connection_specification: Schema) -> Self {
        Self {
            documentation_url: None,
            changelog_url: None,
            connection_specification,
            supports_incremental: None,
            supported_destination_sync_modes: Vec::new(),
            advanced_auth: None,
            protocol_version: Some(PROTOCOL_VERSION.to_owned()),
        }
    }

    /// The same, with the address of the documentation.
    #[must_use]
    pub fn documentation_url(mut self, url: Option<&str>) -> Self {
        self.documentation_url = url.map(str::to_owned);
        self
    }

    /// The same, saying whether any stream can be read incrementally.
    #[must_use]
    pub fn supports_incremental(mut self, supported: bool) -> Self {
        self.supports_incremental = Some(supported);
        self
    }

    /// The same, with a login flow.
    #[must_use]
    pub fn advanced_auth(mut self, auth: Option<AdvancedAuth>) -> Self {
        self.advanced_auth = auth.map(Box::new);
        self
    }
}
