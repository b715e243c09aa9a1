//! What a rule sees of an answer.

use std::borrow::Cow;
use std::cell::OnceCell;

use connector_core::record::Envelope;
use serde_json::Value;

use crate::http::{HeaderMap, StatusCode};

/// An answer as a rule sees it: status, headers, and the body as far as it is known.
///
/// The body of a failure is there up to its first 64 KiB; of a success, the part without the records.
pub struct Answer<'a> {
    status: StatusCode,
    headers: &'a HeaderMap,
    body: &'a Envelope,
    text: OnceCell<Cow<'a, str>>,
}

impl<'a> Answer<'a> {
    pub(crate) fn new(status: StatusCode, headers: &'a HeaderMap, body: &'a Envelope) -> Self {
        Self { status, headers, body, text: OnceCell::new() }
    }

    crate::head::head!();

    /// The value at a dotted path of a JSON body.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Value> {
        self.body.get(path)
    }

    /// The scalar at a dotted path of a JSON body, as text.
    pub(crate) fn text_at(&self, path: &str) -> Option<String> {
        self.body.text(path)
    }

    /// The body as text; bytes that are no UTF-8 become U+FFFD.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| String::from_utf8_lossy(self.body.bytes()))
    }
}
