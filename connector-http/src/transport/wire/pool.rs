//! Connections that are idle, by origin.
//!
//! A connection is taken out for one request and comes back when the answer was read to its end, so there are never more of them
//! than there were requests in flight. One that was not used for `pool_idle` is closed. HTTP/2 has one connection for all requests
//! to an origin, which stays in the pool.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::uri::Authority;

use super::connection::{Connection, Http1};
use crate::http::{HeaderValue, Url};
use crate::transport::{TransportError, Trouble};

/// The connections of a source.
pub(super) struct Pool {
    idle: Duration,
    origins: Mutex<Origins>,
}

struct Origins {
    known: HashMap<Box<str>, Arc<Origin>>,
    /// When connections were last looked for that nobody uses any more.
    swept: Instant,
}

/// A server: scheme, host and port.
pub(super) struct Origin {
    pub(super) is_safe: bool,
    pub(super) host: url::Host,
    pub(super) port: u16,
    /// Host and port as URLs have them, the scheme's own port left out.
    pub(super) authority: Authority,
    /// The same as a header.
    pub(super) host_header: HeaderValue,
    idle: Duration,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    http1: Vec<(Http1, Instant)>,
    #[cfg(feature = "http2")]
    http2: Option<(Shared, Instant)>,
}

/// A connection that many requests share.
#[cfg(feature = "http2")]
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) sender: hyper::client::conn::http2::SendRequest<super::connection::Payload>,
    /// One for the pool, one for each request.
    users: Arc<()>,
}

impl Pool {
    pub(super) fn new(idle: Duration) -> Self {
        Self { idle, origins: Mutex::new(Origins { known: HashMap::new(), swept: Instant::now() }) }
    }

    /// The server that a URL names.
    pub(super) fn origin(&self, url: &Url) -> Result<Arc<Origin>, TransportError> {
        let key = &url[..url::Position::BeforePath];
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        origins.sweep(self.idle);
        if let Some(origin) = origins.known.get(key) {
            return Ok(Arc::clone(origin));
        }
        let origin = Arc::new(Origin::new(url, self.idle)?);
        origins.known.insert(key.into(), Arc::clone(&origin));
        Ok(origin)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.origins.lock().unwrap_or_else(PoisonError::into_inner).known.len()
    }
}

impl Origins {
    /// Closes what was idle for too long, and forgets the origins that have nothing left.
    fn sweep(&mut self, idle: Duration) {
        if self.swept.elapsed() < idle {
            return;
        }
        self.swept = Instant::now();
        self.known.retain(|_, origin| Arc::strong_count(origin) > 1 || origin.has_connections());
    }
}

impl Origin {
    fn new(url: &Url, idle: Duration) -> Result<Self, TransportError> {
        let refused = |what: &str| TransportError::new(Trouble::Setup, format!("its URL has {what}"));
        let (is_safe, own_port) = match url.scheme() {
            "https" => (true, 443),
            "http" => (false, 80),
            _ => return Err(refused("a scheme other than http and https")),
        };
        let host = url.host().ok_or_else(|| refused("no host"))?.to_owned();
        let text = url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
        let authority = Authority::try_from(text.as_str()).map_err(|_| refused("a host that cannot be asked"))?;
        let host_header = HeaderValue::try_from(text).map_err(|_| refused("a host that cannot be asked"))?;
        let port = url.port().unwrap_or(own_port);
        Ok(Self { is_safe, host, port, authority, host_header, idle, kept: Mutex::default() })
    }

    /// A connection that can take a request now.
    pub(super) async fn take(&self) -> Option<Connection> {
        #[cfg(feature = "http2")]
        if let Some(shared) = self.shared() {
            return Some(Connection::Http2(shared));
        }
        loop {
            let (mut connection, since) = self.kept().http1.pop()?;
            if since.elapsed() < self.idle && connection.is_usable().await {
                return Some(Connection::Http1(connection));
            }
        }
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep(&self, connection: Http1) {
        if !connection.sender.is_closed() {
            let now = Instant::now();
            let mut kept = self.kept();
            // The longest unused are in front.
            let stale = kept.http1.iter().take_while(|(_, since)| now.duration_since(*since) >= self.idle).count();
            kept.http1.drain(..stale);
            kept.http1.push((connection, now));
        }
    }

    fn has_connections(&self) -> bool {
        let mut kept = self.kept();
        kept.http1.retain(|(connection, since)| since.elapsed() < self.idle && !connection.sender.is_closed());
        #[cfg(feature = "http2")]
        if kept.http2.as_ref().is_some_and(|(shared, since)| shared.is_stale(*since, self.idle)) {
            kept.http2 = None;
        }
        #[cfg(feature = "http2")]
        if kept.http2.is_some() {
            return true;
        }
        !kept.http1.is_empty()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(feature = "http2")]
impl Origin {
    /// The connection that all requests share, if it still can be used.
    fn shared(&self) -> Option<Shared> {
        let mut kept = self.kept();
        let (shared, since) = kept.http2.as_ref()?;
        if shared.is_stale(*since, self.idle) {
            kept.http2 = None;
            return None;
        }
        Some(shared.clone())
    }

    /// Shares a connection, or returns the one that another request made meanwhile.
    pub(super) fn share(&self, sender: hyper::client::conn::http2::SendRequest<super::connection::Payload>) -> Shared {
        let made = Shared { sender, users: Arc::new(()) };
        self.shared().unwrap_or_else(|| {
            self.kept().http2 = Some((made.clone(), Instant::now()));
            made
        })
    }

    /// An answer was read to its end.
    pub(super) fn rested(&self, shared: &Shared) {
        if let Some((kept, since)) = self.kept().http2.as_mut()
            && Arc::ptr_eq(&kept.users, &shared.users)
        {
            *since = Instant::now();
        }
    }

    /// Another connection has to be made for the next request.
    pub(super) fn forget(&self, shared: &Shared) {
        self.kept().http2.take_if(|(kept, _)| Arc::ptr_eq(&kept.users, &shared.users));
    }
}

#[cfg(feature = "http2")]
impl Shared {
    /// Whether it was closed, or no request used it for too long.
    fn is_stale(&self, since: Instant, idle: Duration) -> bool {
        self.sender.is_closed() || (Arc::strong_count(&self.users) == 1 && since.elapsed() >= idle)
    }
}
