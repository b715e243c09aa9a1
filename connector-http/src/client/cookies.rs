//! Session cookies: a server sets them, we send them back. Kept for one sync, for trusted hosts only.

use std::sync::{Mutex, PoisonError};

use crate::http::{HeaderMap, HeaderValue, Url};

/// The most cookies that are kept; more push the oldest out.
const MOST: usize = 100;
/// The longest cookie that is kept, in bytes (RFC 6265, 6.1).
const LONGEST: usize = 4096;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    host: String,
    /// Also for hosts below it.
    below: bool,
    path: String,
    secure: bool,
}

/// The cookies of a sync (the part of RFC 6265 that APIs use: domain, path, secure, removal by `Max-Age=0`).
#[derive(Debug, Default)]
pub(crate) struct Jar(Mutex<Vec<Cookie>>);

impl Jar {
    /// Keeps what a response sets.
    pub(crate) fn keep(&self, url: &Url, headers: &HeaderMap) {
        for header in headers.get_all("set-cookie") {
            let Some((cookie, gone)) = header.to_str().ok().and_then(|text| parse(url, text)) else { continue };
            let mut jar = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            jar.retain(|old| (&old.name, &old.host, &old.path) != (&cookie.name, &cookie.host, &cookie.path));
            if !gone {
                if jar.len() >= MOST {
                    jar.remove(0);
                }
                jar.push(cookie);
            }
        }
    }

    /// Adds the cookies that belong to a URL to what stands in the request's `Cookie` header already.
    pub(crate) fn apply(&self, url: &Url, headers: &mut HeaderMap) {
        let jar = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut own: Vec<_> = jar.iter().filter(|cookie| cookie.belongs(url)).collect();
        if own.is_empty() {
            return;
        }
        own.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let mut pairs: Vec<String> = own.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        if let Some(given) = headers.get("cookie").and_then(|given| given.to_str().ok()) {
            pairs.insert(0, given.to_owned());
        }
        if let Ok(value) = HeaderValue::try_from(pairs.join("; ")) {
            headers.insert("cookie", value);
        }
    }
}

impl Cookie {
    fn belongs(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let at_host =
            host == self.host || self.below && host.strip_suffix(&self.host).is_some_and(|rest| rest.ends_with('.'));
        let path = url.path();
        let at_path = path
            .strip_prefix(self.path.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'));
        at_host && at_path && (!self.secure || url.scheme() == "https")
    }
}

/// A `Set-Cookie` header, and whether it removes the cookie.
fn parse(url: &Url, text: &str) -> Option<(Cookie, bool)> {
    if text.len() > LONGEST {
        return None;
    }
    let mut parts = text.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let host = url.host_str()?.to_owned();
    let directory = url.path().rfind('/').map_or("/", |end| if end == 0 { "/" } else { &url.path()[..end] });
    let mut cookie = Cookie {
        name: name.trim().to_owned(),
        value: value.trim().to_owned(),
        host,
        below: false,
        path: directory.to_owned(),
        secure: false,
    };
    if cookie.name.is_empty() {
        return None;
    }
    let mut gone = false;
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "domain" => {
                let domain = value.trim_start_matches('.').to_ascii_lowercase();
                let covers =
                    cookie.host == domain || cookie.host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
                // A single label is a public suffix for sure; one that does not cover the host is not its to set.
                if domain.is_empty() {
                    continue;
                }
                if !covers || !domain.contains('.') && cookie.host != domain {
                    return None;
                }
                cookie.host = domain;
                cookie.below = true;
            }
            "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
            "secure" => cookie.secure = true,
            "max-age" => gone |= value.parse::<i64>().is_ok_and(|seconds| seconds <= 0),
            "expires" => {
                let past = httpdate::parse_http_date(value)
                    .is_ok_and(|end| end <= std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(86_400));
                gone |= past;
            }
            _ => {}
        }
    }
    Some((cookie, gone))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sent(jar: &Jar, url: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        jar.apply(&Url::parse(url).unwrap(), &mut headers);
        headers.get("cookie").map(|value| value.to_str().unwrap().to_owned())
    }

    fn set(jar: &Jar, url: &str, cookie: &str) {
        let mut headers = HeaderMap::new();
        headers.append("set-cookie", HeaderValue::try_from(cookie).unwrap());
        jar.keep(&Url::parse(url).unwrap(), &headers);
    }

    #[test]
    fn a_cookie_comes_back_to_its_host_and_path() {
        let jar = Jar::default();
        set(&jar, "https://a.example.com/v1/login", "sid=1; Path=/v1; HttpOnly");
        assert_eq!(sent(&jar, "https://a.example.com/v1/users").as_deref(), Some("sid=1"));
        assert_eq!(sent(&jar, "https://a.example.com/v10"), None);
        assert_eq!(sent(&jar, "https://b.example.com/v1/users"), None);
        set(&jar, "https://a.example.com/v1/login", "sid=2; Path=/v1");
        assert_eq!(sent(&jar, "https://a.example.com/v1").as_deref(), Some("sid=2"));
        set(&jar, "https://a.example.com/v1/login", "sid=; Path=/v1; Max-Age=0");
        assert_eq!(sent(&jar, "https://a.example.com/v1"), None);
    }

    #[test]
    fn a_domain_covers_hosts_below_and_none_beside() {
        let jar = Jar::default();
        set(&jar, "https://a.example.com/", "x=1; Domain=.example.com; Path=/");
        set(&jar, "https://a.example.com/", "y=1; Domain=evil.io; Path=/");
        set(&jar, "https://a.example.com/", "z=1; Domain=com; Path=/");
        assert_eq!(sent(&jar, "https://b.example.com/").as_deref(), Some("x=1"));
        assert_eq!(sent(&jar, "https://badexample.com/"), None);
        assert_eq!(sent(&jar, "https://evil.io/"), None);
        assert_eq!(sent(&jar, "https://x.com/"), None);
    }

    #[test]
    fn a_secure_cookie_needs_https() {
        let jar = Jar::default();
        set(&jar, "https://a.io/", "s=1; Secure");
        assert_eq!(sent(&jar, "http://a.io/"), None);
    }

    #[test]
    fn the_jar_is_bounded() {
        let jar = Jar::default();
        for i in 0..1000 {
            set(&jar, "https://a.io/", &format!("c{i}=1"));
        }
        assert_eq!(jar.0.lock().unwrap().len(), MOST);
    }
}
