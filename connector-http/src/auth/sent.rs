//! Where a credential is sent.

use connector_core::Result;

use crate::http::{HeaderMap, HeaderName, Url};
use crate::request::{Body, header_name, header_value};

/// Where a token that is obtained first is sent, and what stands before it. Unless said, it is `Authorization: Bearer …`.
///
/// ```
/// use connector_http::{Auth, Sent, SessionLogin};
/// let by_header: Auth = SessionLogin::post("https://api.example.com/login").sent(Sent::header("X-Token")).into();
/// let by_scheme: Auth = SessionLogin::post("https://api.example.com/login").sent(Sent::bearer().prefix("Token ")).into();
/// let by_query: Auth = SessionLogin::post("https://api.example.com/login").sent(Sent::param("token")).into();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub(crate) spot: Spot,
    pub(crate) prefix: String,
}

/// Where a credential goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spot {
    /// A header.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A cookie.
    Cookie(String),
    /// A field of the body, by dotted path.
    Body(String),
}

impl Sent {
    /// `Authorization: Bearer …` (RFC 6750).
    #[must_use]
    pub fn bearer() -> Self {
        Self::header("Authorization").prefix("Bearer ")
    }

    /// A header, with nothing before the token.
    #[must_use]
    pub fn header(name: &str) -> Self {
        Self::at(Spot::Header(name.to_owned()))
    }

    /// A query parameter. A header is safer, where the API takes one: URLs are logged by servers and proxies.
    #[must_use]
    pub fn param(name: &str) -> Self {
        Self::at(Spot::Query(name.to_owned()))
    }

    /// A cookie.
    #[must_use]
    pub fn cookie(name: &str) -> Self {
        Self::at(Spot::Cookie(name.to_owned()))
    }

    /// A field of the body, by dotted path.
    #[must_use]
    pub fn body(name: &str) -> Self {
        Self::at(Spot::Body(name.to_owned()))
    }

    /// What stands before the token: `Token `.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        prefix.clone_into(&mut self.prefix);
        self
    }

    fn at(spot: Spot) -> Self {
        Self { spot, prefix: String::new() }
    }

    /// Refuses a name that no header can have.
    pub(crate) fn check(&self) -> Result<()> {
        if let Spot::Header(name) = &self.spot {
            header_value(&header_name(name)?, &self.prefix)?;
        }
        Ok(())
    }

    /// Puts a token into a request.
    pub(crate) fn place(&self, token: &str, url: &mut Url, headers: &mut HeaderMap, body: &mut Body) -> Result<()> {
        self.spot.place(&format!("{}{token}", self.prefix), url, headers, body)
    }
}

impl Default for Sent {
    fn default() -> Self {
        Self::bearer()
    }
}

impl Spot {
    /// Takes what stands in its place off a URL.
    pub(crate) fn strip(&self, url: &mut Url) {
        let Self::Query(name) = self else { return };
        let kept: Vec<_> = url
            .query_pairs()
            .filter(|(known, _)| known != name)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        if kept.len() == url.query_pairs().count() {
            return;
        }
        if kept.is_empty() {
            url.set_query(None);
        } else {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
    }

    /// Puts a credential into a request, in place of what stands there.
    pub(crate) fn place(&self, value: &str, url: &mut Url, headers: &mut HeaderMap, body: &mut Body) -> Result<()> {
        match self {
            Self::Header(name) => {
                let name = header_name(name)?;
                let mut value = header_value(&name, value)?;
                value.set_sensitive(true);
                headers.insert(name, value);
            }
            Self::Query(name) => {
                self.strip(url);
                url.query_pairs_mut().append_pair(name, value);
            }
            Self::Cookie(name) => {
                let mut cookie = format!("{name}={value}");
                if let Some(given) = headers.get("cookie").and_then(|given| given.to_str().ok()) {
                    cookie = format!("{given}; {cookie}");
                }
                let mut value = header_value(&HeaderName::from_static("cookie"), &cookie)?;
                value.set_sensitive(true);
                headers.insert("cookie", value);
            }
            Self::Body(name) => body.put(name, value.into())?,
        }
        Ok(())
    }
}
