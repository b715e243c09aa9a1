//! One connection to a server: a request goes out, its answer comes in.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use connector_core::clock::BoxFuture;
use http::uri::{PathAndQuery, Scheme, Uri};
use hyper::body::{Body as _, Frame, SizeHint};
use hyper::client::conn::{TrySendError, http1};

use super::fault;
use super::pool::Origin;
use crate::http::{HeaderName, HeaderValue, Url};
use crate::transport::{Chunks, Incoming, TransportError, Trouble};

/// A request as hyper takes it.
pub(super) type Message = http::Request<Payload>;

/// How long an idle connection has to get ready, if it still is at the request before.
const READY: Duration = Duration::from_millis(100);

/// The body of a request: one piece, or none.
#[derive(Debug)]
pub(super) struct Payload(Option<Bytes>);

impl Payload {
    pub(super) fn new(body: Option<Bytes>) -> Self {
        Self(body.filter(|bytes| !bytes.is_empty()))
    }
}

impl hyper::body::Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// A connection that is free to take a request.
pub(super) enum Connection {
    Http1(Http1),
    #[cfg(feature = "http2")]
    Http2(super::pool::Shared),
}

/// A connection that carries one request after the other.
pub(super) struct Http1 {
    pub(super) sender: http1::SendRequest<Payload>,
    pub(super) form: Form,
}

/// How a request names its target.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// By its path: the server at the other end is asked.
    Origin,
    /// By the whole URL: a proxy at the other end asks the server, and may want credentials of its own.
    Absolute { authorization: Option<HeaderValue> },
}

/// What became of a request.
pub(super) enum Sent {
    Answered(Incoming),
    /// The connection was closed before anything of the request was written.
    Unseen(Box<Message>, TransportError),
}

impl Http1 {
    /// Whether it takes another request; the end of an answer and the readiness for the next request are two events.
    pub(super) async fn is_usable(&mut self) -> bool {
        self.sender.is_ready() || matches!(tokio::time::timeout(READY, self.sender.ready()).await, Ok(Ok(())))
    }
}

impl Connection {
    /// Sends a request, and returns when the head of its answer is there.
    pub(super) async fn send(self, message: Message, origin: &Arc<Origin>, url: &Url) -> Result<Sent, TransportError> {
        match self {
            Self::Http1(mut connection) => {
                let message = connection.form.address(message, origin, url)?;
                match connection.sender.try_send_request(message).await {
                    Ok(response) => {
                        Ok(Sent::Answered(answered(response, Lease::Http1(connection, Arc::clone(origin)))))
                    }
                    Err(error) => unsent(error),
                }
            }
            #[cfg(feature = "http2")]
            Self::Http2(mut shared) => {
                let mut message = message;
                *message.uri_mut() = absolute(origin, url)?;
                *message.version_mut() = http::Version::HTTP_2;
                match shared.sender.try_send_request(message).await {
                    Ok(response) => Ok(Sent::Answered(answered(response, Lease::Http2(shared, Arc::clone(origin))))),
                    Err(error) => {
                        // It is about to close, whether it says so already or not.
                        if error.message().is_some() {
                            origin.forget(&shared);
                        }
                        unsent(error)
                    }
                }
            }
        }
    }
}

const HOST: HeaderName = HeaderName::from_static("host");

impl Form {
    fn address(&self, mut message: Message, origin: &Origin, url: &Url) -> Result<Message, TransportError> {
        *message.version_mut() = http::Version::HTTP_11;
        *message.uri_mut() = match self {
            Self::Origin => Uri::from(path_and_query(url)?),
            Self::Absolute { .. } => absolute(origin, url)?,
        };
        let headers = message.headers_mut();
        headers.entry(HOST).or_insert_with(|| origin.host_header.clone());
        if let Self::Absolute { authorization: Some(authorization) } = self {
            let name = HeaderName::from_static("proxy-authorization");
            headers.entry(name).or_insert_with(|| authorization.clone());
        }
        Ok(message)
    }
}

fn path_and_query(url: &Url) -> Result<PathAndQuery, TransportError> {
    PathAndQuery::try_from(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .map_err(|error| TransportError::new(Trouble::Setup, format!("its URL cannot be sent: {error}")))
}

fn absolute(origin: &Origin, url: &Url) -> Result<Uri, TransportError> {
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(if origin.is_safe { Scheme::HTTPS } else { Scheme::HTTP });
    parts.authority = Some(origin.authority.clone());
    parts.path_and_query = Some(path_and_query(url)?);
    Uri::from_parts(parts)
        .map_err(|error| TransportError::new(Trouble::Setup, format!("its URL cannot be sent: {error}")))
}

fn unsent(mut error: TrySendError<Message>) -> Result<Sent, TransportError> {
    let message = error.take_message();
    let error = fault::lost(&error.into_error());
    match message {
        Some(message) => Ok(Sent::Unseen(Box::new(message), error)),
        None => Err(error),
    }
}

fn answered(response: http::Response<hyper::body::Incoming>, lease: Lease) -> Incoming {
    let (head, incoming) = response.into_parts();
    let mut body = Body { incoming, lease: Some(lease) };
    if body.incoming.is_end_stream() {
        body.give_back();
    }
    Incoming { status: head.status, headers: head.headers, body: Box::new(body) }
}

/// The connection that an answer comes over.
enum Lease {
    Http1(Http1, Arc<Origin>),
    #[cfg(feature = "http2")]
    Http2(super::pool::Shared, Arc<Origin>),
}

/// A body that arrives. Its connection can be used again when it was read to its end; otherwise it is closed.
struct Body {
    incoming: hyper::body::Incoming,
    lease: Option<Lease>,
}

impl Body {
    fn give_back(&mut self) {
        match self.lease.take() {
            Some(Lease::Http1(connection, origin)) => origin.keep(connection),
            #[cfg(feature = "http2")]
            Some(Lease::Http2(shared, origin)) => origin.rested(&shared),
            None => {}
        }
    }
}

impl Chunks for Body {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        Box::pin(async move {
            loop {
                match poll_fn(|cx| Pin::new(&mut self.incoming).poll_frame(cx)).await {
                    Some(Ok(frame)) => {
                        let Ok(bytes) = frame.into_data() else { continue };
                        if self.incoming.is_end_stream() {
                            self.give_back();
                        }
                        return Ok(Some(bytes));
                    }
                    Some(Err(error)) => return Err(fault::lost(&error)),
                    None => {
                        self.give_back();
                        return Ok(None);
                    }
                }
            }
        })
    }
}
