//! Authenticators that an author writes.

use connector_core::Result;
use std::time::SystemTime;

use crate::http::{HeaderMap, Method, Url};

/// A request just before it is sent, for an [`Authenticator`] to add to: everything that a signature may cover.
#[derive(Debug)]
pub struct Signing<'a> {
    /// The method.
    pub method: &'a Method,
    /// The whole URL; parameters may be added.
    pub url: &'a mut Url,
    /// All headers but those that the transport adds (`Host`, `Content-Length`).
    pub headers: &'a mut HeaderMap,
    /// The bytes of the body; empty where there is none.
    pub body: &'a [u8],
    /// The time of day, from the sync's clock.
    pub now: SystemTime,
}

/// A way to authenticate that the framework does not know: an HMAC over the request, AWS signatures.
///
/// It is asked for each try of each request, on requests to the base URL's origin and the allowed hosts only.
pub trait Authenticator: Send + Sync {
    /// Adds what proves who asks.
    ///
    /// # Errors
    /// Credentials that cannot be used; the stream fails with the error.
    fn sign(&self, request: &mut Signing<'_>) -> Result<()>;

    /// Texts that must never be seen in logs and errors, besides the config's secrets.
    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }
}
