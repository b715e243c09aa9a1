//! What a stream's hooks make and read at the steps of a job.

use connector_core::{Error, ErrorKind, Result};

use crate::request::{Body, Params, Path};

/// The request for a job's status or for a result. It is GET, or POST with a body; the stream's headers go along.
#[derive(Debug, Clone, Default)]
pub struct JobRequest {
    /// The path below the base URL. A download without one is asked at the URL that is the result.
    pub path: Option<Path>,
    /// In the place of a path: a URL that the API named for the job's status, absolute or relative to the base URL. Another host than
    /// the base URL's is refused, unless the source allows it.
    pub url: Option<String>,
    /// Query parameters.
    pub params: Params,
    /// The body.
    pub body: Body,
}

impl JobRequest {
    /// A request without a path.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// What is known of a job: values of the answer that created it, and the result at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobValues(Vec<(String, String)>);

impl JobValues {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with this value, in the place of one of the same name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// A value by its name.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn get(&self, name: &str) -> Result<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).ok_or_else(|| {
            let text = format!("the request needs `{name}` of the job, which is not known at this step");
            Error::new(ErrorKind::Internal, text)
        })
    }
}

impl std::fmt::Display for JobValues {
    /// `id=7`, as people are told of a job.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, (name, value)) in self.0.iter().enumerate() {
            let space = if i > 0 { " " } else { "" };
            // A URL may be signed in its query.
            let shown = value.split('?').next().unwrap_or_default();
            write!(f, "{space}{name}={shown}")?;
        }
        Ok(())
    }
}
