//! Requests of our own: token endpoints and logins. They are retried like any other, but their refusal is one of credentials.

use std::sync::Arc;

use connector_core::record::Envelope;
use connector_core::{Error, ErrorKind, Result};

use super::{Ask, Client, Elsewhere, Trial, show};
use crate::auth::Authorizer;
use crate::http::HeaderMap;
use crate::request::Draft;
use crate::send::{Patience, Ticket, Turn};

/// The largest answer of a token endpoint that is read.
const LARGEST: usize = 1 << 20;

impl Client {
    /// Asks for a token: a JSON answer, or one as a form. Where a header has it, the body may be anything.
    pub(crate) async fn ask_token(
        self: &Arc<Self>,
        draft: &Draft,
        header: Option<&str>,
    ) -> Result<(Envelope, HeaderMap)> {
        let asked = show::request(&draft.method, &draft.full_url(), &self.cx.mask);
        let mut patience = Patience::default();
        loop {
            let (failure, wait) = match self.try_token(draft, header).await {
                Ok(Answered::Token(envelope, headers)) => {
                    self.cx.log.debug(format_args!("{asked} answered with a token"));
                    return Ok((envelope, headers));
                }
                Ok(Answered::Refused(status, body)) => {
                    let shown = self.shown(&body);
                    let text =
                        format!("{asked} refused the credentials with {status}: {shown}; renew them in the config");
                    return Err(Error::new(ErrorKind::Auth, text));
                }
                Ok(Answered::Trouble(kind, text, wait)) => (Error::new(kind, format!("{asked} {text}")), wait),
                Err(Trial::Final(error)) => return Err(error),
                Err(trial) => {
                    let (kind, text) = trial.describe();
                    let error = Error::new(kind, format!("{asked} {text}{}", trial.todo()));
                    if !trial.may_pass() {
                        return Err(error);
                    }
                    (error, if let Trial::Held(wait) = trial { Some(wait) } else { None })
                }
            };
            match patience.after_error(&self.cx.limits, wait) {
                Turn::Wait(wait) => {
                    self.cx.log.debug(format_args!("{failure}; asking again in {} ms", wait.as_millis()));
                    // A request that is under way is waited for when the sync is stopped (its refresh token may be used
                    // up), but none is begun.
                    tokio::select! {
                        biased;
                        () = self.cx.cancel.cancelled() => return Err(self.cx.cancel.error()),
                        () = self.cx.clock.sleep(wait) => {}
                    }
                }
                Turn::GiveUp(why) => {
                    return Err(Error::new(failure.kind(), format!("{}; {why}", failure.message())));
                }
            }
        }
    }

    /// The beginning of a body, for a sentence.
    pub(crate) fn shown(&self, body: &[u8]) -> String {
        let shown = show::excerpt(body, &self.cx.mask);
        if shown.is_empty() { "without a body".to_owned() } else { format!("`{shown}`") }
    }

    async fn try_token(self: &Arc<Self>, draft: &Draft, header: Option<&str>) -> Result<Answered, Trial> {
        let (auth, ticket) = (Authorizer::none(), Ticket::default());
        let elsewhere = Elsewhere::Trusted;
        let ask = Ask { draft, auth: &auth, stream: "", weight: 1, elsewhere, ticket: &ticket };
        let received = self.exchange(&ask).await?;
        let (status, wait) = (received.status, received.advice.wait());
        let headers = received.headers;
        let body = received.body.head(LARGEST).await?;
        let any_body = header.is_some_and(|name| headers.contains_key(name));
        Ok(match status.as_u16() {
            200..300 => match as_json(&body).or_else(|| any_body.then(Envelope::default)) {
                Some(envelope) => Answered::Token(envelope, headers),
                None => {
                    let shown = self.shown(&body);
                    Answered::Trouble(
                        ErrorKind::Response,
                        format!("answered {status} with what is no token: {shown}; check the token's URL"),
                        None,
                    )
                }
            },
            408 | 425 | 429 | 500.. => {
                let shown = self.shown(&body);
                let kind = if status.as_u16() == 429 { ErrorKind::RateLimited } else { ErrorKind::Server };
                Answered::Trouble(kind, format!("answered {status}: {shown}; try again later"), wait)
            }
            _ => Answered::Refused(status, body),
        })
    }
}

enum Answered {
    Token(Envelope, HeaderMap),
    Refused(crate::http::StatusCode, Vec<u8>),
    Trouble(ErrorKind, String, Option<std::time::Duration>),
}

/// The body as JSON; some endpoints answer with a form.
fn as_json(body: &[u8]) -> Option<Envelope> {
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() {
        return Some(Envelope::new(body));
    }
    let text = std::str::from_utf8(body).ok().filter(|text| text.contains('=') && !text.contains(['<', '{', '\n']))?;
    let mut url = crate::http::Url::parse("http://form").ok()?;
    url.set_query(Some(text));
    let object: serde_json::Map<_, _> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect();
    Some(Envelope::new(serde_json::Value::Object(object).to_string()))
}
