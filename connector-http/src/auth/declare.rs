//! What an author declares: which credential goes where, or how one is obtained.

use std::sync::Arc;

use connector_core::Secret;

use super::{Authenticator, Credential, CredentialList, OAuth2, Rotate, SessionLogin, SignedToken, Spot};

/// How the requests of a source, or of one stream, prove who asks.
///
/// ```
/// use connector_http::{Auth, auth};
/// let token = String::from("t0p");
/// let by_token: Auth = auth::bearer(&token);
/// let by_key = auth::header("X-Api-Key", &token).prefix("Key ");
/// assert_eq!(format!("{by_key:?}"), "Auth(header X-Api-Key)");
/// ```
#[derive(Clone, Default)]
pub struct Auth(Kind);

#[derive(Clone, Default)]
pub(crate) enum Kind {
    #[default]
    None,
    Fixed {
        spot: Spot,
        value: Secret,
    },
    OAuth2(Arc<OAuth2>),
    Session(Arc<SessionLogin>),
    Signed(Arc<SignedToken>),
    Rotate(Arc<Rotate>),
    Own(Arc<dyn Authenticator>),
    All(Vec<Auth>),
}

impl Auth {
    /// No credentials.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// `Authorization: Bearer …` (RFC 6750).
    #[must_use]
    pub fn bearer<T: Credential + ?Sized>(token: &T) -> Self {
        Self::header("Authorization", token).prefix("Bearer ")
    }

    /// `Authorization: Basic …` (RFC 7617); the password may be empty.
    #[must_use]
    pub fn basic<U: Credential + ?Sized, P: Credential + ?Sized>(user: &U, password: &P) -> Self {
        let pair = format!("{}:{}", user.expose(), password.expose());
        Self::fixed(Spot::Header("Authorization".to_owned()), format!("Basic {}", super::base64(pair.as_bytes())))
    }

    /// A header of any name.
    #[must_use]
    pub fn header<T: Credential + ?Sized>(name: &str, value: &T) -> Self {
        Self::fixed(Spot::Header(name.to_owned()), value.expose().to_owned())
    }

    /// A query parameter. A header is safer, where the API takes one: URLs are logged by servers and proxies.
    #[must_use]
    pub fn query<T: Credential + ?Sized>(name: &str, value: &T) -> Self {
        Self::fixed(Spot::Query(name.to_owned()), value.expose().to_owned())
    }

    /// A cookie.
    #[must_use]
    pub fn cookie<T: Credential + ?Sized>(name: &str, value: &T) -> Self {
        Self::fixed(Spot::Cookie(name.to_owned()), value.expose().to_owned())
    }

    /// A field of the request body, by dotted path.
    #[must_use]
    pub fn body<T: Credential + ?Sized>(name: &str, value: &T) -> Self {
        Self::fixed(Spot::Body(name.to_owned()), value.expose().to_owned())
    }

    /// An authenticator of your own.
    #[must_use]
    pub fn own(authenticator: impl Authenticator + 'static) -> Self {
        Self(Kind::Own(Arc::new(authenticator)))
    }

    /// Several at once: a key in the query and a bearer token.
    #[must_use]
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(Kind::All(parts.into_iter().collect()))
    }

    /// Puts text before the credential (`Token token=`). It has no effect on what obtains its token first; those say it there.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        if let Kind::Fixed { value, .. } = &mut self.0 {
            *value = format!("{prefix}{}", value.expose()).into();
        }
        self
    }

    fn fixed(spot: Spot, value: String) -> Self {
        Self(Kind::Fixed { spot, value: value.into() })
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0
    }
}

impl From<OAuth2> for Auth {
    fn from(declared: OAuth2) -> Self {
        Self(Kind::OAuth2(Arc::new(declared)))
    }
}

impl From<Rotate> for Auth {
    fn from(declared: Rotate) -> Self {
        Self(Kind::Rotate(Arc::new(declared)))
    }
}

impl From<SessionLogin> for Auth {
    fn from(declared: SessionLogin) -> Self {
        Self(Kind::Session(Arc::new(declared)))
    }
}

impl From<SignedToken> for Auth {
    fn from(declared: SignedToken) -> Self {
        Self(Kind::Signed(Arc::new(declared)))
    }
}

impl std::fmt::Debug for Auth {
    /// What kind it is and where it goes, never the credential.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Kind::None => f.write_str("Auth(none)"),
            Kind::Fixed { spot, .. } => match spot {
                Spot::Header(name) => write!(f, "Auth(header {name})"),
                Spot::Query(name) => write!(f, "Auth(query {name})"),
                Spot::Cookie(name) => write!(f, "Auth(cookie {name})"),
                Spot::Body(name) => write!(f, "Auth(body {name})"),
            },
            Kind::OAuth2(_) => f.write_str("Auth(oauth2)"),
            Kind::Session(_) => f.write_str("Auth(session)"),
            Kind::Signed(_) => f.write_str("Auth(signed token)"),
            Kind::Rotate(_) => f.write_str("Auth(rotation)"),
            Kind::Own(_) => f.write_str("Auth(own)"),
            Kind::All(parts) => f.debug_list().entries(parts).finish(),
        }
    }
}

/// No credentials; for a `match` over the config.
#[must_use]
pub fn none() -> Auth {
    Auth::none()
}

/// As [`Auth::bearer`].
#[must_use]
pub fn bearer<T: Credential + ?Sized>(token: &T) -> Auth {
    Auth::bearer(token)
}

/// As [`Auth::basic`].
#[must_use]
pub fn basic<U: Credential + ?Sized, P: Credential + ?Sized>(user: &U, password: &P) -> Auth {
    Auth::basic(user, password)
}

/// As [`Auth::header`].
#[must_use]
pub fn header<T: Credential + ?Sized>(name: &str, value: &T) -> Auth {
    Auth::header(name, value)
}

/// As [`Auth::query`].
#[must_use]
pub fn query<T: Credential + ?Sized>(name: &str, value: &T) -> Auth {
    Auth::query(name, value)
}

/// As [`Auth::cookie`].
#[must_use]
pub fn cookie<T: Credential + ?Sized>(name: &str, value: &T) -> Auth {
    Auth::cookie(name, value)
}

/// As [`Auth::body`].
#[must_use]
pub fn body<T: Credential + ?Sized>(name: &str, value: &T) -> Auth {
    Auth::body(name, value)
}

/// Several tokens in rotation, as [`Rotate::new`].
#[must_use]
pub fn rotate<T: CredentialList + ?Sized>(tokens: &T) -> Rotate {
    Rotate::new(tokens)
}

/// As [`Auth::all`].
#[must_use]
pub fn all(parts: impl IntoIterator<Item = Auth>) -> Auth {
    Auth::all(parts)
}

/// The beginning of an OAuth2 declaration, as [`OAuth2::new`].
#[must_use]
pub fn oauth2() -> OAuth2 {
    OAuth2::new()
}
