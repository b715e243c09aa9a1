//! Requests of the author's own, for what decides on streams and schemas: with the source's credentials, retried, within its budget.

use std::sync::Arc;
use std::time::Duration;

use connector_core::record::Envelope;
use connector_core::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;

use super::{Ask, Client, Elsewhere, Received, Trial, show};
use crate::auth::{Issued, Refusal};
use crate::classify::{Answer, Verdict, advise, verdict};
use crate::http::Method;
use crate::request::{Body, Draft, Headers, Params, Path, join};
use crate::send::{Lane, Patience, Ticket, Turn};

/// The source's API, for functions that find out which streams or fields there are.
///
/// Its requests go the way of all others: credentials, quotas, rate limits, retries, the source's `#[on]` rules.
///
/// ```
/// use connector_http::{ApiClient, Result};
/// async fn tables(api: &ApiClient) -> Result<Vec<String>> {
///     api.get("meta/tables").param("limit", &100).json().await
/// }
/// ```
#[derive(Clone)]
pub struct ApiClient {
    client: Arc<Client>,
}

impl ApiClient {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    /// A GET request for a path below the base URL.
    pub fn get(&self, path: impl Into<Path>) -> ApiRequest<'_> {
        self.request(Method::GET, path)
    }

    /// A POST request for a path below the base URL.
    pub fn post(&self, path: impl Into<Path>) -> ApiRequest<'_> {
        self.request(Method::POST, path)
    }

    /// A request for a path below the base URL, or for a whole URL of a host that the source allows.
    pub fn request(&self, method: Method, path: impl Into<Path>) -> ApiRequest<'_> {
        ApiRequest {
            client: &self.client,
            method,
            path: path.into(),
            params: Params::new(),
            headers: Headers::new(),
            body: Body::new(),
        }
    }
}

impl std::fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiClient").finish_non_exhaustive()
    }
}

/// A request under construction; [`json`](Self::json) sends it.
#[must_use = "a request is sent by `json` or `bytes`"]
pub struct ApiRequest<'a> {
    client: &'a Arc<Client>,
    method: Method,
    path: Path,
    params: Params,
    headers: Headers,
    body: Body,
}

impl ApiRequest<'_> {
    /// Adds a query parameter; an option that is none is left out, a list is repeated.
    pub fn param<T: crate::ParamValue + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.params.add(name, value);
        self
    }

    /// Changes the query parameters.
    pub fn params(mut self, change: impl FnOnce(&mut Params)) -> Self {
        change(&mut self.params);
        self
    }

    /// Changes the headers.
    ///
    /// # Errors
    /// A value that cannot stand in a header.
    pub fn headers(mut self, change: impl FnOnce(&mut Headers) -> Result<()>) -> Result<Self> {
        change(&mut self.headers)?;
        Ok(self)
    }

    /// Makes the body.
    ///
    /// # Errors
    /// A value that cannot be written.
    pub fn body(mut self, make: impl FnOnce(&mut Body) -> Result<()>) -> Result<Self> {
        make(&mut self.body)?;
        Ok(self)
    }

    /// Sends it, again where that may help, and reads the answer as JSON. An answer that a rule ignores is null.
    ///
    /// # Errors
    /// What keeps the answer from coming; an answer that does not fit `T`.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T> {
        let (bytes, asked) = self.read().await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            let text = format!("{asked} answered with what the connector does not understand: {error}");
            Error::new(ErrorKind::Response, text)
        })
    }

    /// Sends it, again where that may help, and reads the answer as it is.
    ///
    /// # Errors
    /// What keeps the answer from coming.
    pub async fn bytes(self) -> Result<Vec<u8>> {
        self.read().await.map(|(bytes, _)| bytes)
    }

    /// The answer's body, and the request as errors show it.
    async fn read(self) -> Result<(Vec<u8>, String)> {
        let mut draft = Draft::new(self.method, join(&self.client.base, self.path.as_str())?);
        (draft.params, draft.headers, draft.body) = (self.params, self.headers, self.body);
        let asked = show::request(&draft.method, &draft.full_url(), &self.client.cx.mask);
        self.client.look_up(&draft, &asked).await.map(|bytes| (bytes, asked))
    }
}

/// What one try came to.
enum Tried {
    Done(Vec<u8>),
    Again(Error, Option<Duration>),
    Limited(Error, Option<Duration>, Lane),
    Held(Duration),
    Renew(Error, Issued),
    Failed(Error),
}

