//! The network, through reqwest: the only file that knows it.
//!
//! What reqwest would do on its own is switched off: it follows redirects with keys in custom headers, sends `Referer` with
//! the query, and its errors print the URL.

use std::error::Error as _;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use connector_core::clock::BoxFuture;

use super::tls::Roots;
use super::{Chunks, Incoming, Outgoing, Transport, TransportError, Trouble, tls};
use crate::http::Url;

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

/// The network. A client is built with the first request that needs it: reading the system's certificates takes longer than
/// most requests on a fast network, and neither `spec` nor plain HTTP has a use for them.
pub(crate) struct Wire {
    options: WireOptions,
    plain: OnceLock<Result<reqwest::Client, TransportError>>,
    safe: OnceLock<Result<reqwest::Client, TransportError>>,
}

impl Wire {
    pub(crate) fn new(options: WireOptions) -> Self {
        Self { options, plain: OnceLock::new(), safe: OnceLock::new() }
    }

    fn client(&self, url: &Url) -> Result<&reqwest::Client, TransportError> {
        let client = if url.scheme() == "http" && !proxy_is_safe() {
            self.plain.get_or_init(|| build(&self.options, false))
        } else {
            self.safe.get_or_init(|| build(&self.options, true))
        };
        client.as_ref().map_err(Clone::clone)
    }
}

/// Whether a proxy of the environment is spoken to over TLS, which needs certificates for plain HTTP, too.
fn proxy_is_safe() -> bool {
    let variables = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
    variables.iter().any(|name| std::env::var(name).is_ok_and(|url| url.starts_with("https:")))
}

fn build(options: &WireOptions, safe: bool) -> Result<reqwest::Client, TransportError> {
    tls::install_provider();
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(options.connect_timeout)
        .pool_idle_timeout(options.pool_idle)
        .tcp_nodelay(true);
    let mut own = Vec::new();
    if safe {
        for pem in options.root_certificates.iter().filter(|pem| !pem.is_empty()) {
            own.extend(tls::from_pem(pem)?);
        }
    }
    let bundled = match options.roots {
        Roots::Bundled => true,
        Roots::System => false,
        Roots::Found => !tls::has_system_store(),
    };
    builder = if !safe {
        builder.tls_certs_only(own)
    } else if bundled {
        own.extend(tls::bundled_roots()?);
        builder.tls_certs_only(own)
    } else if own.is_empty() {
        builder
    } else {
        builder.tls_certs_merge(own)
    };
    builder.build().map_err(convert)
}

impl Transport for Wire {
    fn send(&self, request: Outgoing) -> BoxFuture<'_, Result<Incoming, TransportError>> {
        Box::pin(async move {
            let mut builder = self.client(&request.url)?.request(request.method, request.url).headers(request.headers);
            if let Some(body) = request.body {
                builder = builder.body(body);
            }
            let mut response = builder.send().await.map_err(convert)?;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            Ok(Incoming { status, headers, body: Box::new(Body(response)) })
        })
    }
}

struct Body(reqwest::Response);

impl Chunks for Body {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        Box::pin(async move { self.0.chunk().await.map_err(convert) })
    }
}

/// The one seam where reqwest's errors become ours: without their URL, with the cause in words.
fn convert(error: reqwest::Error) -> TransportError {
    let trouble = if error.is_dns() {
        Trouble::Name
    } else if error.is_connect() && error.is_timeout() {
        Trouble::ConnectTimeout
    } else if error.is_connect() {
        if is_certificate(&error) { Trouble::Certificate } else { Trouble::Connect }
    } else if error.is_builder() {
        Trouble::Setup
    } else {
        Trouble::Broken
    };
    TransportError::new(trouble, cause(&error.without_url()))
}

/// The innermost causes say what happened ("connection refused"), the outermost only that something did.
fn cause(error: &reqwest::Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.iter().any(|known| known.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    match texts.len() {
        0 => error.to_string(),
        count => texts.split_off(count.saturating_sub(2)).join(": "),
    }
}

fn is_certificate(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if error.to_string().contains("certificate") {
            return true;
        }
        next = error.source();
    }
    false
}
