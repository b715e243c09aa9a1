//! What a stream says of its jobs.

use std::time::Duration;

/// How a stream's reports are made: the stream's own request creates a job, `poll_request` asks for its status, and its
/// results are read as the stream's pages, in the stream's format.
///
/// ```
/// use connector_http::{BodyFormat, Job, Settings};
/// use std::time::Duration;
/// let settings = Settings::new().format(BodyFormat::JsonLines).job(
///     Job::new()
///         .created("id", "reportId")
///         .status("state")
///         .running("QUEUED")
///         .running("WORKING")
///         .done("READY")
///         .failed("FAILED")
///         .results("files.*.url")
///         .every(Duration::from_secs(10)),
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub(crate) created: Vec<(String, String)>,
    pub(crate) created_headers: Vec<(String, String)>,
    pub(crate) status: Option<String>,
    pub(crate) running: Vec<String>,
    pub(crate) done: Vec<String>,
    pub(crate) empty: Vec<String>,
    pub(crate) failed: Vec<String>,
    pub(crate) results: Option<String>,
    pub(crate) results_optional: bool,
    pub(crate) file_url: Option<String>,
    pub(crate) every: Duration,
    pub(crate) within: Duration,
    pub(crate) tries: u32,
    pub(crate) at_once: Option<usize>,
}

impl Default for Job {
    fn default() -> Self {
        Self {
            created: Vec::new(),
            created_headers: Vec::new(),
            status: None,
            running: Vec::new(),
            done: Vec::new(),
            empty: Vec::new(),
            failed: Vec::new(),
            results: None,
            results_optional: false,
            file_url: None,
            every: Duration::from_secs(5),
            within: Duration::from_secs(60 * 60),
            tries: 3,
            at_once: None,
        }
    }
}

impl Job {
    /// Asked for its status every 5 s, given up after an hour, three jobs tried.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A value of the answer that created the job, at this path; [`Cx::job`](crate::Cx::job) reads it by the name.
    #[must_use]
    pub fn created(mut self, name: &str, path: &str) -> Self {
        self.created.push((name.to_owned(), path.to_owned()));
        self
    }

    /// The same of a header of that answer, such as the `Location` at which the job can be seen.
    #[must_use]
    pub fn created_header(mut self, name: &str, header: &str) -> Self {
        self.created_headers.push((name.to_owned(), header.to_owned()));
        self
    }

    /// Where the job's status is in the answer to the poll. Without it a job is done when it has results.
    #[must_use]
    pub fn status(mut self, path: &str) -> Self {
        self.status = Some(path.to_owned());
        self
    }

    /// A status of a job that is under way. Where there is one, a status that is not known is an error; without any, a job
    /// of any other status is under way.
    #[must_use]
    pub fn running(mut self, status: &str) -> Self {
        self.running.push(status.to_owned());
        self
    }

    /// A status of a job that has results.
    #[must_use]
    pub fn done(mut self, status: &str) -> Self {
        self.done.push(status.to_owned());
        self
    }

    /// A status of a job that ended without results, and that is well.
    #[must_use]
    pub fn empty(mut self, status: &str) -> Self {
        self.empty.push(status.to_owned());
        self
    }

    /// A status of a job that failed or expired: another one is created, within [`tries`](Self::tries).
    #[must_use]
    pub fn failed(mut self, status: &str) -> Self {
        self.failed.push(status.to_owned());
        self
    }

    /// Where the results are in the answer that says that the job is done; `*` is each element of a list. They are URLs, or
    /// what `download_request` reads as [`Cx::job`](crate::Cx::job)`("result")`.
    #[must_use]
    pub fn results(mut self, path: &str) -> Self {
        self.results = Some(path.to_owned());
        self
    }

    /// An answer without results, or with null there, is a job without records instead of an error.
    #[must_use]
    pub fn results_optional(mut self) -> Self {
        self.results_optional = true;
        self
    }

    /// What `download_request` asks for is not the file but an answer that has the file's URL at this path.
    #[must_use]
    pub fn file_url(mut self, path: &str) -> Self {
        self.file_url = Some(path.to_owned());
        self
    }

    /// The wait before each poll; a `Retry-After` of the answer may make it longer.
    #[must_use]
    pub fn every(mut self, wait: Duration) -> Self {
        self.every = wait;
        self
    }

    /// How long a job may take. One that takes longer counts as failed.
    #[must_use]
    pub fn within(mut self, limit: Duration) -> Self {
        self.within = limit;
        self
    }

    /// How many jobs are created for a slice at most, where they fail or expire; at least one.
    #[must_use]
    pub fn tries(mut self, tries: u32) -> Self {
        self.tries = tries.max(1);
        self
    }

    /// How many jobs of the stream may be under way at once.
    #[must_use]
    pub fn at_once(mut self, jobs: usize) -> Self {
        self.at_once = Some(jobs.max(1));
        self
    }
}
