//! The headers that a stream adds to its requests.

use connector_core::{Error, ErrorKind, Result};

use super::params::{ParamValue, Params};
use crate::http::{HeaderMap, HeaderName, HeaderValue};

/// Headers in their order, checked as they are added.
#[derive(Clone, Default)]
pub struct Headers(HeaderMap);

impl Headers {
    /// No headers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a header; an absent option adds nothing, a list adds the header once an element.
    ///
    /// # Errors
    /// A name that is no header name, a value with a line break or another control character.
    ///
    /// ```
    /// let mut headers = connector_http::Headers::new();
    /// headers.add("X-Version", &2)?;
    /// assert!(headers.add("X Version", &2).is_err());
    /// # Ok::<(), connector_http::Error>(())
    /// ```
    pub fn add<T: ParamValue + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        let mut values = Params::new();
        value.add_to(name, &mut values);
        let name = header_name(name)?;
        for (_, value) in values.pairs() {
            self.0.append(name.clone(), header_value(&name, value)?);
        }
        Ok(())
    }

    /// Replaces a header.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let name = header_name(name)?;
        let value = header_value(&name, value)?;
        self.0.insert(name, value);
        Ok(())
    }

    /// The map of the `http` crate.
    #[must_use]
    pub fn as_map(&self) -> &HeaderMap {
        &self.0
    }

    pub(crate) fn into_map(self) -> HeaderMap {
        self.0
    }
}

impl std::fmt::Debug for Headers {
    /// Names only: a value may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A header name, or an error that names it.
pub(crate) fn header_name(name: &str) -> Result<HeaderName> {
    HeaderName::try_from(name).map_err(|_| Error::new(ErrorKind::Config, format!("`{name}` is no header name")))
}

/// A header value; the error does not tell it, because it may be a secret.
pub(crate) fn header_value(name: &HeaderName, value: &str) -> Result<HeaderValue> {
    HeaderValue::try_from(value).map_err(|_| {
        Error::new(
            ErrorKind::Config,
            format!(
                "the value of the header `{name}` has a line break or a control character; check for one copied along"
            ),
        )
    })
}
