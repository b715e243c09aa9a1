//! One request, sent once: quota, credentials, redirects, cookies, the wait for the first byte.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use connector_core::{Error, ErrorKind, Result};

use super::{Body, Client, Trial, show};
use crate::auth::{Authorizer, Credentials, Issued};
use crate::decode::Decoder;
use crate::http::{HeaderMap, HeaderName, Method, StatusCode, Url};
use crate::request::{Draft, header_value};
use crate::send::{Advice, Lane, Permit, SHARED, Ticket, Want, advice};
use crate::transport::{Incoming, Outgoing};

/// Waits of a quota up to this long are made without telling anybody.
const QUIET: Duration = Duration::from_secs(5);

/// What to ask, and with whose credentials.
pub(crate) struct Ask<'a> {
    pub(crate) draft: &'a Draft,
    pub(crate) auth: &'a Authorizer,
    /// The stream that asks; empty for a request of our own.
    pub(crate) stream: &'a str,
    pub(crate) weight: u32,
    pub(crate) elsewhere: Elsewhere,
    /// The request's place among those that wait to be sent.
    pub(crate) ticket: &'a Ticket,
}

/// What becomes of a request to a host that is neither the base URL's nor allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Elsewhere {
    /// It is refused.
    Refused,
    /// It is sent without credentials, headers and cookies: a download.
    Bare,
    /// It gets the credentials that it needs: a token endpoint is where the author says. Others wait for it, so it waits for none.
    Trusted,
}

/// An answer whose body still arrives.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Where the answer came from, after redirects, credentials in the query taken off.
    pub(crate) url: Url,
    pub(crate) body: Body,
    pub(crate) advice: Advice,
    /// Which credentials were used.
    pub(crate) issued: Issued,
    /// From the request to the first byte.
    pub(crate) waited: Duration,
}

impl Client {
    /// Sends a request once.
    pub(crate) async fn exchange(self: &Arc<Self>, ask: &Ask<'_>) -> Result<Received, Trial> {
        let draft = ask.draft;
        let mut url = draft.full_url();
        let mut followed = 0;
        loop {
            let trusted = ask.elsewhere == Elsewhere::Trusted || self.origins.trusts(&url);
            if followed == 0 && !trusted && ask.elsewhere == Elsewhere::Refused {
                self.origins.check(&url, "the request").map_err(Trial::Final)?;
            }
            let host = super::origin::host_and_port(&url);
            let lanes = if trusted { ask.auth.usable_lanes().map_err(Trial::Final)? } else { vec![SHARED] };
            let urgent = ask.elsewhere == Elsewhere::Trusted;
            let want = Want { host, stream: ask.stream, weight: ask.weight, lanes: &lanes, urgent };
            let permit = self.budget.acquire(&want, ask.ticket, QUIET).await.map_err(Trial::Held)?;
            // Once it is this request's turn: a token that was taken before could end in the wait.
            let mut credentials =
                if trusted { ask.auth.ready(self).await.map_err(Trial::Final)? } else { Credentials::default() };
            credentials.issued.lane = permit.lane();
            let outgoing = if trusted {
                self.with_credentials(draft, &url, followed > 0, ask.auth, &credentials).map_err(Trial::Final)?
            } else {
                Outgoing {
                    method: draft.method.clone(),
                    url: url.clone(),
                    headers: self.plain_headers.clone(),
                    body: None,
                }
            };
            let sent_at = self.cx.clock.elapsed();
            let incoming = tokio::select! {
                biased;
                incoming = self.transport.send(outgoing) => incoming.map_err(Trial::Transport)?,
                () = self.cx.clock.deadline(self.cx.limits.first_byte_timeout) => {
                    return Err(Trial::Silent(self.cx.limits.first_byte_timeout));
                }
            };
            if self.origins.trusts(&url) {
                self.jar.keep(&url, &incoming.headers);
            }
            let waited = self.cx.clock.elapsed().saturating_sub(sent_at);
            let Some(target) = redirect(&incoming) else {
                let advice = advice(&incoming.headers, &self.limit_headers, self.cx.clock.now());
                let issued = credentials.issued;
                let success = incoming.status.is_success();
                self.budget.learn(host, issued.lane, &advice, success, self.cx.limits.backoff_cap);
                return self.receive(incoming, url, permit, advice, issued, waited);
            };
            followed += 1;
            url = self.follow(draft, &url, &target, followed)?;
        }
    }

