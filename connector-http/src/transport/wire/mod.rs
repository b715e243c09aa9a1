//! The network, through hyper: the only folder that knows it.
//!
//! `connect` makes connections (names, addresses, proxies), `tls` makes them safe, `pool` keeps those that are idle, `connection`
//! speaks over one, `fault` says what went wrong. Nothing here follows a redirect, keeps a cookie or decodes a body.

mod connect;
mod connection;
mod fault;
mod pool;
mod stream;
#[cfg(test)]
mod tests;
mod tls;

use std::time::Duration;

use base64::Engine as _;
use connector_core::clock::BoxFuture;

use super::{Incoming, Outgoing, Transport, TransportError};
use crate::http::{HeaderMap, HeaderName, HeaderValue, Url};
use connect::Connector;
use connection::{Message, Payload, Sent};
use pool::Pool;
pub use tls::Roots;

/// How connections are made.
#[derive(Debug, Clone, Default)]
pub(crate) struct WireOptions {
    /// How long making a connection may take.
    pub(crate) connect_timeout: Duration,
    /// How long an idle connection is kept; servers close theirs without telling.
    pub(crate) pool_idle: Duration,
    /// Certificate authorities besides the system's, as PEM.
    pub(crate) root_certificates: Vec<Vec<u8>>,
    /// Whose certificate authorities are trusted.
    pub(crate) roots: Roots,
}

/// The network. Certificates are read with the first connection over TLS: that takes longer than most requests on a fast network, and
/// neither `spec` nor plain HTTP has a use for them.
pub(crate) struct Wire {
    pool: Pool,
    connector: Connector,
}

impl Wire {
    pub(crate) fn new(options: WireOptions) -> Self {
        Self { pool: Pool::new(options.pool_idle), connector: Connector::new(options) }
    }

    async fn carry(&self, request: Outgoing) -> Result<Incoming, TransportError> {
        let Outgoing { method, url, mut headers, body } = request;
        let origin = self.pool.origin(&url)?;
        authorize(&url, &mut headers);
        let mut message = Message::new(Payload::new(body));
        (*message.method_mut(), *message.headers_mut()) = (method, headers);
        let mut idle = true;
        loop {
            let kept = if idle { origin.take().await } else { None };
            idle = kept.is_some();
            let connection = match kept {
                Some(connection) => connection,
                // It is made once for many requests: its states need not be in each of them.
                None => Box::pin(self.connector.connect(&origin)).await?,
            };
            match connection.send(message, &origin, &url).await? {
                Sent::Answered(incoming) => return Ok(incoming),
                // The server closed an idle connection before it saw anything of the request, which is sent over another one.
                Sent::Unseen(unseen, _) if idle => message = *unseen,
                Sent::Unseen(_, error) => return Err(error),
            }
        }
    }
}

impl Transport for Wire {
    fn send(&self, request: Outgoing) -> BoxFuture<'_, Result<Incoming, TransportError>> {
        Box::pin(self.carry(request))
    }
}

/// A user and a password in the URL are sent as credentials of the basic kind, unless there are others.
fn authorize(url: &Url, headers: &mut HeaderMap) {
    const AUTHORIZATION: HeaderName = HeaderName::from_static("authorization");
    if (url.username().is_empty() && url.password().is_none()) || headers.contains_key(AUTHORIZATION) {
        return;
    }
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let both = format!("{}:{}", decoded(url.username()), decoded(url.password().unwrap_or_default()));
    let text = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(both));
    if let Ok(mut value) = HeaderValue::try_from(text) {
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
}
