//! A transport in memory: tests write down what the server answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use connector_core::clock::BoxFuture;

use super::{Chunks, Incoming, Outgoing, Transport, TransportError, Trouble};
use crate::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// An answer of a [`Memory`] transport.
///
/// ```
/// use connector_http::transport::Reply;
/// let limited = Reply::status(429).header("Retry-After", "2");
/// let page = Reply::json(r#"{"users":[]}"#);
/// let torn = Reply::json(r#"{"users":[{"#).broken();
/// ```
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    chunks: Vec<Bytes>,
    end: End,
    failure: Option<TransportError>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    Broken,
    Silent,
}

impl Reply {
    /// A status without a body. A number that is no status becomes 500.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: HeaderMap::new(),
            chunks: Vec::new(),
            end: End::Whole,
            failure: None,
        }
    }

    /// 200 with a JSON body.
    #[must_use]
    pub fn json(body: impl Into<Bytes>) -> Self {
        Self::status(200).header("Content-Type", "application/json").body(body)
    }

    /// No answer, but a failure of the transport.
    #[must_use]
    pub fn failure(trouble: Trouble, text: &str) -> Self {
        Self { failure: Some(TransportError::new(trouble, text)), ..Self::status(500) }
    }

    /// No answer and no failure: the server is silent.
    #[must_use]
    pub fn silence() -> Self {
        Self { failure: None, end: End::Silent, ..Self::status(500) }
    }

    /// Adds a header; one that is none is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.append(name, value);
        }
        self
    }

    /// Adds a chunk to the body.
    #[must_use]
    pub fn body(mut self, chunk: impl Into<Bytes>) -> Self {
        self.chunks.push(chunk.into());
        self
    }

    /// The connection breaks after the body so far.
    #[must_use]
    pub fn broken(mut self) -> Self {
        self.end = End::Broken;
        self
    }

    /// The server stops sending after the body so far, and keeps the connection.
    #[must_use]
    pub fn stalled(mut self) -> Self {
        self.end = End::Silent;
        self
    }
}

/// A request that a [`Memory`] transport was given.
pub type Seen = Outgoing;

type Answer = dyn Fn(&Outgoing) -> Reply + Send + Sync;

/// A transport in memory: a script of answers, or a function of the request.
#[derive(Clone)]
pub struct Memory {
    script: Arc<Mutex<VecDeque<Reply>>>,
    answer: Arc<Answer>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Memory {
    /// Answers in this order; what comes after the last is answered with 500 and `the script is over`.
    #[must_use]
    pub fn script(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self {
            script: Arc::new(Mutex::new(replies.into_iter().collect())),
            answer: Arc::new(|_| Reply::status(500).body("the script is over")),
            seen: Arc::default(),
        }
    }

    /// Answers each request with what the function makes of it.
    #[must_use]
    pub fn answering(answer: impl Fn(&Outgoing) -> Reply + Send + Sync + 'static) -> Self {
        Self { script: Arc::default(), answer: Arc::new(answer), seen: Arc::default() }
    }

    /// Every request so far, credentials included.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Transport for Memory {
    fn send(&self, request: Outgoing) -> BoxFuture<'_, Result<Incoming, TransportError>> {
        let next = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let reply = next.unwrap_or_else(|| (self.answer)(&request));
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        Box::pin(async move {
            if let Some(failure) = reply.failure {
                return Err(failure);
            }
            if reply.end == End::Silent && reply.chunks.is_empty() && reply.headers.is_empty() {
                std::future::pending::<()>().await;
            }
            let body = Script { chunks: reply.chunks.into(), end: reply.end };
            Ok(Incoming { status: reply.status, headers: reply.headers, body: Box::new(body) })
        })
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

struct Script {
    chunks: VecDeque<Bytes>,
    end: End,
}

impl Chunks for Script {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        Box::pin(async move {
            match (self.chunks.pop_front(), self.end) {
                (Some(chunk), _) => Ok(Some(chunk)),
                (None, End::Whole) => Ok(None),
                (None, End::Broken) => Err(TransportError::new(Trouble::Broken, "connection reset by peer")),
                (None, End::Silent) => std::future::pending().await,
            }
        })
    }
}
