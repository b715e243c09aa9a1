//! Session tokens: a login request whose answer holds a token that further requests carry.

use std::sync::Arc;
use std::time::Duration;

use connector_core::{Error, ErrorKind, Result};

use super::token::Obtained;
use super::{Credential, base64};
use crate::client::{Client, show};
use crate::http::Method;
use crate::request::{Draft, Params, parse_url};

/// A login request, and where its token is and goes.
///
/// ```
/// use connector_http::{Auth, SessionLogin};
/// let login: Auth = SessionLogin::post("https://api.example.com/login")
///     .field("user", "me")
///     .field("password", "s3cret")
///     .token("session.id")
///     .header("X-Session", "")
///     .into();
/// ```
#[derive(Clone)]
pub struct SessionLogin {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) fields: Params,
    pub(crate) basic: Option<(String, String)>,
    pub(crate) json: bool,
    pub(crate) token: String,
    pub(crate) life: Option<Duration>,
    pub(crate) header: String,
    pub(crate) prefix: String,
}

impl SessionLogin {
    /// A login by POST, its fields as JSON. It may be elsewhere than the API: it gets these credentials and no others.
    #[must_use]
    pub fn post(url: &str) -> Self {
        Self {
            method: Method::POST,
            url: url.to_owned(),
            fields: Params::new(),
            basic: None,
            json: true,
            token: "token".to_owned(),
            life: None,
            header: "Authorization".to_owned(),
            prefix: "Bearer ".to_owned(),
        }
    }

    /// A field of the login request.
    #[must_use]
    pub fn field<T: Credential + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.fields.push(name, value.expose());
        self
    }

    /// Basic authentication of the login request.
    #[must_use]
    pub fn basic<U: Credential + ?Sized, P: Credential + ?Sized>(mut self, user: &U, password: &P) -> Self {
        self.basic = Some((user.expose().to_owned(), password.expose().to_owned()));
        self
    }

    /// Sends the fields as a form instead of JSON.
    #[must_use]
    pub fn form(mut self) -> Self {
        self.json = false;
        self
    }

    /// Where the token is in the answer, by dotted path.
    #[must_use]
    pub fn token(mut self, path: &str) -> Self {
        path.clone_into(&mut self.token);
        self
    }

    /// How long a token lives; without this it is renewed when it is refused (401).
    #[must_use]
    pub fn life(mut self, life: Duration) -> Self {
        self.life = Some(life);
        self
    }

    /// The header that carries the token, and what stands before it.
    #[must_use]
    pub fn header(mut self, name: &str, prefix: &str) -> Self {
        name.clone_into(&mut self.header);
        prefix.clone_into(&mut self.prefix);
        self
    }
}

impl std::fmt::Debug for SessionLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionLogin").field("fields", &self.fields).finish_non_exhaustive()
    }
}

/// Logs in.
pub(crate) async fn login(declared: &SessionLogin, client: &Arc<Client>) -> Result<Obtained> {
    let mut draft = Draft::new(declared.method.clone(), parse_url(&declared.url)?);
    if let Some((user, password)) = &declared.basic {
        let pair = base64(format!("{user}:{password}").as_bytes());
        client.cx.mask.add(&pair);
        draft.headers.set("Authorization", &format!("Basic {pair}"))?;
    }
    if !declared.fields.is_empty() {
        draft.body = super::oauth2::body_of(&declared.fields, declared.json)?;
    }
    let answer = client.ask_token(&draft).await?;
    let token = answer.text(&declared.token).filter(|token| !token.is_empty()).ok_or_else(|| {
        let asked = show::request(&draft.method, &draft.url, &client.cx.mask);
        Error::new(ErrorKind::Auth, format!("{asked} answered the login without a `{}`", declared.token))
    })?;
    Ok(Obtained { token: token.into(), life: declared.life })
}
