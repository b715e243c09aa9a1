//! What all requests of a source go through: credentials only where they belong, redirects, cookies, timeouts.
//!
//! `origin` knows the hosts, `cookies` keeps a session, `show` writes URLs for people, `exchange` sends one request once,
//! `trial` names what can go wrong in that, `body` reads the answer, `room` bounds what is read before its turn.

mod api;
mod body;
mod cookies;
mod exchange;
mod origin;
mod room;
pub(crate) mod show;
mod token;
mod trial;

use std::sync::Arc;

use connector_core::{Result, SourceContext};

pub use api::{ApiClient, ApiRequest};
pub(crate) use body::Body;
#[cfg(any(test, fuzzing))]
pub(crate) use cookies::Jar;
pub(crate) use exchange::{Ask, Elsewhere, Received};
pub(crate) use room::Part;
pub(crate) use trial::Trial;

use crate::auth::{Auth, Authorizer};
use crate::classify::Rule;
use crate::decode;
use crate::http::{HeaderMap, HeaderName, HeaderValue};
use crate::request::{header_name, header_value, parse_url};
use crate::send::{Budget, LimitHeaders};
use crate::settings::SourceSettings;
use crate::transport::{SharedTransport, Transport, Wire, WireOptions};
#[cfg(not(any(test, fuzzing)))]
use cookies::Jar;
use origin::Origins;
use room::Room;

/// What the streams of a source share.
pub(crate) struct Client {
    pub(crate) base: String,
    pub(crate) cx: SourceContext,
    pub(crate) auth: Arc<Authorizer>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) origins: Origins,
    /// Room for answers that come before their turn.
    pub(crate) room: Room,
    transport: Arc<dyn Transport>,
    budget: Arc<Budget>,
    pub(crate) limit_headers: LimitHeaders,
    in_flight: usize,
    jar: Jar,
    /// Sent everywhere: who we are and what we understand.
    plain_headers: HeaderMap,
    /// The author's, for trusted hosts only.
    headers: HeaderMap,
}

impl Client {
    /// Prepares a client; nothing is connected yet.
    pub(crate) fn new(base: &str, auth: &Auth, settings: SourceSettings, cx: &SourceContext) -> Result<Self> {
        let base_url = parse_url(base)?;
        let options = WireOptions {
            connect_timeout: cx.limits.connect_timeout,
            pool_idle: cx.limits.pool_idle,
            root_certificates: settings.root_certificates,
            roots: settings.roots,
        };
        let transport = match cx.extension::<SharedTransport>() {
            Some(shared) => Arc::clone(&shared.0),
            None => Arc::new(Wire::new(options)) as Arc<dyn Transport>,
        };
        let limits = match settings.concurrency {
            Some(concurrency) => cx.change_limits(|limits| {
                (limits.streams, limits.slices, limits.requests_per_host) = (concurrency, concurrency, concurrency);
            }),
            None => cx.limits.clone(),
        };
        let in_flight = settings.requests_per_host.unwrap_or(limits.requests_per_host).max(1);
        Ok(Self {
            base: base.to_owned(),
            auth: Arc::new(Authorizer::new(auth, cx)?),
            rules: settings.rules,
            origins: Origins::new(base_url, settings.allowed_hosts),
            room: Room::new(cx.limits.ahead_bytes),
            transport,
            budget: Arc::new(Budget::new(Arc::clone(&cx.clock), settings.quotas, in_flight)),
            limit_headers: settings.limit_headers,
            in_flight,
            jar: Jar::default(),
            plain_headers: plain_headers(cx)?,
            headers: settings.headers.into_map(),
            cx: cx.clone(),
        })
    }

    /// How many requests may be in flight to a host.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }
}

/// Who we are and what we understand.
fn plain_headers(cx: &SourceContext) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let agent = format!("{}/{} connector/{}", cx.info.name, cx.info.version, env!("CARGO_PKG_VERSION"));
    let name = header_name("user-agent")?;
    let value = header_value(&name, &agent)?;
    headers.insert(name, value);
    headers.insert(HeaderName::from_static("accept"), HeaderValue::from_static("application/json, */*;q=0.5"));
    headers.insert(HeaderName::from_static("accept-encoding"), HeaderValue::from_static(decode::ACCEPTED));
    Ok(headers)
}
