//! The envelope: what kind of message, and the message.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Catalog, ConnectionStatus, ControlMessage, LogMessage, RecordMessage, Spec, StateMessage, TraceMessage};
use crate::{Error, ErrorKind, Result};

/// A message of the protocol.
///
/// ```
/// use connector_core::protocol::{Level, LogMessage, Message};
/// let message = Message::from(LogMessage::new(Level::Info, "Read 7 records"));
/// let line = message.to_line()?;
/// assert_eq!(line, r#"{"type":"LOG","log":{"level":"INFO","message":"Read 7 records"}}"#);
/// assert_eq!(Message::parse(line.as_bytes())?, message);
/// # Ok::<(), connector_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Message {
    /// A record.
    Record(RecordMessage),
    /// The point from which a later sync goes on.
    State(StateMessage),
    /// A line for people.
    Log(LogMessage),
    /// Errors, statuses, estimates, usage.
    Trace(TraceMessage),
    /// A changed config.
    Control(ControlMessage),
    /// The answer to `spec`.
    Spec(Spec),
    /// The answer to `check`.
    ConnectionStatus(ConnectionStatus),
    /// The answer to `discover`.
    Catalog(Catalog),
}

impl Message {
    /// The message as one line of JSON, without the line break.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] if it cannot be written as JSON, which no message of this module is known to do.
    pub fn to_line(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| unwritable(&error))
    }

    /// Appends the message and a line break.
    ///
    /// # Errors
    /// As [`Message::to_line`]; nothing has been appended then.
    pub fn write_line(&self, out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        if let Err(error) = serde_json::to_writer(&mut *out, self) {
            out.truncate(start);
            return Err(unwritable(&error));
        }
        out.push(b'\n');
        Ok(())
    }

    /// Reads one line; unknown fields and explicit nulls are accepted.
    ///
    /// # Errors
    /// [`ErrorKind::Response`] if the line is no message of the protocol that a source speaks.
    pub fn parse(line: &[u8]) -> Result<Self> {
        serde_json::from_slice(line)
            .map_err(|error| Error::new(ErrorKind::Response, format!("the line is no protocol message: {error}")))
    }
}

fn unwritable(error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Internal, format!("a message could not be written as JSON: {error}"))
}

/// One table for both directions: variant, type, field.
macro_rules! messages {
    ($($variant:ident($payload:ident) = $type:literal in $field:ident $(as $wire:literal)?),+ $(,)?) => {
        impl Serialize for Message {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut fields = serializer.serialize_struct("Message", 2)?;
                match self {
                    $(Self::$variant(message) => {
                        fields.serialize_field("type", $type)?;
                        fields.serialize_field(messages!(@name $field $($wire)?), message)?;
                    })+
                }
                fields.end()
            }
        }

        #[derive(Deserialize)]
        struct Wire {
            r#type: String,
            $(#[serde(default)] $(#[serde(rename = $wire)])? $field: Option<$payload>,)+
        }

        impl<'de> Deserialize<'de> for Message {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::Error;
                let wire = Wire::deserialize(deserializer)?;
                match wire.r#type.as_str() {
                    $($type => match wire.$field {
                        Some(message) => Ok(Self::$variant(message)),
                        None => Err(D::Error::missing_field(messages!(@name $field $($wire)?))),
                    },)+
                    other => Err(D::Error::unknown_variant(other, &[$($type),+])),
                }
            }
        }

        $(impl From<$payload> for Message {
            fn from(message: $payload) -> Self {
                Self::$variant(message)
            }
        })+
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $wire:literal) => { $wire };
}

messages! {
    Record(RecordMessage) = "RECORD" in record,
    State(StateMessage) = "STATE" in state,
    Log(LogMessage) = "LOG" in log,
    Trace(TraceMessage) = "TRACE" in trace,
    Control(ControlMessage) = "CONTROL" in control,
    Spec(Spec) = "SPEC" in spec,
    ConnectionStatus(ConnectionStatus) = "CONNECTION_STATUS" in connection_status as "connectionStatus",
    Catalog(Catalog) = "CATALOG" in catalog,
}
