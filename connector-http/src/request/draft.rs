//! A request under construction: what the stream declared, before credentials and transport.

use connector_core::{Error, ErrorKind, Result};

use super::{Body, Headers, Params, QueryEncoding};
use crate::http::{Method, Url};

/// A request as the stream wants it. Pagination and authentication still add to it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The method.
    pub method: Method,
    /// The URL without the parameters below.
    pub url: Url,
    /// Parameters that go into the query.
    pub params: Params,
    /// Headers of the stream.
    pub headers: Headers,
    /// The body.
    pub body: Body,
    /// How the parameters are written.
    pub encoding: QueryEncoding,
}

impl Draft {
    /// A request for a URL.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            params: Params::new(),
            headers: Headers::new(),
            body: Body::new(),
            encoding: QueryEncoding::new(),
        }
    }

    /// The URL with all parameters. A parameter of the draft replaces one of the same name that the URL already had,
    /// so that a next-page URL which repeats them does not double them.
    #[must_use]
    pub fn full_url(&self) -> Url {
        merge(&self.url, &self.params, &self.encoding)
    }
}

/// Joins a base URL and a path below it. The base's own path stays whole, with or without a slash at its end.
pub(crate) fn join(base: &str, path: &str) -> Result<Url> {
    if path.starts_with("https://") || path.starts_with("http://") {
        return parse(path);
    }
    if path.is_empty() {
        return parse(base);
    }
    let (base, query) = base.split_once('?').map_or((base, None), |(base, query)| (base, Some(query)));
    let mut url = parse(&format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/')))?;
    if let Some(query) = query {
        let whole = url.query().map_or_else(|| query.to_owned(), |own| format!("{query}&{own}"));
        url.set_query(Some(&whole));
    }
    Ok(url)
}

/// A URL of the schemes that we speak.
pub(crate) fn parse(text: &str) -> Result<Url> {
    let refused = |why: &str| {
        Error::new(
            ErrorKind::Config,
            format!("`{}` is no URL to ask: {why}", text.split(['?', '@']).next().unwrap_or("")),
        )
    };
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => refused("it has no scheme; begin it with `https://`"),
        error => refused(&error.to_string()),
    })?;
    match url.scheme() {
        "https" | "http" => Ok(url),
        scheme => Err(refused(&format!("its scheme is `{scheme}`, not https or http"))),
    }
}

/// The URL with parameters; those of `params` win over those of the same name in the URL.
pub(crate) fn merge(url: &Url, params: &Params, encoding: &QueryEncoding) -> Url {
    if params.is_empty() {
        return url.clone();
    }
    let mut merged = url.clone();
    let doubled = url.query_pairs().any(|(name, _)| params.get(&name).is_some());
    if doubled {
        let kept: Vec<_> = url.query_pairs().filter(|(name, _)| params.get(name).is_none()).collect();
        if kept.is_empty() {
            merged.set_query(None);
        } else {
            merged.query_pairs_mut().clear().extend_pairs(kept);
        }
    }
    encoding.extend(&mut merged, params);
    merged
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_path_is_joined_below_the_base() {
        for (base, path, whole) in [
            ("https://a.io/v1/", "users", "https://a.io/v1/users"),
            ("https://a.io/v1", "/users", "https://a.io/v1/users"),
            ("https://a.io/v1?key=1", "users?x=2", "https://a.io/v1/users?key=1&x=2"),
            ("https://a.io/v1/", "", "https://a.io/v1/"),
            ("https://a.io", "https://b.io/x", "https://b.io/x"),
        ] {
            assert_eq!(join(base, path).unwrap().as_str(), whole);
        }
    }

    #[test]
    fn other_schemes_are_refused_without_telling_the_query() {
        let error = join("file:///etc/passwd?token=hunter2", "").unwrap_err().to_string();
        assert!(error.contains("scheme is `file`") && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn parameters_are_not_doubled() {
        let mut params = Params::new();
        params.push("limit", "5");
        let url = Url::parse("https://a.io/?limit=10&x=1&limit=20").unwrap();
        assert_eq!(merge(&url, &params, &QueryEncoding::new()).as_str(), "https://a.io/?x=1&limit=5");
        assert_eq!(merge(&url, &Params::new(), &QueryEncoding::new()).as_str(), url.as_str());
    }
}
