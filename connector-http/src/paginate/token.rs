//! What names the next page.

use crate::http::Url;

/// What the next request needs to ask for the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageToken {
    /// A value; it goes where the paginator says, or where `request_params` puts it.
    Value(String),
    /// The next page's whole URL.
    Url(Url),
    /// Several parameters of the query.
    Params(Vec<(String, String)>),
}

impl PageToken {
    /// A value.
    #[must_use]
    pub fn value(value: impl Into<String>) -> Self {
        Self::Value(value.into())
    }

    /// Several parameters of the query.
    #[must_use]
    pub fn params<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self::Params(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The value, where the token is one.
    #[must_use]
    pub fn as_value(&self) -> Option<&str> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}
