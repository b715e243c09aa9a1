//! Which URLs may get credentials: the base URL's origin, and the hosts that the source allows.

use connector_core::{Error, ErrorKind, Result};

use crate::http::Url;

/// Where credentials, custom headers and cookies may go.
#[derive(Debug, Clone)]
pub(crate) struct Origins {
    base: Url,
    allowed: Vec<String>,
}

impl Origins {
    pub(crate) fn new(base: Url, allowed: Vec<String>) -> Self {
        Self { base, allowed }
    }

    /// Whether a URL may get credentials. An allowed host must be as safe as the base URL: https if that is https.
    pub(crate) fn trusts(&self, url: &Url) -> bool {
        if is_origin(url, &self.base) {
            return true;
        }
        let downgraded = self.base.scheme() == "https" && url.scheme() != "https";
        !downgraded && self.allowed.iter().any(|allowed| is_host(url, allowed))
    }

    /// Refuses a URL elsewhere, naming the key that allows it.
    pub(crate) fn check(&self, url: &Url, what: &str) -> Result<()> {
        if self.trusts(url) {
            return Ok(());
        }
        let host = host_and_port(url);
        Err(Error::new(
            ErrorKind::Pagination,
            format!(
                "{what} is at `{}://{host}`, but credentials go to `{}://{}` only; if that host belongs to the API, add it to `allowed_hosts`",
                url.scheme(),
                self.base.scheme(),
                host_and_port(&self.base),
            ),
        ))
    }
}

/// An allowed host without a port means the scheme's own port.
fn is_host(url: &Url, allowed: &str) -> bool {
    host_and_port(url).eq_ignore_ascii_case(allowed)
        || url.port_or_known_default().is_some_and(|port| {
            allowed.rsplit_once(':').is_some_and(|(host, text)| {
                text.parse() == Ok(port) && url.host_str().is_some_and(|own| own.eq_ignore_ascii_case(host))
            })
        })
}

/// Whether two URLs have one origin (RFC 6454): scheme, host and port. Hosts are in lower case, ports told or the scheme's own.
fn is_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.has_host()
        && one.host_str() == other.host_str()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// The host, and the port unless it is the scheme's own.
pub(crate) fn host_and_port(url: &Url) -> &str {
    &url[url::Position::BeforeHost..url::Position::AfterPort]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn origins(base: &str, allowed: &[&str]) -> Origins {
        Origins::new(Url::parse(base).unwrap(), allowed.iter().map(|&host| host.to_owned()).collect())
    }

    #[test]
    fn only_the_base_origin_and_allowed_hosts() {
        let origins = origins("https://api.example.com/v1/", &["files.example.com", "other.example.com:8443"]);
        for (url, trusted) in [
            ("https://api.example.com/else", true),
            ("https://api.example.com:443/", true),
            ("http://api.example.com/", false),
            ("https://api.example.com:8443/", false),
            ("https://api.example.com.evil.io/", false),
            ("https://evil@api.example.com.evil.io/", false),
            ("https://files.example.com/x", true),
            ("https://FILES.example.com/x", true),
            ("https://files.example.com:444/x", false),
            ("http://files.example.com/x", false),
            ("https://other.example.com:8443/x", true),
            ("https://other.example.com/x", false),
        ] {
            assert_eq!(origins.trusts(&Url::parse(url).unwrap()), trusted, "{url}");
        }
    }

    #[test]
    fn the_refusal_names_the_key() {
        let url = Url::parse("https://evil.io/x?token=hunter2").unwrap();
        let error = origins("https://a.io/", &[]).check(&url, "the next page").unwrap_err().to_string();
        assert!(error.contains("allowed_hosts") && error.contains("evil.io") && !error.contains("hunter2"), "{error}");
    }
}
