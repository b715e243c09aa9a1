//! Write source connectors for HTTP APIs as annotated structs.
//!
//! The story of a request, folder by folder: a stream ([`HttpStream`]) of a source ([`HttpSource`]) has settings and a scope
//! ([`Cx`]) for its values; they make a `request/`; `auth/` proves who asks; `send/` waits for quotas, retries and backs
//! off; `client/` keeps credentials where they belong; a `transport/` carries it; the answer is decoded (`decode/`) and
//! classified (`classify/`); its records go to the core, and `paginate/` names the next page. `job/` is for reports that are made
//! on request. `engine` ties it together.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod at_once;
pub mod auth;
mod bound;
mod classify;
mod client;
mod decode;
mod engine;
mod expansion;
mod field_list;
mod format;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod head;
pub mod http;
mod http_stream;
mod job;
mod paginate;
pub mod prelude;
mod request;
mod response;
mod scope;
mod send;
mod settings;
mod source;
#[cfg(test)]
mod tests;
pub mod transport;

pub use auth::{
    Algorithm, Auth, Authenticator, ClientAuth, Credential, CredentialList, OAuth2, Rotate, Sent, SessionLogin,
    SignedToken, Signing,
};
pub use classify::{Answer, Condition, Rule, Until, Verdict};
pub use client::{ApiClient, ApiRequest};
pub use connector_core::record::{Added, Empty, KeyCase, Transform};
pub use connector_core::schema::SchemaFields;
pub use expansion::{Lists, PartitionList, PartitionValue};
pub use field_list::FieldList;
pub use http_stream::{HttpStream, Listed, MadeOf};
pub use job::{Job, JobRequest, JobValues};
pub use paginate::{Page, PageToken, Paginator, Place};
pub use request::{Body, BodyKind, Draft, Headers, ParamValue, Params, Path, PathSegment, QueryEncoding};
pub use response::{Parsed, Records, Response};
pub use scope::{Cx, Group, Row, SliceValue};
pub use send::{LimitHeaders, Quota};
pub use settings::{BodyFormat, Csv, Settings, SourceSettings};
pub use source::{HttpSource, HttpStreams, StreamList};

#[cfg(feature = "macros")]
pub use connector_macros::*;

pub use connector_core::{
    Connector, Error, ErrorKind, FailureType, Limits, Mask, ReadRequest, Result, Secret, Source, SourceContext,
    SourceInfo, Streams, cursor, lock, protocol, record, run, sink, state, stream,
};
