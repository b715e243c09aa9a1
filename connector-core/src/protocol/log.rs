//! LOG: a line for people.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A log line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogMessage {
    /// How much it matters.
    pub level: Level,
    /// What it says.
    pub message: String,
    /// Where it happened, if it tells of a failure in code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack_trace: Option<String>,
}

/// How much a log line matters; ordered, `Trace` least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Every step.
    Trace,
    /// Each request.
    Debug,
    /// What happens, stream by stream.
    Info,
    /// What the user should look at.
    Warn,
    /// What failed.
    Error,
    /// What ended the sync.
    Fatal,
}

impl LogMessage {
    /// A log line.
    pub fn new(level: Level, message: impl Into<String>) -> Self {
        Self { level, message: message.into(), stack_trace: None }
    }

    /// The same, with where it happened.
    #[must_use]
    pub fn with_stack_trace(mut self, stack_trace: impl Into<String>) -> Self {
        self.stack_trace = Some(stack_trace.into());
        self
    }
}

impl Level {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Level {
    type Err = ();

    /// Reads a level as people write it: any case, `warning` for `warn`.
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Fatal]
            .into_iter()
            .find(|level| level.as_str().eq_ignore_ascii_case(text))
            .or_else(|| text.eq_ignore_ascii_case("warning").then_some(Self::Warn))
            .ok_or(())
    }
}
