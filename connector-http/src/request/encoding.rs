//! How values are written in a query.

use std::borrow::Cow;

use super::Params;
use crate::http::Url;

/// How names and values are written in a query, where an API does not take the form that HTML gave it.
///
/// ```
/// use connector_http::{QueryEncoding, Settings};
/// // `?ids=List(urn:1,urn:2)`
/// let settings = Settings::new().encoding(QueryEncoding::new().keep("(),:").spaces_as_percent());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryEncoding {
    keep: String,
    percent: bool,
}

impl QueryEncoding {
    /// `application/x-www-form-urlencoded`: all but letters, digits and `*-._` is encoded, a space is `+`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Characters that stay as they are. What no URL can hold (a space, `#`, `"`, `<`, `>`) is encoded all the same; `%` is for values that
    /// are encoded already.
    #[must_use]
    pub fn keep(mut self, characters: &str) -> Self {
        self.keep.push_str(characters);
        self
    }

    /// A space is `%20`.
    #[must_use]
    pub fn spaces_as_percent(mut self) -> Self {
        self.percent = true;
        self
    }

    /// Adds parameters to a URL.
    pub(crate) fn extend(&self, url: &mut Url, params: &Params) {
        if *self == Self::default() {
            url.query_pairs_mut().extend_pairs(params.pairs());
            return;
        }
        let mut query = url.query().unwrap_or_default().to_owned();
        for (name, value) in params.pairs() {
            if !query.is_empty() {
                query.push('&');
            }
            self.write(name, &mut query);
            query.push('=');
            self.write(value, &mut query);
        }
        // What no URL can hold is encoded here.
        url.set_query(Some(&query));
    }

    fn write(&self, text: &str, to: &mut String) {
        for character in text.chars() {
            let written: Cow<'_, str> = match character {
                ' ' if self.percent => "%20".into(),
                ' ' => "+".into(),
                _ if character.is_ascii_alphanumeric()
                    || "*-._".contains(character)
                    || self.keep.contains(character) =>
                {
                    to.push(character);
                    continue;
                }
                _ => {
                    let mut bytes = [0; 4];
                    character
                        .encode_utf8(&mut bytes)
                        .bytes()
                        .map(|byte| format!("%{byte:02X}"))
                        .collect::<String>()
                        .into()
                }
            };
            to.push_str(&written);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(encoding: &QueryEncoding, value: &str) -> String {
        let mut params = Params::new();
        params.push("a b", value);
        let mut url = Url::parse("https://a.io/?x=1%20").unwrap();
        encoding.extend(&mut url, &params);
        url.query().unwrap().to_owned()
    }

    #[test]
    fn what_is_kept_stays_and_the_rest_is_encoded() {
        let plain = QueryEncoding::new();
        assert_eq!(of(&plain, "a,b é&"), "x=1%20&a+b=a%2Cb+%C3%A9%26");
        assert_eq!(of(&plain.clone().spaces_as_percent(), "a,b é&"), "x=1%20&a%20b=a%2Cb%20%C3%A9%26");
        assert_eq!(of(&plain.clone().keep("(),:%"), "List(urn%3A1,2)"), "x=1%20&a+b=List(urn%3A1,2)");
        // A fragment cannot be smuggled in.
        assert_eq!(of(&plain.keep("#"), "a#b"), "x=1%20&a+b=a%23b");
    }
}
