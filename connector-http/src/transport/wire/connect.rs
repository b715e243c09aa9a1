//! How a connection is made: names, addresses, proxies, TLS.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use http::uri::Uri;
use hyper::client::conn::http1;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::connection::{Connection, Form, Http1, Message, Payload};
use super::pool::Origin;
use super::stream::Stream;
use super::tls::Tls;
use super::{WireOptions, fault};
use crate::http::{HeaderName, HeaderValue, Method};
use crate::transport::{TransportError, Trouble};

/// Makes connections.
pub(super) struct Connector {
    options: WireOptions,
    proxies: OnceLock<Matcher>,
    tls: OnceLock<Result<Tls, TransportError>>,
}

impl Connector {
    pub(super) fn new(options: WireOptions) -> Self {
        Self { options, proxies: OnceLock::new(), tls: OnceLock::new() }
    }

    /// A new connection, within the time that making one may take.
    pub(super) async fn connect(&self, origin: &Origin) -> Result<Connection, TransportError> {
        let limit = self.options.connect_timeout;
        tokio::time::timeout(limit, self.establish(origin)).await.unwrap_or_else(|_| {
            Err(TransportError::new(Trouble::ConnectTimeout, format!("no connection within {limit:?}")))
        })
    }

    async fn establish(&self, origin: &Origin) -> Result<Connection, TransportError> {
        // Certificates that cannot be read are told before anybody is asked.
        let tls = if origin.is_safe { Some(self.tls()?) } else { None };
        let proxy = self.proxy(origin);
        let stream: Box<dyn Stream> = match &proxy {
            Some(proxy) => self.to_proxy(proxy).await?,
            None => Box::new(tcp(&host(&origin.host), origin.port).await?),
        };
        let Some(tls) = tls else {
            let form = match proxy {
                Some(proxy) => Form::Absolute { authorization: proxy.basic_auth().cloned() },
                None => Form::Origin,
            };
            return http1(stream, form).await;
        };
        let stream = match &proxy {
            Some(proxy) => tunnel(stream, origin, proxy.basic_auth()).await?,
            None => stream,
        };
        let stream = tls.to_server(&host(&origin.host), stream).await?;
        #[cfg(feature = "http2")]
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            return http2(Box::new(stream), origin).await;
        }
        http1(Box::new(stream), Form::Origin).await
    }

    fn tls(&self) -> Result<&Tls, TransportError> {
        self.tls.get_or_init(|| Tls::new(&self.options)).as_ref().map_err(Clone::clone)
    }

    /// The proxy that the environment names for an origin.
    fn proxy(&self, origin: &Origin) -> Option<Intercept> {
        let scheme = if origin.is_safe { "https" } else { "http" };
        let asked =
            Uri::builder().scheme(scheme).authority(origin.authority.clone()).path_and_query("/").build().ok()?;
        self.proxies.get_or_init(Matcher::from_env).intercept(&asked)
    }

    async fn to_proxy(&self, proxy: &Intercept) -> Result<Box<dyn Stream>, TransportError> {
        let refused = |why: &str| TransportError::new(Trouble::Setup, format!("the proxy of the environment {why}"));
        let name = proxy.uri().host().ok_or_else(|| refused("has no host"))?.trim_matches(['[', ']']);
        let (tls, own_port) = match proxy.uri().scheme_str() {
            Some("http") => (None, 80),
            Some("https") => (Some(self.tls()?), 443),
            _ => return Err(refused("is neither http nor https")),
        };
        let stream: Box<dyn Stream> = Box::new(tcp(name, proxy.uri().port_u16().unwrap_or(own_port)).await?);
        match tls {
            Some(tls) => Ok(Box::new(tls.to_proxy(name, stream).await?)),
            None => Ok(stream),
        }
    }
}

/// A host as names and addresses are looked up: without brackets.
fn host(host: &url::Host) -> String {
    match host {
        url::Host::Domain(name) => name.clone(),
        url::Host::Ipv4(address) => address.to_string(),
        url::Host::Ipv6(address) => address.to_string(),
    }
}

/// How long the next address waits for the one before (RFC 8305 recommends 250 ms).
const HEAD_START: Duration = Duration::from_millis(250);

/// A connection to the first address of a host that takes one: each is tried when the one before has failed or had its head start.
async fn tcp(host: &str, port: u16) -> Result<TcpStream, TransportError> {
    let found = tokio::net::lookup_host((host, port)).await.map_err(|error| fault::unknown_name(&error))?;
    let mut addresses = by_turns(found).into_iter();
    let mut tried = JoinSet::new();
    let mut failure = TransportError::new(Trouble::Name, "the name has no address");
    loop {
        let next = addresses.next();
        let more = addresses.len() > 0;
        match next {
            Some(address) => drop(tried.spawn(TcpStream::connect(address))),
            None if tried.is_empty() => return Err(failure),
            None => {}
        }
        let ended = if more {
            tokio::time::timeout(HEAD_START, tried.join_next()).await.ok().flatten()
        } else {
            tried.join_next().await
        };
        match ended {
            Some(Ok(Ok(stream))) => {
                tune(&stream);
                return Ok(stream);
            }
            Some(Ok(Err(error))) => failure = fault::refused(&error),
            Some(Err(error)) => failure = fault::refused(&error),
            None => {}
        }
    }
}

