//! A response as an author's own `parse_response` sees it.

use std::cell::Cell;

use connector_core::record::Batch;
use connector_core::{Error, ErrorKind, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::http::{HeaderMap, StatusCode};

/// Who found the records of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parsed {
    /// Nobody yet: the declared records path and format do.
    Declared,
    /// The hook: what it pushed is the page.
    Done,
}

/// A response, for `parse_response`.
///
/// The body is read whole only if the hook asks for it ([`body`](Self::body)): the engine calls the hook once with the
/// headers, and once more with the body where the first call wanted it. A hook that returns [`Parsed::Declared`]
/// without asking leaves the body to be streamed.
pub struct Response<'a> {
    status: StatusCode,
    headers: &'a HeaderMap,
    body: Option<&'a [u8]>,
    wanted: Cell<bool>,
}

impl<'a> Response<'a> {
    pub(crate) fn new(status: StatusCode, headers: &'a HeaderMap, body: Option<&'a [u8]>) -> Self {
        Self { status, headers, body, wanted: Cell::new(false) }
    }

    /// Whether the hook asked for a body that was not there yet.
    pub(crate) fn wanted(&self) -> bool {
        self.wanted.get()
    }

    crate::head::head!();

    /// The whole body, decoded.
    ///
    /// # Errors
    /// Always in the first call of the hook, which the engine then repeats; pass it on with `?`.
    pub fn body(&self) -> Result<&'a [u8]> {
        self.body.ok_or_else(|| {
            self.wanted.set(true);
            Error::new(ErrorKind::Internal, "the body has not been read yet")
        })
    }

    /// The whole body as a value.
    ///
    /// # Errors
    /// As [`body`](Self::body); a body that does not fit `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(self.body()?)
            .map_err(|error| Error::new(ErrorKind::Response, format!("the body is not what was declared: {error}")))
    }
}

/// Where `parse_response` puts the records that it finds.
pub struct Records<'a> {
    batch: Option<&'a mut Batch>,
}

impl<'a> Records<'a> {
    /// Records that go into a page.
    pub(crate) fn of(batch: &'a mut Batch) -> Self {
        Self { batch: Some(batch) }
    }

    /// Records that are thrown away: the first call of a hook, before the body is there.
    pub(crate) fn none() -> Records<'static> {
        Records { batch: None }
    }

    /// Adds a record by its JSON bytes; they leave unchanged.
    ///
    /// # Errors
    /// The bytes are no JSON object.
    pub fn push(&mut self, record: &[u8]) -> Result<()> {
        self.batch.as_mut().map_or(Ok(()), |batch| batch.push(record))
    }

    /// Adds a record that the hook built.
    ///
    /// # Errors
    /// The value is no JSON object, or serde_json cannot write it.
    pub fn push_value<T: Serialize + ?Sized>(&mut self, record: &T) -> Result<()> {
        let bytes = serde_json::to_vec(record)
            .map_err(|error| Error::new(ErrorKind::Record, format!("a record cannot be written as JSON: {error}")))?;
        self.push(&bytes)
    }
}
