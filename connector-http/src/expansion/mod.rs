//! What the macros' expansions call besides the public API: typed accessors, constant paths, hooks with readable bounds.
//!
//! An expansion is data and one-line delegations; what there is to do is done here. Not part of the public API.

pub mod authenticators;
mod config;
pub mod credentials;
mod cursor;
mod edit;
pub mod hook;
mod key;
mod live;
mod own_state;
mod page;
mod partition;
mod rule;
mod source;
mod text;
pub mod times;
mod typed;
mod wire;
mod zone;

pub use authenticators::{json_value, life};
pub use config::{ConfigField, ConfigFields, ConfigType, OpaqueConfig, config_path};
pub use credentials::{SecretText, SecretValue};
pub use cursor::{
    CursorStart, cursor_end, cursor_kind, cursor_spec, cursor_start, cursor_then, formats, order, with_granularity,
};
pub use edit::{AddedValue, Adds, Json, added, before, json, keep, removed};
pub use key::{PrimaryKey, key};
pub use live::Live;
pub use own_state::{version, version_after};
pub use page::{NextToken, next, next_url, page_token};
pub use partition::{
    ItemOf, Lists, PartitionList, PartitionValue, alike, element, given, held, item_of, partition, tells_changes,
    text_of_parent,
};
pub use rule::{body_is, fixed_quota, header_is, quota, stream_name};
pub use source::{PemText, base_url, catalog_lock, config_schema, from_config, into_auth, pem, source_info};
pub use text::{Text, TextValue, text};
pub use times::{SpanValue, span, wait};
pub use typed::{field_names, fields, typed, typed_with};
pub use wire::Wire;
pub use zone::{ZoneValue, ZonedCursor, time_zone, zones_by_name};

pub use crate::auth;
pub use crate::http::Method;
pub use crate::transport::Roots;
pub use crate::{
    Algorithm, Answer, Auth, Body, BodyFormat, ClientAuth, Condition, Csv, Cx, FieldList, Group, Headers, HttpSource,
    HttpStream, HttpStreams, Job, JobRequest, LimitHeaders, Listed, Page, PageToken, Paginator, Params, Parsed, Path,
    Place, QueryEncoding, Records, Response, Row, Rule, Sent, Settings, SourceSettings, Until, Verdict,
};
// What a source asks the API for.
pub use crate::{ApiClient, MadeOf, SchemaFields};
pub use connector_core::clock::BoxFuture;
pub use connector_core::cursor::{Clamp, CursorFormat, EndBound, Future, Missing, NewPartitions, Order, StartBound};
pub use connector_core::lock::LockFault;
pub use connector_core::protocol::AdvancedAuth;
pub use connector_core::record::{
    Added, Empty, Field, FieldType, KeyCase, Misfit, Record, SerdeShape, Shape, Transform,
};
pub use connector_core::state::{FoundState, StateDraft, StateType};
pub use connector_core::stream::{
    FieldPath, Incremental, Lineage, NoParent, ParentLink, Partitions, Several, Stream, StreamDescriptor, StreamType,
};
pub use connector_core::{Result, Source, SourceContext, SourceInfo, Streams};
pub use std::convert::Into;
pub use std::env;
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::Ok;
pub use std::string::String;
pub use std::sync::Arc;
pub use std::vec::Vec;
