//! TRACE: errors, statuses, estimates and usage, for programs.

mod analytics;
mod error;
mod estimate;
mod stream_status;

pub use analytics::AnalyticsTrace;
pub use error::ErrorTrace;
pub use estimate::{EstimateKind, EstimateTrace};
pub use stream_status::{StatusReason, StreamStatus, StreamStatusTrace};

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::lenient;

/// A trace, and when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TraceMessage {
    /// When it left: milliseconds since 1970.
    pub emitted_at: i64,
    /// What it tells.
    pub trace: Trace,
}

/// What a trace tells.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trace {
    /// Something failed.
    Error(ErrorTrace),
    /// How much is to be expected.
    Estimate(EstimateTrace),
    /// How a stream is doing.
    StreamStatus(StreamStatusTrace),
    /// How the connector is used.
    Analytics(AnalyticsTrace),
}

impl TraceMessage {
    /// A trace; `emitted_at` in milliseconds since 1970.
    pub fn new(trace: impl Into<Trace>, emitted_at: i64) -> Self {
        Self { emitted_at, trace: trace.into() }
    }
}

/// One table for both directions: variant, type, field.
macro_rules! traces {
    ($($variant:ident($payload:ident) = $type:literal in $field:ident),+ $(,)?) => {
        impl Serialize for TraceMessage {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut fields = serializer.serialize_struct("TraceMessage", 3)?;
                match &self.trace {
                    $(Trace::$variant(trace) => {
                        fields.serialize_field("type", $type)?;
                        fields.serialize_field("emitted_at", &self.emitted_at)?;
                        fields.serialize_field(stringify!($field), trace)?;
                    })+
                }
                fields.end()
            }
        }

        #[derive(Deserialize)]
        struct Wire {
            r#type: String,
            #[serde(deserialize_with = "lenient::whole")]
            emitted_at: i64,
            $(#[serde(default)] $field: Option<$payload>,)+
        }

        impl<'de> Deserialize<'de> for TraceMessage {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::Error;
                let wire = Wire::deserialize(deserializer)?;
                let trace = match wire.r#type.as_str() {
                    $($type => wire.$field.map(Trace::$variant).ok_or_else(|| D::Error::missing_field(stringify!($field)))?,)+
                    other => return Err(D::Error::unknown_variant(other, &[$($type),+])),
                };
                Ok(Self { emitted_at: wire.emitted_at, trace })
            }
        }

        $(impl From<$payload> for Trace {
            fn from(trace: $payload) -> Self {
                Self::$variant(trace)
            }
        })+
    };
}

traces! {
    Error(ErrorTrace) = "ERROR" in error,
    Estimate(EstimateTrace) = "ESTIMATE" in estimate,
    StreamStatus(StreamStatusTrace) = "STREAM_STATUS" in stream_status,
    Analytics(AnalyticsTrace) = "ANALYTICS" in analytics,
}