/// The addresses of both families by turns, beginning with the family that the system prefers.
fn by_turns(addresses: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    let all: Vec<SocketAddr> = addresses.collect();
    let preferred = all.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = all.into_iter().partition(|address| address.is_ipv6() == preferred);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut out = Vec::with_capacity(first.len() + second.len());
    loop {
        match (first.next(), second.next()) {
            (None, None) => return out,
            (one, other) => out.extend(one.into_iter().chain(other)),
        }
    }
}

/// Requests leave at once; a server that is gone is noticed. A system that refuses one of these does without.
fn tune(stream: &TcpStream) {
    const QUIET: Duration = Duration::from_secs(15);
    let _ = stream.set_nodelay(true);
    let socket = socket2::SockRef::from(stream);
    let alive = socket2::TcpKeepalive::new().with_time(QUIET);
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "macos", target_os = "freebsd"))]
    let alive = alive.with_interval(QUIET).with_retries(3);
    let _ = socket.set_tcp_keepalive(&alive);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket.set_tcp_user_timeout(Some(2 * QUIET));
}

/// Asks a proxy for a tunnel to a server.
async fn tunnel(
    stream: Box<dyn Stream>,
    origin: &Origin,
    authorization: Option<&HeaderValue>,
) -> Result<Box<dyn Stream>, TransportError> {
    let refused = |why: String| TransportError::new(Trouble::Connect, format!("the proxy {why}"));
    let lost = |error: hyper::Error| refused(format!("made no tunnel: {}", fault::lost(&error).text));
    let target = format!("{}:{}", origin.host, origin.port);
    let mut message = Message::new(Payload::new(None));
    *message.method_mut() = Method::CONNECT;
    *message.uri_mut() = Uri::try_from(target.as_str()).map_err(|error| refused(error.to_string()))?;
    let host = HeaderValue::try_from(target).map_err(|error| refused(error.to_string()))?;
    message.headers_mut().insert(HeaderName::from_static("host"), host);
    if let Some(authorization) = authorization {
        message.headers_mut().insert(HeaderName::from_static("proxy-authorization"), authorization.clone());
    }
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
    // A set of one: it ends with us.
    let mut task = JoinSet::new();
    task.spawn(connection.without_shutdown());
    let response = sender.send_request(message).await.map_err(lost)?;
    if response.status().as_u16() == 407 {
        return Err(refused("wants credentials; they stand before the host in its URL".to_owned()));
    }
    if !response.status().is_success() {
        return Err(refused(format!("made no tunnel: it answered {}", response.status())));
    }
    match task.join_next().await {
        Some(Ok(Ok(parts))) => Ok(parts.io.into_inner()),
        Some(Ok(Err(error))) => Err(lost(error)),
        Some(Err(_)) | None => Err(refused("made no tunnel".to_owned())),
    }
}

async fn http1(stream: Box<dyn Stream>, form: Form) -> Result<Connection, TransportError> {
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| fault::lost(&error))?;
    // How it ends is told to the request that it carries.
    tokio::spawn(async move { drop(connection.await) });
    Ok(Connection::Http1(Http1 { sender, form }))
}

#[cfg(feature = "http2")]
async fn http2(stream: Box<dyn Stream>, origin: &Origin) -> Result<Connection, TransportError> {
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, TokioIo::new(stream))
        .await
        .map_err(|error| fault::lost(&error))?;
    tokio::spawn(async move { drop(connection.await) });
    sender.ready().await.map_err(|error| fault::lost(&error))?;
    Ok(Connection::Http2(origin.share(sender)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn families_take_turns() {
        let order = |given: &[&str]| -> Vec<String> {
            let addresses = given.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 80));
            by_turns(addresses).iter().map(|address| address.ip().to_string()).collect()
        };
        assert_eq!(order(&["::1", "::2", "::3", "1.1.1.1"]), ["::1", "1.1.1.1", "::2", "::3"]);
        assert_eq!(order(&["1.1.1.1", "::1", "2.2.2.2"]), ["1.1.1.1", "::1", "2.2.2.2"]);
        assert_eq!(order(&[]), [""; 0]);
    }

    #[tokio::test]
    async fn another_address_is_tried_if_one_refuses() {
        // `localhost` is 127.0.0.1 and, on most systems, ::1, where nobody listens.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(tcp("localhost", port).await.is_ok());
        drop(listener);
        assert_eq!(tcp("localhost", port).await.unwrap_err().trouble, Trouble::Connect);
        assert_eq!(tcp("no.such.host.invalid", 80).await.unwrap_err().trouble, Trouble::Name);
    }
}
