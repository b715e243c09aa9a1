//! What a connector imports: `use connector_http::prelude::*;`.

pub use crate::auth;
pub use crate::http::{Method, StatusCode};
pub use crate::{
    Algorithm, Answer, Auth, Authenticator, Body, BodyFormat, Csv, Cx, Headers, HttpSource, HttpStream, HttpStreams,
    Job, JobRequest, LimitHeaders, Listed, OAuth2, Page, PageToken, Paginator, Params, Parsed, Path, Place, Quota,
    Records, Response, Rule, Sent, SessionLogin, Settings, SignedToken, SourceSettings, Verdict,
};
pub use crate::{ApiClient, SchemaFields, StreamList};
pub use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
pub use connector_core::record::Record;
pub use connector_core::state::StateType;
pub use connector_core::stream::Partitions;
pub use connector_core::{Error, ErrorKind, Result, Secret, Source, SourceContext, Streams};
#[cfg(feature = "macros")]
pub use connector_macros::{Record, StateType, config, source};
#[cfg(feature = "decimal")]
pub use rust_decimal::Decimal;
pub use std::process::ExitCode;