    /// The whole request: headers, cookies and credentials. Hosts that are not trusted get none of them.
    fn with_credentials(
        &self,
        draft: &Draft,
        url: &Url,
        moved: bool,
        auth: &Authorizer,
        credentials: &Credentials,
    ) -> Result<Outgoing> {
        // A redirect is followed only with the methods that have no body.
        let mut body = if moved { crate::request::Body::new() } else { draft.body.clone() };
        let mut url = url.clone();
        let mut headers = self.plain_headers.clone();
        // A token endpoint elsewhere gets the credentials that it needs, and nothing else of ours.
        let ours = self.origins.trusts(&url);
        let own = ours.then_some(&self.headers);
        for given in own.into_iter().chain([draft.headers.as_map()]) {
            for name in given.keys() {
                headers.remove(name);
            }
            for (name, value) in given {
                headers.append(name.clone(), value.clone());
            }
        }
        auth.apply(credentials, &mut url, &mut headers, &mut body)?;
        let body = body.render()?;
        if let Some((content_type, _)) = &body
            && !headers.contains_key("content-type")
        {
            let name = HeaderName::from_static("content-type");
            let value = header_value(&name, content_type)?;
            headers.insert(name, value);
        }
        if ours {
            self.jar.apply(&url, &mut headers);
        }
        url.set_fragment(None);
        let body = body.map(|(_, bytes)| bytes);
        let mut outgoing = Outgoing { method: draft.method.clone(), url, headers, body };
        auth.sign(&mut outgoing, self.cx.clock.now())?;
        Ok(outgoing)
    }

    fn receive(
        &self,
        incoming: Incoming,
        mut url: Url,
        permit: Permit,
        advice: Advice,
        issued: Issued,
        waited: Duration,
    ) -> Result<Received, Trial> {
        let encoding = incoming.headers.get("content-encoding").and_then(|value| value.to_str().ok());
        let decoder = Decoder::new(encoding).map_err(Trial::Encoding)?;
        let body = Body::new(incoming.body, decoder, Arc::clone(&self.cx.clock), &self.cx.limits, permit);
        url.set_fragment(None);
        Ok(Received { status: incoming.status, headers: incoming.headers, url, body, advice, issued, waited })
    }

    /// Where a redirect leads, if it may be followed.
    fn follow(&self, draft: &Draft, from: &Url, target: &str, followed: u32) -> Result<Url, Trial> {
        let refuse = |why: String| {
            let asked = show::request(&draft.method, from, &self.cx.mask);
            Trial::Final(Error::new(ErrorKind::Refused, format!("{asked} was redirected {why}")))
        };
        let to = from.join(target).map_err(|error| refuse(format!("to what is no URL ({error})")))?;
        if !matches!(to.scheme(), "https" | "http") {
            return Err(refuse(format!(
                "to a URL of the scheme `{}`, which is not followed; check the base URL",
                to.scheme()
            )));
        }
        if !matches!(draft.method, Method::GET | Method::HEAD) {
            let to = show::url(&to, &self.cx.mask);
            return Err(refuse(format!("to {to}, which is followed for GET only; correct the URL in the config")));
        }
        if followed > self.cx.limits.redirects {
            return Err(refuse(format!(
                "more than {} times; check the base URL and the credentials",
                self.cx.limits.redirects
            )));
        }
        Ok(to)
    }

    /// Tells the budget that a host limits a credential.
    pub(crate) fn limited(&self, url: &Url, lane: Lane, wait: Duration) {
        self.budget.limited(super::origin::host_and_port(url), lane, wait);
    }

    /// How long until a host lets one of these credentials in again.
    pub(crate) fn free_in(&self, url: &Url, lanes: &[Lane]) -> Duration {
        self.budget.free_in(super::origin::host_and_port(url), lanes)
    }

    /// The time of day.
    pub(crate) fn now(&self) -> SystemTime {
        self.cx.clock.now()
    }
}

fn redirect(incoming: &Incoming) -> Option<String> {
    if !matches!(incoming.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = incoming.headers.get("location")?;
    // Some servers send raw UTF-8 here.
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned()).filter(|target| !target.is_empty())
}
