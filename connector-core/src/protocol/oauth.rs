//! `advanced_auth` of SPEC: how a platform logs the user in. The names are the protocol's.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient;

/// A login flow that a platform can run in place of asking the user for tokens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AdvancedAuth {
    /// The kind of flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_flow_type: Option<AuthFlowType>,
    /// The way to the config field that has to be there for the flow to apply.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub predicate_key: Vec<String>,
    /// The value that this field has to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate_value: Option<String>,
    /// What goes into the flow and what comes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oauth_config_specification: Option<OAuthConfigSpecification>,
}

/// The kind of a login flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuthFlowType {
    /// OAuth 2.0.
    #[serde(rename = "oauth2.0")]
    OAuth20,
    /// OAuth 1.0.
    #[serde(rename = "oauth1.0")]
    OAuth10,
}

/// What goes into a login flow and what comes out: JSON schemas with `path_in_connector_config` and
/// `path_in_oauth_response` on their properties.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OAuthConfigSpecification {
    /// Config values that the flow needs (the name of a shop in the address, say).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oauth_user_input_from_connector_config_specification: Option<Value>,
    /// The declared flow: addresses, scopes, names of parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oauth_connector_input_specification: Option<OAuthConnectorInput>,
    /// What the flow yields, and where in the config it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete_oauth_output_specification: Option<Value>,
    /// What the platform's administrator has to give (client id and secret).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete_oauth_server_input_specification: Option<Value>,
    /// Which of that goes into the config, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete_oauth_server_output_specification: Option<Value>,
}

/// The declared flow. Addresses are the platform's templates (`{{ client_id_key }}={{ client_id_value }}`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OAuthConnectorInput {
    /// Where the user agrees.
    pub consent_url: String,
    /// The scopes to ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Where the code is changed for tokens.
    pub access_token_url: String,
    /// Headers of that request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_headers: Option<Map<String, Value>>,
    /// Its parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_params: Option<Map<String, Value>>,
    /// The keys of the answer to keep.
    #[serde(default, deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub extract_output: Vec<String>,
    /// How the `state` parameter is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<OAuthState>,
    /// The API's name for `client_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id_key: Option<String>,
    /// The API's name for `client_secret`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_key: Option<String>,
    /// The API's name for `scope`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_key: Option<String>,
    /// The API's name for `state`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_key: Option<String>,
    /// The API's name for `code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_code_key: Option<String>,
    /// The API's name for `redirect_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri_key: Option<String>,
    /// The API's name for `expires_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_expiry_key: Option<String>,
}

/// The length of the `state` parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthState {
    /// At least so many characters.
    pub min: u32,
    /// At most so many.
    pub max: u32,
}
