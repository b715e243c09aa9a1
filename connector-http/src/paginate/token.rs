//! What names the next page.

use crate::http::Url;

/// What the next request needs to ask for the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageToken {
    /// A value; it goes where the paginator says, or where `request_params` puts it.
    Value(String),
    /// A number, in digits: as [`Value`](Self::Value), but in a JSON body it is a number.
    Number(String),
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
            Self::Value(value) | Self::Number(value) => Some(value),
            _ => None,
        }
    }
}
