//! TRACE ERROR: what failed, who has to act.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::StreamName;
use crate::{Error, FailureType};

/// A failure, as the platform shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorTrace {
    /// The sentence for the user.
    pub message: String,
    /// What only a developer wants to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal_message: Option<String>,
    /// Where in the code it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack_trace: Option<String>,
    /// Who has to act.
    #[serde(default, with = "failure_type", skip_serializing_if = "Option::is_none")]
    pub failure_type: Option<FailureType>,
    /// The stream that failed, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_descriptor: Option<StreamName>,
}

impl ErrorTrace {
    /// The trace of an error. `namespace` is that of the error's stream, which the error does not know.
    ///
    /// Nothing is masked here: mask the texts before they leave.
    ///
    /// ```
    /// use connector_core::{Error, ErrorKind, protocol::ErrorTrace};
    /// let error = Error::new(ErrorKind::RateLimited, "the limit did not end within 10 minutes").in_stream("users");
    /// let trace = ErrorTrace::of(&error, None);
    /// assert_eq!(trace.message, "stream `users`: the limit did not end within 10 minutes");
    /// assert_eq!(trace.stream_descriptor.map(|stream| stream.name).as_deref(), Some("users"));
    /// ```
    #[must_use]
    pub fn of(error: &Error, namespace: Option<&str>) -> Self {
        Self {
            message: error.to_string(),
            internal_message: error.internal().map(str::to_owned),
            stack_trace: None,
            failure_type: Some(error.failure_type()),
            stream_descriptor: error.stream().map(|stream| StreamName::new(stream).within(namespace)),
        }
    }

    /// The same, with where in the code it happened.
    #[must_use]
    pub fn with_stack_trace(mut self, stack_trace: impl Into<String>) -> Self {
        self.stack_trace = Some(stack_trace.into());
        self
    }
}

mod failure_type {
    use super::{Deserialize, Deserializer, FailureType, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &Option<FailureType>, serializer: S) -> Result<S::Ok, S::Error> {
        value.map(FailureType::as_str).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<FailureType>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let all = [FailureType::Config, FailureType::Transient, FailureType::System];
        // A word of a later protocol is no reason to lose the message.
        Ok(text.and_then(|text| all.into_iter().find(|failure| failure.as_str() == text)))
    }
}
