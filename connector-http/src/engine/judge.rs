//! Reads and classifies one answer.

use std::borrow::Cow;
use std::sync::atomic::Ordering;
use std::time::Duration;

use connector_core::protocol::Level;
use connector_core::record::Envelope;
use connector_core::{Error, ErrorKind, Result};

use super::fetch::{Fetched, Spoilt};
use super::slice::{ReadPage, SliceReader};
use super::step::Step;
use crate::auth::Issued;
use crate::classify::{Answer, Verdict, advise, graphql, verdict};
use crate::client::{Received, show};
use crate::format::{Charset, MORE_CHARSETS};
use crate::http::{HeaderMap, StatusCode};
use crate::request::Draft;
use crate::send::{Advice, Lane};

/// What one answer means for the page.
pub(super) enum Judged {
    Page(Box<ReadPage>),
    Nothing,
    Enough,
    Again {
        error: Error,
        wait: Option<Duration>,
    },
    Limited {
        error: Error,
        wait: Option<Duration>,
        /// Whose limit it is.
        lane: Lane,
    },
    /// A quota makes the request wait.
    Held(Duration),
    Renew {
        error: Error,
        issued: Issued,
    },
    Restart(Error),
    /// The job, or the URL of its result, is gone.
    Expired(Error),
    Failed(Error),
}

/// What is known of an answer besides its body.
struct Head {
    status: StatusCode,
    headers: HeaderMap,
    advice: Advice,
    issued: Issued,
    waited: Duration,
    /// Where a redirect elsewhere led, which got no credentials.
    stranger: Option<String>,
}