impl Client {
    /// Sends a request until it is answered, or enough was tried.
    async fn look_up(self: &Arc<Self>, draft: &Draft, asked: &str) -> Result<Vec<u8>> {
        let (mut patience, mut renewed, ticket) = (Patience::default(), false, Ticket::default());
        loop {
            let (turn, why) = match self.try_look_up(draft, asked, &ticket).await? {
                Tried::Done(body) => return Ok(body),
                Tried::Failed(error) => return Err(error),
                Tried::Renew(error, issued) => {
                    match self.auth.refused(issued).await {
                        Refusal::Another => {}
                        Refusal::Renewed if !renewed => renewed = true,
                        Refusal::NoneLeft(all) => {
                            return Err(Error::new(
                                all.kind(),
                                format!("{}; the last: {}", all.message(), error.message()),
                            ));
                        }
                        Refusal::Renewed | Refusal::Final => return Err(error),
                    }
                    continue;
                }
                Tried::Again(error, wait) => (patience.after_error(&self.cx.limits, wait), error),
                Tried::Limited(error, wait, lane) => {
                    let mut turn = patience.after_rate_limit(&self.cx.limits, wait);
                    if let Turn::Wait(wait) = &mut turn {
                        self.limited(&draft.url, lane, *wait);
                        // Another token of a rotation may be free before.
                        *wait = self.free_in(&draft.url, &self.auth.lanes()).min(*wait);
                    }
                    // A token may end in the wait.
                    renewed = false;
                    (turn, error)
                }
                Tried::Held(wait) => {
                    let error = Error::new(ErrorKind::RateLimited, format!("{asked} has to wait for its quota"));
                    (patience.after_hold(&self.cx.limits, wait), error)
                }
            };
            match turn {
                Turn::Wait(wait) => {
                    self.cx.log.info(format_args!("{}; asking again in {} ms", why.message(), wait.as_millis()));
                    tokio::select! {
                        biased;
                        () = self.cx.cancel.cancelled() => return Err(self.cx.cancel.error()),
                        () = self.cx.clock.sleep(wait) => {}
                    }
                }
                Turn::GiveUp(reason) => {
                    let text = format!("{}; {reason}", why.message());
                    return Err(Error::new(why.kind(), text).with_failure_type(why.failure_type()));
                }
            }
        }
    }

    async fn try_look_up(self: &Arc<Self>, draft: &Draft, asked: &str, ticket: &Ticket) -> Result<Tried> {
        let ask = Ask { draft, auth: &self.auth, stream: "", weight: 1, elsewhere: Elsewhere::Refused, ticket };
        let answer = tokio::select! {
            biased;
            () = self.cx.cancel.cancelled() => return Err(self.cx.cancel.error()),
            answer = self.exchange(&ask) => answer,
        };
        let received = match answer {
            Ok(received) => received,
            Err(Trial::Final(error)) => return Ok(Tried::Failed(error)),
            Err(Trial::Held(wait)) => return Ok(Tried::Held(wait)),
            Err(trial) => return Ok(lost(&trial, asked)),
        };
        let Received { status, headers, body, advice, issued, .. } = received;
        // One byte more than is kept tells that there is more.
        let most = self.cx.limits.body_bytes;
        let body = match body.head(most.saturating_add(1)).await {
            Ok(body) if body.len() > most => {
                let text = format!("{asked} answered with more than the {most} bytes that a body may have");
                return Ok(Tried::Failed(Error::new(ErrorKind::Limit, text)));
            }
            Ok(body) => body,
            Err(trial) if status.is_success() => return Ok(lost(&trial, asked)),
            // A failure whose body breaks is a failure all the same.
            Err(_) => Vec::new(),
        };
        let envelope = Envelope::new(body.as_slice());
        let seen = Answer::new(status, &headers, &envelope);
        let said = self.rules.iter().find_map(|rule| rule.judge(&seen, self.now()));
        let said = said.unwrap_or_else(|| verdict(status, &advice));
        let (kind, todo) = advise(status);
        let came = |message: Option<String>| {
            let shown = self.shown(&body);
            let text = match message {
                Some(message) => format!("{} ({asked} answered {status})", self.cx.mask.mask(&message)),
                None => format!("{asked} answered {status}: {shown}; {todo}"),
            };
            Error::new(if status.is_success() { ErrorKind::Response } else { kind }, text)
        };
        Ok(match said {
            Verdict::Success => Tried::Done(body),
            Verdict::Ignore => Tried::Done(b"null".to_vec()),
            Verdict::Retry { message, wait } => Tried::Again(came(message), wait.or(advice.wait())),
            Verdict::Restart => Tried::Again(came(None), advice.wait()),
            Verdict::RateLimited { wait } => {
                let text = came(None).message().to_owned();
                Tried::Limited(Error::new(ErrorKind::RateLimited, text), wait.or(advice.wait()), issued.lane)
            }
            Verdict::Refresh => Tried::Renew(came(None), issued),
            Verdict::Fail { message, failure_type } => {
                let error = came(message);
                Tried::Failed(match failure_type {
                    Some(who) => error.with_failure_type(who),
                    None => error,
                })
            }
        })
    }
}

/// A try that brought no whole answer.
fn lost(trial: &Trial, asked: &str) -> Tried {
    let (kind, text) = trial.describe();
    let error = Error::new(kind, format!("{asked} {text}{}", trial.todo()));
    if trial.may_pass() { Tried::Again(error, None) } else { Tried::Failed(error) }
}
