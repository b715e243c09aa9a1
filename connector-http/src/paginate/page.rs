//! What a paginator sees of a page.

use connector_core::record::Envelope;
use connector_core::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::borrow::Cow;

use super::PageToken;
use crate::http::{HeaderMap, StatusCode, Url};

/// One page that was read: status, headers, the body without its records, the last record, the counts.
pub struct Page<'a> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) url: &'a Url,
    pub(crate) envelope: &'a Envelope,
    pub(crate) last_record: Option<&'a [u8]>,
    pub(crate) count: u64,
    pub(crate) number: u64,
    pub(crate) total: u64,
    pub(crate) token: Option<&'a PageToken>,
    pub(crate) declared: Result<Option<PageToken>>,
}

impl Page<'_> {
    crate::head::head!();

    /// The URL that was asked, after redirects, without credentials.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.url
    }

    /// The value at a dotted path of the body without its records.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Value> {
        self.envelope.get(path)
    }

    /// The scalar at a dotted path of the body without its records, as text: strings decoded, numbers to the last digit.
    /// Nothing for what is not there, null, or an empty string.
    ///
    /// ```
    /// # fn next(page: &connector_http::Page<'_>) -> Option<String> {
    /// page.text("paging.cursor")
    /// # }
    /// ```
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        self.envelope.text(path).filter(|text| !text.is_empty())
    }

    /// The integer at a dotted path of the body; it may stand in a string.
    #[must_use]
    pub fn integer(&self, path: &str) -> Option<i64> {
        self.envelope.text(path)?.trim().parse().ok()
    }

    /// Whether the body says `true` at a dotted path.
    #[must_use]
    pub fn flag(&self, path: &str) -> bool {
        self.envelope.raw(path) == Some(b"true")
    }

    /// A query parameter of the URL that stands at a dotted path of the body, decoded; the URL may be relative.
    #[must_use]
    pub fn param_of(&self, path: &str, name: &str) -> Option<String> {
        let url = self.url.join(&self.text(path)?).ok()?;
        query_value(&url, name).map(Cow::into_owned)
    }

    /// A query parameter of the page's own URL, decoded.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<String> {
        query_value(self.url, name).map(Cow::into_owned)
    }

    /// A field of the last record as it came; nothing on a page without records. The accessor is never called: it gives the
    /// type, the path the place in the record.
    ///
    /// # Errors
    /// The field is missing, or does not fit its type. An option may be missing.
    pub fn last_field<R, T: DeserializeOwned>(&self, _type: fn(&R) -> &T, path: &[&str]) -> Result<Option<T>> {
        let Some(record) = self.last_record else { return Ok(None) };
        let mut raw: &serde_json::value::RawValue = parsed(record)?;
        for name in path {
            let members: std::collections::HashMap<Cow<'_, str>, &serde_json::value::RawValue> =
                serde_json::from_str(raw.get()).unwrap_or_default();
            match members.get(*name) {
                Some(value) => raw = value,
                None => {
                    raw = parsed(b"null")?;
                    break;
                }
            }
        }
        serde_json::from_str(raw.get()).map(Some).map_err(|error| {
            let found: String = raw.get().chars().take(100).collect();
            let path = path.join(".");
            let text =
                format!("`{path}` of the last record is `{found}`, from which no next page can be computed: {error}");
            Error::new(ErrorKind::Pagination, text)
        })
    }

    /// The last record of the page, as it came.
    #[must_use]
    pub fn last_record(&self) -> Option<&[u8]> {
        self.last_record
    }

    /// The last record of the page as a value.
    ///
    /// # Errors
    /// The record does not fit `T`.
    pub fn last<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.last_record.map(serde_json::from_slice).transpose().map_err(|error| {
            Error::new(ErrorKind::Record, format!("the last record of the page does not fit its struct: {error}"))
        })
    }

    /// How many records the page has.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The number of the page within the slice, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How many records the slice has so far, this page included.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// What asked for this page; nothing for the first.
    #[must_use]
    pub fn token(&self) -> Option<&PageToken> {
        self.token
    }

    /// The next page as the declared paginator names it.
    ///
    /// # Errors
    /// Where the paginator cannot tell, such as a `next` that is no URL.
    pub fn declared(&self) -> Result<Option<PageToken>> {
        self.declared.clone()
    }
}

fn parsed(json: &[u8]) -> Result<&serde_json::value::RawValue> {
    serde_json::from_slice(json)
        .map_err(|error| Error::new(ErrorKind::Internal, format!("a record is no JSON any more: {error}")))
}

fn query_value<'u>(url: &'u Url, name: &str) -> Option<Cow<'u, str>> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value).filter(|value| !value.is_empty())
}
