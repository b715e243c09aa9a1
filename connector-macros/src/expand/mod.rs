//! What the macros write: constants, one-line delegations and typed accessors. Logic belongs to the runtime.

mod auth;
mod calls;
mod config;
mod cursor;
mod edit;
mod format;
mod hooks;
mod job;
mod live;
mod paginate;
mod record;
mod rules;
mod scope;
mod source;
mod state;
mod stream;
mod transform;

pub(crate) use config::fields as config_fields;
pub(crate) use live::fields as live;
pub(crate) use record::record;
pub(crate) use source::{derived, source};
pub(crate) use state::state_type;
pub(crate) use stream::stream;
