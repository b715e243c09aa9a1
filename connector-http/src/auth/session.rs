//! Session tokens: a login request whose answer holds a token that further requests carry.

use std::sync::Arc;
use std::time::Duration;

use connector_core::{Error, ErrorKind, Result};

use super::held::Obtained;
use super::{Credential, Sent, base64};
use crate::client::{Client, show};
use crate::http::Method;
use crate::request::{Draft, Params, parse_url};
use crate::send::moment;

/// A login request, and where its token is and goes.
///
/// ```
/// use connector_http::{Auth, Sent, SessionLogin};
/// let login: Auth = SessionLogin::post("https://api.example.com/login")
///     .field("user", "me")
///     .field("password", "s3cret")
///     .token("session.id")
///     .sent(Sent::header("X-Session"))
///     .into();
/// ```
#[derive(Clone)]
pub struct SessionLogin {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) fields: Params,
    pub(crate) basic: Option<(String, String)>,
    pub(crate) json: bool,
    pub(crate) params: Params,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) token: TokenAt,
    pub(crate) life: Option<Duration>,
    pub(crate) life_at: Option<String>,
    pub(crate) sent: Sent,
}

/// Where the answer has the token.
#[derive(Debug, Clone)]
pub(crate) enum TokenAt {
    /// At this dotted path of the body.
    Body(String),
    /// In this header.
    Header(String),
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
            params: Params::new(),
            headers: Vec::new(),
            token: TokenAt::Body("token".to_owned()),
            life: None,
            life_at: None,
            sent: Sent::bearer(),
        }
    }

    /// A field of the login request.
    #[must_use]
    pub fn field<T: Credential + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.fields.push(name, value.expose());
        self
    }

    /// Another method than POST.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// A query parameter of the login request.
    #[must_use]
    pub fn param<T: Credential + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.params.push(name, value.expose());
        self
    }

    /// A header of the login request.
    #[must_use]
    pub fn extra_header<T: Credential + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.headers.push((name.to_owned(), value.expose().to_owned()));
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
        self.token = TokenAt::Body(path.to_owned());
        self
    }

    /// The token is in this header of the answer.
    #[must_use]
    pub fn token_header(mut self, name: &str) -> Self {
        self.token = TokenAt::Header(name.to_owned());
        self
    }

    /// How long a token lives; without this it is renewed when it is refused (401).
    #[must_use]
    pub fn life(mut self, life: Duration) -> Self {
        self.life = Some(life);
        self
    }

    /// The answer says at this dotted path how long a token lives: seconds, or when it ends.
    #[must_use]
    pub fn life_at(mut self, path: &str) -> Self {
        self.life_at = Some(path.to_owned());
        self
    }

    /// Where the token goes, where that is not `Authorization: Bearer …`.
    #[must_use]
    pub fn sent(mut self, sent: Sent) -> Self {
        self.sent = sent;
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
    for (name, value) in &declared.headers {
        draft.headers.set(name, value)?;
    }
    draft.params = declared.params.clone();
    if !declared.fields.is_empty() {
        draft.body = super::oauth2::body_of(&declared.fields, declared.json)?;
    }
    let header = if let TokenAt::Header(name) = &declared.token { Some(name.as_str()) } else { None };
    let (answer, headers) = client.ask_token(&draft, header).await?;
    let (token, place) = match &declared.token {
        TokenAt::Body(path) => (answer.text(path), format!("a `{path}`")),
        TokenAt::Header(name) => {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            (value.map(str::to_owned), format!("a header `{name}`"))
        }
    };
    let token = token.filter(|token| !token.is_empty()).ok_or_else(|| {
        let asked = show::request(&draft.method, &draft.full_url(), &client.cx.mask);
        Error::new(ErrorKind::Auth, format!("{asked} answered the login without {place}"))
    })?;
    let told = declared.life_at.as_ref().and_then(|path| answer.text(path));
    let life = told.and_then(|text| moment(&text, client.now())).or(declared.life);
    Ok(Obtained { token: token.into(), life })
}
