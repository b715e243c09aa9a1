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

/// The query of a consent URL that names none, as the platform fills it in.
const CONSENT_QUERY: &str = "response_type=code&{{ client_id_key }}={{ client_id_value }}\
    &{{ redirect_uri_key }}={{ {{redirect_uri_value}} | urlEncoder }}&{{ scope_key }}={{ {{scope_value}} | urlEncoder }}\
    &{{ state_key }}={{ state_value }}";

/// The parameters of a token request that names none.
const TOKEN_PARAMS: [(&str, &str); 5] = [
    ("grant_type", "authorization_code"),
    ("{{ client_id_key }}", "{{ client_id_value }}"),
    ("{{ client_secret_key }}", "{{ client_secret_value }}"),
    ("{{ auth_code_key }}", "{{ auth_code_value }}"),
    ("{{ redirect_uri_key }}", "{{ redirect_uri_value }}"),
];

impl AdvancedAuth {
    /// The login flow of OAuth 2.0 with a consent of the user (RFC 6749, 4.1): where the user agrees, and where the code is changed
    /// for tokens. A consent URL without a template of the platform's (`{{ client_id_value }}`) gets the usual query; a token URL without
    /// one, the usual parameters.
    ///
    /// ```
    /// use connector_core::protocol::AdvancedAuth;
    /// let flow = AdvancedAuth::oauth2("https://login.example.com/authorize", "https://login.example.com/token")
    ///     .scope("read")
    ///     .client("credentials.client_id", "credentials.client_secret")
    ///     .output("refresh_token", "credentials.refresh_token");
    /// let json = serde_json::to_value(&flow)?;
    /// let output = json.pointer("/oauth_config_specification/complete_oauth_output_specification/properties/refresh_token").unwrap();
    /// assert_eq!(output["path_in_connector_config"], serde_json::json!(["credentials", "refresh_token"]));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn oauth2(consent_url: &str, access_token_url: &str) -> Self {
        let templated = |url: &str| url.contains("{{");
        let consent_url = match consent_url {
            url if templated(url) => url.to_owned(),
            url => format!("{url}{}{CONSENT_QUERY}", if url.contains('?') { '&' } else { '?' }),
        };
        let params = TOKEN_PARAMS.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
        Self {
            auth_flow_type: Some(AuthFlowType::OAuth20),
            oauth_config_specification: Some(OAuthConfigSpecification {
                oauth_connector_input_specification: Some(OAuthConnectorInput {
                    consent_url,
                    access_token_url: access_token_url.to_owned(),
                    access_token_params: (!templated(access_token_url)).then(|| params.collect()),
                    ..OAuthConnectorInput::default()
                }),
                ..OAuthConfigSpecification::default()
            }),
            ..Self::default()
        }
        .client("client_id", "client_secret")
    }

    /// The scopes to ask for, as the API takes them.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        self.connector_input().scope = Some(scope.to_owned());
        self
    }

    /// Where in the config the client's id and secret go, by dotted path; `client_id` and `client_secret` unless said.
    #[must_use]
    pub fn client(mut self, id: &str, secret: &str) -> Self {
        let specification = self.specification();
        let (mut input, mut output) = (Map::new(), Map::new());
        for (name, path) in [("client_id", id), ("client_secret", secret)] {
            input.insert(name.to_owned(), serde_json::json!({ "type": "string" }));
            output.insert(name.to_owned(), property(path));
        }
        specification.complete_oauth_server_input_specification = Some(object(input));
        specification.complete_oauth_server_output_specification = Some(object(output));
        self
    }

    /// What the flow yields: a value of the token endpoint's answer, and where in the config it goes, both by dotted path.
    #[must_use]
    pub fn output(mut self, answer: &str, config: &str) -> Self {
        let words: Vec<&str> = answer.split('.').collect();
        let name = words.last().copied().unwrap_or(answer);
        if let Some(first) = words.first() {
            let extracted = &mut self.connector_input().extract_output;
            if !extracted.iter().any(|known| known == first) {
                extracted.push((*first).to_owned());
            }
        }
        let mut value = property(config);
        value["path_in_oauth_response"] = words.into();
        add(&mut self.specification().complete_oauth_output_specification, name, value);
        self
    }

    /// A value of the config that the flow's addresses need (`{{ subdomain }}`), and its dotted path there.
    #[must_use]
    pub fn input(mut self, name: &str, config: &str) -> Self {
        let specification = self.specification();
        add(&mut specification.oauth_user_input_from_connector_config_specification, name, property(config));
        self
    }

    /// A header of the token request.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let headers = self.connector_input().access_token_headers.get_or_insert_default();
        headers.insert(name.to_owned(), value.into());
        self
    }

    /// A parameter of the token request, instead of the usual ones.
    #[must_use]
    pub fn param(mut self, name: &str, value: &str) -> Self {
        let params = self.connector_input().access_token_params.get_or_insert_default();
        if params.get("grant_type").is_some_and(|grant| grant == "authorization_code")
            && params.len() == TOKEN_PARAMS.len()
        {
            params.clear();
        }
        params.insert(name.to_owned(), value.into());
        self
    }

    /// The API's own name for one of `client_id`, `client_secret`, `scope`, `state`, `auth_code`, `redirect_uri`, `token_expiry`; other words
    /// have no effect.
    #[must_use]
    pub fn key(mut self, of: &str, name: &str) -> Self {
        let input = self.connector_input();
        let key = match of {
            "client_id" => &mut input.client_id_key,
            "client_secret" => &mut input.client_secret_key,
            "scope" => &mut input.scope_key,
            "state" => &mut input.state_key,
            "auth_code" => &mut input.auth_code_key,
            "redirect_uri" => &mut input.redirect_uri_key,
            "token_expiry" => &mut input.token_expiry_key,
            _ => return self,
        };
        *key = Some(name.to_owned());
        self
    }

    /// How many characters the `state` parameter may have.
    #[must_use]
    pub fn state(mut self, min: u32, max: u32) -> Self {
        self.connector_input().state = Some(OAuthState { min, max });
        self
    }

    /// Only if the config has this value at this dotted path: the flow belongs to one of several ways to log in.
    #[must_use]
    pub fn predicate(mut self, path: &str, value: &str) -> Self {
        self.predicate_key = path.split('.').map(str::to_owned).collect();
        self.predicate_value = Some(value.to_owned());
        self
    }

    fn specification(&mut self) -> &mut OAuthConfigSpecification {
        self.oauth_config_specification.get_or_insert_default()
    }

    fn connector_input(&mut self) -> &mut OAuthConnectorInput {
        self.specification().oauth_connector_input_specification.get_or_insert_default()
    }
}

/// A string of the config at a dotted path.
fn property(path: &str) -> Value {
    let path: Vec<&str> = path.split('.').collect();
    serde_json::json!({ "type": "string", "path_in_connector_config": path })
}

fn object(properties: Map<String, Value>) -> Value {
    serde_json::json!({ "type": "object", "properties": properties })
}

fn add(to: &mut Option<Value>, name: &str, property: Value) {
    let schema = to.get_or_insert_with(|| object(Map::new()));
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert(name.to_owned(), property);
    }
}
