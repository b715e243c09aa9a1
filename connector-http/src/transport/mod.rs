//! What carries requests: the network, a script in memory, or a recording.
//!
//! `wire` is the only folder that knows hyper, `wire/tls.rs` the only file that knows which cryptography connections use.

mod memory;
mod recording;
mod wire;

pub use memory::{Memory, Reply, Seen};
pub use recording::{Recorder, Replay};
pub use wire::Roots;
pub(crate) use wire::{Wire, WireOptions};

use bytes::Bytes;
use connector_core::clock::BoxFuture;
use std::sync::Arc;

use crate::http::{HeaderMap, Method, StatusCode, Url};

/// A request as it goes out: credentials are in it.
#[derive(Clone)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: Url,
    /// All headers but those that the transport adds (`Host`, `Content-Length`).
    pub headers: HeaderMap,
    /// The body.
    pub body: Option<Bytes>,
}

impl std::fmt::Debug for Outgoing {
    /// Method and path only: everything else may hold a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.url.path())
    }
}

/// A response as it comes in: the head is there, the body still arrives.
pub struct Incoming {
    /// The status.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, still encoded.
    pub body: Box<dyn Chunks>,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Incoming({})", self.status)
    }
}

/// A body that arrives in chunks.
pub trait Chunks: Send {
    /// The next chunk; nothing at the end.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>>;
}

/// Why a transport could not carry a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// The request cannot be sent at all: a proxy that is no URL, a certificate that cannot be read.
    Setup,
    /// The host's name is unknown.
    Name,
    /// No connection could be made.
    Connect,
    /// No connection could be made in time.
    ConnectTimeout,
    /// The server's certificate is not trusted.
    Certificate,
    /// The connection broke.
    Broken,
}

/// A failure of the transport. Its text never holds a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// What happened.
    pub trouble: Trouble,
    /// In words: a part of a sentence.
    pub text: String,
}

impl TransportError {
    /// A failure.
    pub fn new(trouble: Trouble, text: impl Into<String>) -> Self {
        Self { trouble, text: text.into() }
    }
}

/// Carries requests. A source takes another one than the network from
/// `SourceContext::extension::<SharedTransport>()`: in tests, or to record and replay.
pub trait Transport: Send + Sync {
    /// Sends a request and returns when the response's head is there. Redirects are not followed, encodings not taken off.
    ///
    /// # Errors
    /// What kept the request from being carried.
    fn send(&self, request: Outgoing) -> BoxFuture<'_, Result<Incoming, TransportError>>;
}

/// A transport that a program hands to a source.
#[derive(Clone)]
pub struct SharedTransport(pub Arc<dyn Transport>);

impl std::fmt::Debug for SharedTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedTransport")
    }
}
