//! The one error of the framework: what kind of failure, which stream and slice, what to do.

use std::fmt;

/// A result with the framework's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Who has to act on a failure, in the protocol's words (`AirbyteErrorTraceMessage.failure_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureType {
    /// The user has to change the configuration, the catalog or the state.
    Config,
    /// Trying again later may help.
    Transient,
    /// The connector or the API misbehaves.
    System,
}

impl FailureType {
    /// The name on the wire: `config_error`, `transient_error` or `system_error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config_error",
            Self::Transient => "transient_error",
            Self::System => "system_error",
        }
    }
}

/// What went wrong, as far as a program wants to tell failures apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The command line is wrong.
    Usage,
    /// The config is unreadable or does not fit the spec.
    Config,
    /// The configured catalog is unreadable, or names what the source does not have.
    Catalog,
    /// The state is unreadable or does not fit the stream.
    State,
    /// The credentials were refused.
    Auth,
    /// The API refused the request: a status that no retry helps.
    Refused,
    /// A rate limit did not end within the budget.
    RateLimited,
    /// The server was silent for too long.
    Timeout,
    /// The connection could not be made, or broke.
    Connection,
    /// The server answered with a failure of its own (5xx).
    Server,
    /// The response is not what was declared: not JSON, a page of HTML, truncated.
    Response,
    /// The response arrived whole but holds what is refused, and would again: bytes that are not UTF-8, nesting deeper than
    /// 128, a record that is no object.
    Content,
    /// The records are not where the stream says.
    RecordsPath,
    /// A record does not fit its struct, and the stream says to fail then.
    Record,
    /// The pagination repeats itself or points elsewhere.
    Pagination,
    /// A limit of memory, size or time was reached.
    Limit,
    /// The sync was asked to stop.
    Cancelled,
    /// The reader of the output went away.
    Output,
    /// Connector code panicked.
    Panic,
    /// The framework broke a rule of its own.
    Internal,
}

impl ErrorKind {
    /// The failure type that this kind has unless the error says otherwise.
    #[must_use]
    pub const fn failure_type(self) -> FailureType {
        match self {
            Self::Usage | Self::Config | Self::Catalog | Self::State | Self::Auth => FailureType::Config,
            Self::RateLimited | Self::Timeout | Self::Connection | Self::Server | Self::Cancelled => {
                FailureType::Transient
            }
            _ => FailureType::System,
        }
    }
}

/// A failure, for people and for programs.
///
/// `Display` is one sentence for the user: which stream, what was asked, what came back, what to do.
/// Build one with [`Error::new`] and add what is known at the seam where it is known.
///
/// ```
/// use connector_core::{Error, ErrorKind};
/// let error = Error::new(ErrorKind::Auth, "the API refused the credentials (401); check `api_token`").in_stream("users");
/// assert_eq!(error.to_string(), "stream `users`: the API refused the credentials (401); check `api_token`");
/// assert_eq!(error.kind().failure_type().as_str(), "config_error");
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: ErrorKind,
    failure_type: FailureType,
    message: String,
    internal: Option<String>,
    stream: Option<String>,
    slice: Option<String>,
}

impl Error {
    /// An error of a kind, with a sentence for the user.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            failure_type: kind.failure_type(),
            message: message.into(),
            internal: None,
            stream: None,
            slice: None,
        }))
    }

    /// A field of the config that cannot stay as it is, for rules that a schema cannot tell (one field against another): its JSON path,
    /// and what is wrong with it.
    ///
    /// ```
    /// use connector_core::Error;
    /// let error = Error::in_config("end_date", "lies before `start_date`");
    /// assert_eq!(error.to_string(), "the config does not fit: end_date: lies before `start_date`");
    /// ```
    pub fn in_config(path: &str, fault: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Config, format!("the config does not fit: {path}: {fault}"))
    }

    /// Adds what only a developer wants to read; it becomes `internal_message` of the trace.
    #[must_use]
    pub fn with_internal(mut self, internal: impl Into<String>) -> Self {
        self.0.internal = Some(internal.into());
        self
    }

    /// The same failure in other words.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Overrides who has to act (an author's own rule for an answer).
    #[must_use]
    pub fn with_failure_type(mut self, failure_type: FailureType) -> Self {
        self.0.failure_type = failure_type;
        self
    }

    /// Names the stream, unless one is named.
    #[must_use]
    pub fn in_stream(mut self, stream: &str) -> Self {
        self.0.stream.get_or_insert_with(|| stream.to_owned());
        self
    }

    /// Names the slice, unless one is named.
    #[must_use]
    pub fn in_slice(mut self, slice: &str) -> Self {
        self.0.slice.get_or_insert_with(|| slice.to_owned());
        self
    }

    /// The same without secrets.
    pub(crate) fn masked(&self, mask: &crate::Mask) -> Self {
        let mut error = self.clone();
        error.0.message = mask.mask(&self.0.message).into_owned();
        error.0.internal = self.0.internal.as_deref().map(|internal| mask.mask(internal).into_owned());
        error.0.slice = self.0.slice.as_deref().map(|slice| mask.mask(slice).into_owned());
        error
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Who has to act.
    #[must_use]
    pub fn failure_type(&self) -> FailureType {
        self.0.failure_type
    }

    /// The sentence for the user, without stream and slice.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The stream, where one is concerned.
    #[must_use]
    pub fn stream(&self) -> Option<&str> {
        self.0.stream.as_deref()
    }

    /// The slice, where one is concerned.
    #[must_use]
    pub fn slice(&self) -> Option<&str> {
        self.0.slice.as_deref()
    }

    /// What only a developer wants to read.
    #[must_use]
    pub fn internal(&self) -> Option<&str> {
        self.0.internal.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(stream) = &self.0.stream {
            write!(f, "stream `{stream}`")?;
            if let Some(slice) = &self.0.slice {
                write!(f, ", {slice}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}
