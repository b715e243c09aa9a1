//! What an author says about an OAuth 2.0 token endpoint.

use crate::auth::{Credential, Sent, SignedToken};

/// How the client proves itself at the token endpoint (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientAuth {
    /// `client_id` and `client_secret` in the body.
    #[default]
    Body,
    /// HTTP basic authentication, both parts form-encoded first.
    Basic,
}

/// Which grant is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    RefreshToken,
    ClientCredentials,
    Password,
    Assertion,
}

/// Access tokens from a token endpoint. The grant follows from what is given: a refresh token, a user name and
/// password, an assertion, or else the client's own credentials.
///
/// ```
/// use connector_http::{Auth, auth};
/// let auth: Auth = auth::oauth2()
///     .url("https://login.example.com/oauth/token")
///     .client_id("me")
///     .client_secret("s3cret")
///     .refresh_token("r3fresh")
///     .scopes(["read"])
///     .into();
/// ```
#[derive(Clone)]
pub struct OAuth2 {
    pub(crate) url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<String>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) user: Option<(String, String)>,
    pub(crate) assertion: Option<SignedToken>,
    pub(crate) client_assertion: Option<SignedToken>,
    pub(crate) access_token: Option<String>,
    pub(crate) expires: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) scope_separator: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) names: Names,
    pub(crate) client_auth: ClientAuth,
    pub(crate) json: bool,
    pub(crate) sent: Sent,
    pub(crate) kept: Kept,
}

/// The names of the fields, in the request and in the answer.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) grant_type: String,
    pub(crate) grant_value: Option<String>,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) refresh_token: String,
    pub(crate) access_token_out: String,
    pub(crate) expires_out: String,
    pub(crate) refresh_token_out: String,
}

/// Where in the config what the endpoint hands out is kept, by dotted path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    pub(crate) refresh_token: Option<String>,
    pub(crate) access_token: Option<String>,
    pub(crate) expires: Option<String>,
}

impl Default for OAuth2 {
    fn default() -> Self {
        Self::new()
    }
}

impl OAuth2 {
    /// A declaration without anything.
    #[must_use]
    pub fn new() -> Self {
        Self {
            url: String::new(),
            client_id: String::new(),
            client_secret: None,
            refresh_token: None,
            user: None,
            assertion: None,
            client_assertion: None,
            access_token: None,
            expires: None,
            scopes: Vec::new(),
            scope_separator: " ".to_owned(),
            fields: Vec::new(),
            params: Vec::new(),
            headers: Vec::new(),
            names: Names {
                grant_type: "grant_type".to_owned(),
                grant_value: None,
                client_id: "client_id".to_owned(),
                client_secret: "client_secret".to_owned(),
                refresh_token: "refresh_token".to_owned(),
                access_token_out: "access_token".to_owned(),
                expires_out: "expires_in".to_owned(),
                refresh_token_out: "refresh_token".to_owned(),
            },
            client_auth: ClientAuth::Body,
            json: false,
            sent: Sent::bearer(),
            kept: Kept::default(),
        }
    }

    /// The token endpoint's URL. It may be elsewhere than the API: it gets these credentials and no others.
    #[must_use]
    pub fn url<T: Credential + ?Sized>(mut self, url: &T) -> Self {
        url.expose().clone_into(&mut self.url);
        self
    }

    /// The client's id.
    #[must_use]
    pub fn client_id<T: Credential + ?Sized>(mut self, id: &T) -> Self {
        id.expose().clone_into(&mut self.client_id);
        self
    }

    /// The client's secret.
    #[must_use]
    pub fn client_secret<T: Credential + ?Sized>(mut self, secret: &T) -> Self {
        self.client_secret = Some(secret.expose().to_owned());
        self
    }

    /// The refresh token (RFC 6749, 6).
    #[must_use]
    pub fn refresh_token<T: Credential + ?Sized>(mut self, token: &T) -> Self {
        self.refresh_token = Some(token.expose().to_owned());
        self
    }

    /// A user's name and password (RFC 6749, 4.3).
    #[must_use]
    pub fn password<U: Credential + ?Sized, P: Credential + ?Sized>(mut self, user: &U, password: &P) -> Self {
        self.user = Some((user.expose().to_owned(), password.expose().to_owned()));
        self
    }

    /// A signed assertion (RFC 7523, 2.1).
    #[must_use]
    pub fn assertion(mut self, token: SignedToken) -> Self {
        self.assertion = Some(token);
        self
    }

