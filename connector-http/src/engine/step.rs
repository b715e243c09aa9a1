//! What the slice asks for at the moment: its pages, or the steps of a job.

use connector_core::{Error, ErrorKind, Result};

use super::Engine;
use super::slice::SliceReader;
use crate::bound::{About, JobParts};
use crate::client::{Ask, Elsewhere};
use crate::http::{Method, StatusCode, Url};
use crate::job::JobValues;
use crate::request::{BodyKind, Draft, join};
use crate::send::Ticket;

/// A step.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// The pages of a stream without jobs.
    Pages,
    /// Some fields of a page, which are put together with the others when they are there.
    Part,
    /// Creating the job.
    Create,
    /// Asking for its status.
    Poll(JobValues),
    /// Asking where the file of a result is.
    Locate(JobValues),
    /// The pages of a result, at a path of the stream's own.
    Download(JobValues),
    /// A result at a URL that the API names.
    File(Url),
}

impl Step {
    /// Whether the answer is read whole, as JSON that holds no records.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self, Self::Create | Self::Poll(_) | Self::Locate(_))
    }

    /// Whether the answer is read whole.
    pub(super) fn is_whole(&self) -> bool {
        self.is_answer() || matches!(self, Self::Part)
    }

    /// Whether a refusal with this status means that the job is gone, or the URL of its result is no longer valid.
    /// `refused`: asking again, or with other credentials, would not help.
    pub(super) fn expires(&self, status: StatusCode, refused: bool) -> bool {
        match self {
            Self::Pages | Self::Part | Self::Create => false,
            Self::Poll(_) | Self::Locate(_) | Self::Download(_) => matches!(status.as_u16(), 404 | 410),
            // A signed URL that is too old is told of in many ways: 400, 403, 404, 410.
            Self::File(_) => refused && status.is_client_error(),
        }
    }

    fn elsewhere(&self) -> Elsewhere {
        if matches!(self, Self::File(_)) { Elsewhere::Bare } else { Elsewhere::Refused }
    }
}

impl SliceReader<'_> {
    /// The request of the current step, for the current page of it.
    pub(super) fn draft(&self) -> Result<Draft> {
        let (engine, token) = (self.engine, self.pager.token());
        match &self.step {
            Step::Pages | Step::Part => {
                let mut draft = engine.draft(self.slice(), token)?;
                self.pager.apply(&mut draft)?;
                Ok(draft)
            }
            Step::Create => engine.draft(self.slice(), None),
            Step::Poll(job) => self.about(job, About::Status),
            Step::Locate(job) => self.about(job, About::Result),
            Step::Download(job) => {
                let mut draft = self.about(job, About::Result)?;
                self.pager.apply(&mut draft)?;
                Ok(draft)
            }
            Step::File(url) => Ok(Draft::new(Method::GET, url.clone())),
        }
    }

    /// A request about a job.
    fn about(&self, job: &JobValues, about: About) -> Result<Draft> {
        let engine = self.engine;
        let mut parts = engine.hooks.job_request(self.slice(), job, self.pager.token(), about)?;
        let base = parts.url_base.as_deref().unwrap_or(&engine.client.base);
        if let (Some(text), About::Status) = (&parts.request.url, about) {
            let url = self.status_url(base, text)?;
            return Ok(Self::with_parts(url, parts));
        }
        let path = parts.request.path.take().ok_or_else(|| {
            let (what, hook) = match about {
                About::Status => ("asked for its status", "poll_request"),
                About::Result => ("downloaded", "download_request"),
            };
            Error::new(ErrorKind::Internal, format!("a job cannot be {what}: `{hook}` gives no path"))
        })?;
        let url = join(base, path.as_str())?;
        Ok(Self::with_parts(url, parts))
    }

    fn with_parts(url: Url, parts: JobParts) -> Draft {
        let method = if matches!(parts.request.body.kind(), BodyKind::Empty) { Method::GET } else { Method::POST };
        let mut draft = Draft::new(method, url);
        draft.params = parts.request.params;
        draft.headers = parts.headers;
        draft.body = parts.request.body;
        draft
    }

    /// The URL that the API named for a job's status. Credentials go there, so its host must be one that gets them.
    fn status_url(&self, base: &str, text: &str) -> Result<Url> {
        let url = Url::parse(base).ok().and_then(|base| base.join(text).ok());
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(|| {
            let masked = self.engine.client.cx.mask.mask(text);
            let begin: String = masked.chars().take(40).collect();
            let text = format!("what the API named for the job's status begins with `{begin}`, which is no URL; where it is an id, give `poll` a path that it stands in");
            Error::new(ErrorKind::Response, text)
        })?;
        self.engine.client.origins.check(&url, "the job's status")?;
        Ok(url)
    }
}

impl Engine {
    /// How a request of this step is sent.
    pub(super) fn ask<'a>(&'a self, draft: &'a Draft, step: &Step, ticket: &'a Ticket) -> Ask<'a> {
        let stream = self.hooks.descriptor().name;
        Ask { draft, auth: &self.auth, stream, weight: self.settings.weight, elsewhere: step.elsewhere(), ticket }
    }
}
