//! What a paginator sees of a page.

use connector_core::record::Envelope;
use connector_core::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

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
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.headers
    }

    /// The first value of a header, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

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