impl SliceReader<'_> {
    /// Reads and classifies one answer. An error here ends the slice.
    pub(super) async fn judge(&mut self, received: Received, draft: &Draft) -> Result<Judged> {
        let head = Head {
            status: received.status,
            headers: received.headers.clone(),
            advice: received.advice,
            issued: received.issued,
            waited: received.waited,
            stranger: self.stranger(&received),
        };
        let by_status = match verdict(head.status, &head.advice) {
            // A job that is accepted is created, or under way.
            _ if self.step.is_answer() && head.status == StatusCode::ACCEPTED => Verdict::Success,
            other => other,
        };
        if by_status != Verdict::Success {
            let limit = self.engine.client.cx.limits.error_body_bytes;
            // A failure whose body breaks is a failure all the same.
            let body = self.unless_stopped(received.body.head(limit)).await?.unwrap_or_default();
            self.debug(&head, draft, format_args!("{} bytes", body.len()));
            let seen = Envelope::new(body.as_slice());
            let ruled = self.rules(&head, &seen)?;
            let refused = match by_status {
                Verdict::Fail { .. } => true,
                // Credentials that were not sent cannot be renewed.
                Verdict::Refresh => head.stranger.is_some(),
                _ => false,
            };
            if ruled.is_none() && self.step.expires(head.status, refused) {
                let (kind, _) = advise(head.status);
                let (asked, status, shown) = (self.asked(draft), head.status, self.engine.client.shown(&body));
                let text = format!("{asked} answered {status}: {shown}: the job, or its result, is gone");
                return Ok(Judged::Expired(Error::new(kind, text)));
            }
            let said = ruled.unwrap_or(by_status);
            if said != Verdict::Success {
                return Ok(self.apply(said, &head, &body, draft));
            }
            return match self.fetch_whole(head.status, &head.headers, received.url, &body)? {
                Ok(page) => Ok(Judged::Page(page)),
                Err(spoilt) => Ok(self.spoilt(spoilt, &head, draft)),
            };
        }
        match self.fetch(received).await? {
            Fetched::Page(page) => {
                self.debug(&head, draft, format_args!("{} records in {} bytes", page.count, page.read));
                let said = self.rules(&head, &page.envelope)?.unwrap_or(Verdict::Success);
                if said == Verdict::Success {
                    return Ok(Judged::Page(page));
                }
                let body = page.envelope.bytes().to_vec();
                self.writer.retry_page();
                Ok(self.apply(said, &head, &body, draft))
            }
            Fetched::Enough => Ok(Judged::Enough),
            Fetched::Spoilt(spoilt) => {
                self.debug(&head, draft, format_args!("{}", spoilt.error.message()));
                self.writer.retry_page();
                // The body may explain itself to a rule although it holds no records.
                if let Some(envelope) = &spoilt.envelope
                    && let Some(said) = self.rules(&head, envelope)?
                    && said != Verdict::Success
                {
                    return Ok(self.apply(said, &head, &spoilt.head, draft));
                }
                Ok(self.spoilt(spoilt, &head, draft))
            }
        }
    }

    /// What the hook, the stream's rules and the source's say; nothing where none applies.
    fn rules(&self, head: &Head, body: &Envelope) -> Result<Option<Verdict>> {
        let answer = Answer::new(head.status, &head.headers, body);
        if let Some(said) = self.engine.hooks.should_retry(&answer)? {
            return Ok(Some(said));
        }
        let now = self.engine.client.now();
        for rule in self.engine.settings.rules.iter().chain(&self.engine.client.rules) {
            if let Some(said) = rule.judge(&answer, now) {
                return Ok(Some(said));
            }
        }
        Ok(if self.engine.settings.graphql { graphql(&answer) } else { None })
    }

    /// A verdict that is no success, put into words.
    fn apply(&self, said: Verdict, head: &Head, body: &[u8], draft: &Draft) -> Judged {
        let (kind, todo) = advise(head.status);
        let came_back = |todo: &str| {
            let body = self.engine.client.shown(body);
            let via = head.stranger.as_ref().map(|stranger| {
                let how = if matches!(self.step, Step::File(_)) { "asked" } else { "redirected" };
                format!(" from {stranger}, where it was {how} without credentials (if that host belongs to the API, add it to `allowed_hosts`)")
            });
            format!("{} answered {}{}: {body}; {todo}", self.asked(draft), head.status, via.unwrap_or_default())
        };
        let own = |message: &str| {
            let masked = self.engine.client.cx.mask.mask(message);
            format!("{masked} ({} answered {})", self.asked(draft), head.status)
        };
        match said {
            Verdict::Ignore => {
                self.tell_nothing(head, draft);
                Judged::Nothing
            }
            Verdict::Retry { message, wait } => {
                let text = message.map_or_else(|| came_back(todo), |message| own(&message));
                let kind = if head.status.is_success() { ErrorKind::Response } else { kind };
                Judged::Again { error: Error::new(kind, text), wait: wait.or(head.advice.wait()) }
            }
            Verdict::RateLimited { wait } => {
                let error = Error::new(ErrorKind::RateLimited, came_back(advise(StatusCode::TOO_MANY_REQUESTS).1));
                Judged::Limited { error, wait: wait.or(head.advice.wait()), lane: head.issued.lane }
            }
            Verdict::Refresh if head.stranger.is_some() => Judged::Failed(Error::new(kind, came_back(todo))),
            Verdict::Refresh => Judged::Renew { error: Error::new(kind, came_back(todo)), issued: head.issued },
            Verdict::Restart => {
                Judged::Restart(Error::new(ErrorKind::Pagination, came_back("the pages begin anew again and again")))
            }
            Verdict::Success | Verdict::Fail { .. } => {
                let (message, who) = if let Verdict::Fail { message, failure_type } = said {
                    (message, failure_type)
                } else {
                    (None, None)
                };
                let text = message.map_or_else(|| came_back(todo), |message| own(&message));
                let error = Error::new(kind, text);
                Judged::Failed(match who {
                    Some(who) => error.with_failure_type(who),
                    None => error,
                })
            }
        }
    }

    /// A sync without records says why; a stream of many partitions says it once.
    fn tell_nothing(&self, head: &Head, draft: &Draft) {
        let level = if self.engine.told_nothing.swap(true, Ordering::Relaxed) { Level::Debug } else { Level::Info };
        let log = self.writer.log();
        if log.enabled(level) {
            let (stream, asked) = (self.engine.hooks.descriptor().name, self.asked(draft));
            log.log(level, format_args!("stream `{stream}`: {asked} answered {}: no records here", head.status));
        }
    }

    /// A body that is not what was declared: asked again where that may help.
    fn spoilt(&self, spoilt: Spoilt, head: &Head, draft: &Draft) -> Judged {
        let kind = spoilt.error.kind();
        let shown = show::excerpt(&spoilt.head, &self.engine.client.cx.mask);
        let begins =
            if shown.is_empty() { "the body is empty".to_owned() } else { format!("the body begins with `{shown}`") };
        let masked = self.engine.client.cx.mask.mask(spoilt.error.message()).into_owned();
        let text = if spoilt.broken {
            format!("{} {masked}; try again later", self.asked(draft))
        } else {
            format!(
                "{} answered {}, but {masked}; {begins}; {}",
                self.asked(draft),
                head.status,
                remedy(kind, &spoilt.head, &head.headers, self.engine.charset.is_none())
            )
        };
        let error = Error::new(kind, text);
        if kind == ErrorKind::Response || spoilt.broken {
            Judged::Again { error, wait: None }
        } else {
            Judged::Failed(error)
        }
    }

    /// The host that an answer came from, where a redirect led to one that gets no credentials.
    fn stranger(&self, received: &Received) -> Option<String> {
        let client = &self.engine.client;
        (!client.origins.trusts(&received.url)).then(|| show::url(&received.url, &client.cx.mask))
    }

    fn debug(&self, head: &Head, draft: &Draft, what: std::fmt::Arguments<'_>) {
        let log = self.writer.log();
        if log.enabled(Level::Debug) {
            let (stream, asked) = (self.engine.hooks.descriptor().name, self.asked(draft));
            let (status, waited) = (head.status, head.waited.as_millis());
            log.debug(format_args!(
                "stream `{stream}` {}: {asked} answered {status} after {waited} ms: {what}",
                self.slice()
            ));
        }
    }
}

/// What can be done about a body that is not what was declared.
fn remedy(kind: ErrorKind, head: &[u8], headers: &HeaderMap, by_headers: bool) -> Cow<'static, str> {
    if by_headers && let Some(charset) = Charset::unknown(headers) {
        let hint = MORE_CHARSETS.map(|hint| format!(" ({hint})")).unwrap_or_default();
        return format!("it declares the charset `{charset}`, which is not known{hint}: name the right one as `charset`, or ask the API for UTF-8").into();
    }
    let page = head.trim_ascii_start().strip_prefix(b"\xef\xbb\xbf").unwrap_or(head.trim_ascii_start());
    match kind {
        ErrorKind::Response if page.starts_with(b"<") && !page.starts_with(b"<?xml") => {
            "that looks like a web page: check the base URL, and whether a login or a proxy stands before the API"
        }
        ErrorKind::RecordsPath => "check where the records are, against the API's documentation",
        ErrorKind::Record => "mend the struct, or say what becomes of records that do not fit",
        ErrorKind::Limit => "raise the limit, or ask for smaller pages",
        ErrorKind::Content => "the API has to mend its data; asking again does not help",
        _ => "try again later; if it stays so, the API has to mend it",
    }
    .into()
}
