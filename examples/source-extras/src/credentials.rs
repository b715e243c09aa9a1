//! Which credentials a config asks for.

use connector_http::prelude::*;

use crate::Extras;

/// How the API knows who asks.
#[config]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuthType {
    /// A token in the `Authorization` header.
    Bearer,
    /// User and password.
    Basic,
    /// A key in the header `X-API-Key`.
    ApiKey,
    /// A key in the parameter `api_key`.
    ApiKeyQuery,
    /// OAuth2, for an application.
    ClientCredentials,
    /// OAuth2 with a refresh token that can be used once.
    Rotating,
}

/// OAuth2 with a refresh token that can be used once. The connector writes each new one back, in a CONTROL message.
#[config]
pub(crate) struct Credentials {
    /// The id of your application.
    client_id: String,
    /// The secret of your application.
    client_secret: Secret,
    /// What the user's consent gave you, or what the last sync put here.
    refresh_token: Secret,
    /// The access token of the last sync.
    access_token: Secret,
    /// When that access token ends.
    token_expiry_date: String,
}

impl Extras {
    pub(crate) fn authenticator(&self) -> Result<Auth> {
        Ok(match self.auth_type {
            AuthType::Bearer => auth::bearer(due(&self.api_token, "api_token")?),
            AuthType::Basic => auth::basic(due(&self.username, "username")?, due(&self.password, "password")?),
            AuthType::ApiKey => auth::header("X-API-Key", due(&self.api_key, "api_key")?),
            AuthType::ApiKeyQuery => auth::query("api_key", due(&self.api_key, "api_key")?),
            AuthType::ClientCredentials => auth::oauth2()
                .url(due(&self.token_url, "token_url")?)
                .client_id(due(&self.client_id, "client_id")?)
                .client_secret(due(&self.client_secret, "client_secret")?)
                .into(),
            AuthType::Rotating => {
                let credentials = due(&self.credentials, "credentials")?;
                auth::oauth2()
                    .url(due(&self.token_url, "token_url")?)
                    .client_id(&credentials.client_id)
                    .client_secret(&credentials.client_secret)
                    .refresh_token(&credentials.refresh_token)
                    .access_token(&credentials.access_token)
                    .expires(&credentials.token_expiry_date)
                    .keep_refresh_token("credentials.refresh_token")
                    .keep_access_token("credentials.access_token", "credentials.token_expiry_date")
                    .into()
            }
        })
    }
}

/// A field that the chosen kind of credentials needs.
fn due<'a, T>(value: &'a Option<T>, name: &str) -> Result<&'a T> {
    let missing = || Error::new(ErrorKind::Config, format!("this `auth_type` needs `{name}`; fill it in"));
    value.as_ref().ok_or_else(missing)
}