    /// The client proves itself by a signed assertion (RFC 7523, 2.2) instead of a secret.
    ///
    /// ```
    /// use connector_http::{Algorithm, SignedToken, auth};
    /// let login = auth::oauth2().url("https://login.example.com/oauth/token").client_id("me").client_assertion(
    ///     SignedToken::new(Algorithm::Hs256, "shared").claim("iss", "me").claim("sub", "me").claim("aud", "https://login.example.com"),
    /// );
    /// ```
    #[must_use]
    pub fn client_assertion(mut self, token: SignedToken) -> Self {
        self.client_assertion = Some(token);
        self
    }

    /// An access token that is already there; an empty one counts as none.
    #[must_use]
    pub fn access_token<T: Credential + ?Sized>(mut self, token: &T) -> Self {
        self.access_token = Some(token.expose().to_owned()).filter(|token| !token.is_empty());
        self
    }

    /// When that access token ends: RFC 3339, or seconds since 1970. An empty text counts as none.
    #[must_use]
    pub fn expires<T: Credential + ?Sized>(mut self, moment: &T) -> Self {
        self.expires = Some(moment.expose().to_owned()).filter(|moment| !moment.is_empty());
        self
    }

    /// The scopes to ask for.
    #[must_use]
    pub fn scopes<T: Into<String>>(mut self, scopes: impl IntoIterator<Item = T>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// What stands between scopes, where it is no space.
    #[must_use]
    pub fn scope_separator(mut self, separator: &str) -> Self {
        separator.clone_into(&mut self.scope_separator);
        self
    }

    /// A further field of the request (`audience`).
    #[must_use]
    pub fn field<T: Credential + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.fields.push((name.to_owned(), value.expose().to_owned()));
        self
    }

    /// A query parameter of the request.
    #[must_use]
    pub fn param<T: Credential + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.params.push((name.to_owned(), value.expose().to_owned()));
        self
    }

    /// A further header of the request.
    #[must_use]
    pub fn extra_header<T: Credential + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.headers.push((name.to_owned(), value.expose().to_owned()));
        self
    }

    /// How the client proves itself.
    #[must_use]
    pub fn client_auth(mut self, how: ClientAuth) -> Self {
        self.client_auth = how;
        self
    }

    /// Sends the request as JSON instead of a form.
    #[must_use]
    pub fn json(mut self) -> Self {
        self.json = true;
        self
    }

    /// Another value of `grant_type` than the grant's own.
    #[must_use]
    pub fn grant_type(mut self, value: &str) -> Self {
        self.names.grant_value = Some(value.to_owned());
        self
    }

    /// Own names of the request's fields for client id, client secret and refresh token.
    #[must_use]
    pub fn request_names(mut self, client_id: &str, client_secret: &str, refresh_token: &str) -> Self {
        client_id.clone_into(&mut self.names.client_id);
        client_secret.clone_into(&mut self.names.client_secret);
        refresh_token.clone_into(&mut self.names.refresh_token);
        self
    }

    /// Own places of the access token, its life and the new refresh token in the answer, by dotted path.
    #[must_use]
    pub fn answer_names(mut self, access_token: &str, expires: &str, refresh_token: &str) -> Self {
        access_token.clone_into(&mut self.names.access_token_out);
        expires.clone_into(&mut self.names.expires_out);
        refresh_token.clone_into(&mut self.names.refresh_token_out);
        self
    }

    /// Where the access token goes, where that is not `Authorization: Bearer …`.
    #[must_use]
    pub fn sent(mut self, sent: Sent) -> Self {
        self.sent = sent;
        self
    }

    /// The refresh token can be used once: a new one comes with each answer and is written to this dotted path of the
    /// config (a CONTROL message) before the access token is used.
    #[must_use]
    pub fn keep_refresh_token(mut self, path: &str) -> Self {
        self.kept.refresh_token = Some(path.to_owned());
        self
    }

    /// Writes the access token, and when it ends (RFC 3339), to these dotted paths of the config, too.
    #[must_use]
    pub fn keep_access_token(mut self, token: &str, expires: &str) -> Self {
        self.kept.access_token = Some(token.to_owned());
        self.kept.expires = Some(expires.to_owned());
        self
    }

    pub(crate) fn grant(&self) -> Grant {
        if self.refresh_token.is_some() {
            Grant::RefreshToken
        } else if self.user.is_some() {
            Grant::Password
        } else if self.assertion.is_some() {
            Grant::Assertion
        } else {
            Grant::ClientCredentials
        }
    }
}

impl std::fmt::Debug for OAuth2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuth2").field("grant", &self.grant()).finish_non_exhaustive()
    }
}
