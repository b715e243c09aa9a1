//! How a URL is shown to people: without user, password and fragment, secrets masked.

use connector_core::Mask;

use crate::http::{Method, Url};

/// Names of query parameters whose values are never shown, wherever they came from.
const SECRET_NAMES: &[&str] = &[
    "access_token",
    "api_key",
    "api-key",
    "apikey",
    "auth",
    "authorization",
    "client_secret",
    "code",
    "credential",
    "hapikey",
    "key",
    "pass",
    "passwd",
    "password",
    "private_token",
    "pwd",
    "refresh_token",
    "secret",
    "sig",
    "sign",
    "signature",
    "token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-signature",
];

/// The longest URL that is shown.
const LONGEST: usize = 500;

/// The URL as errors and logs show it.
pub(crate) fn url(url: &Url, mask: &Mask) -> String {
    let mut shown = url.clone();
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_fragment(None);
    let pairs: Vec<_> = url.query_pairs().collect();
    if pairs.iter().any(|(name, _)| is_secret(name)) {
        let hidden = pairs.iter().map(|(name, value)| (name, if is_secret(name) { "***" } else { value }));
        shown.query_pairs_mut().clear().extend_pairs(hidden);
    }
    let text = mask.mask(shown.as_str()).into_owned();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Method and URL.
pub(crate) fn request(method: &Method, asked: &Url, mask: &Mask) -> String {
    format!("{method} {}", url(asked, mask))
}

/// Whether a URL holds what is never shown.
pub(crate) fn holds_secret(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some() || url.query_pairs().any(|(name, _)| is_secret(&name))
}

/// Whether the value of a query parameter of this name is never shown.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.contains(&name.as_str())
}

/// The first 200 characters of a body, on one line, masked.
pub(crate) fn excerpt(body: &[u8], mask: &Mask) -> String {
    /// Enough bytes for 200 characters, with the spaces that go.
    const HEAD: usize = 2000;
    /// Characters shown.
    const SHOWN: usize = 200;
    // Masked before it is cut: half a secret is a leak, too.
    let head = String::from_utf8_lossy(&body[..body.len().min(HEAD)]);
    let masked = mask.mask(&head);
    let mut line = String::new();
    for word in masked.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_url_is_shown_without_secrets() {
        let mask = Mask::default();
        mask.add("hunter2");
        let asked = Url::parse("https://me:pw@a.io/x/hunter2?token=t0p&since=2024&q=hunter2#frag").unwrap();
        let shown = url(&asked, &mask);
        for secret in ["hunter2", "t0p", "me:", "pw@", "frag"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("since=2024"), "{shown}");
    }

    #[test]
    fn an_excerpt_is_one_masked_line() {
        let mask = Mask::default();
        mask.add("hunter2");
        let body = format!("<html>\n  <p>hunter2</p> {}", "x".repeat(500));
        let shown = excerpt(body.as_bytes(), &mask);
        assert!(
            shown.starts_with("<html> <p>") && !shown.contains("hunter2") && shown.chars().count() == 201,
            "{shown}"
        );
    }
}
