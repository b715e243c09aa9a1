//! The Airbyte protocol, as far as a source speaks or hears it.
//!
//! What a source says is a [`Message`], one JSON object a line: records ([`RecordMessage`]), states ([`StateMessage`]),
//! logs ([`LogMessage`]), traces ([`TraceMessage`]), config updates ([`ControlMessage`]), and the answers to `spec`
//! ([`Spec`]), `check` ([`ConnectionStatus`]) and `discover` ([`Catalog`]). What it hears is a [`ConfiguredCatalog`] and
//! an [`IncomingState`]. All of them can be read and written, so that tests and embedding programs handle typed messages.
//!
//! What goes out has `type` first, leaves null fields out and tells times as whole milliseconds. What comes in may have
//! unknown fields and explicit nulls anywhere.

mod catalog;
mod configured;
mod connection_status;
mod control;
mod incoming;
mod lenient;
mod log;
mod message;
mod name;
mod oauth;
mod place;
mod raw;
mod record;
mod spec;
mod state;
mod sync_mode;
mod trace;

pub use catalog::{Catalog, CatalogStream};
pub use configured::{ConfiguredCatalog, ConfiguredStream};
pub use connection_status::{ConnectionStatus, Status};
pub use control::ControlMessage;
pub use incoming::IncomingState;
pub use log::{Level, LogMessage};
pub use message::Message;
pub use name::StreamName;
pub use oauth::{AdvancedAuth, AuthFlowType, OAuthConfigSpecification, OAuthConnectorInput, OAuthState};
pub use raw::RawJson;
pub use record::{Change, ChangeKind, ChangeReason, RecordMessage, RecordMeta};
pub use spec::{PROTOCOL_VERSION, Spec};
pub use state::{GlobalState, State, StateMessage, StateStats, StreamStateMessage};
pub use sync_mode::{DestinationSyncMode, SyncMode};
pub use trace::{
    AnalyticsTrace, ErrorTrace, EstimateKind, EstimateTrace, StatusReason, StreamStatus, StreamStatusTrace, Trace,
    TraceMessage,
};
