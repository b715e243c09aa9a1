//! What the macros' expansions name: not part of the public API.

pub use ::connector_core;
pub use ::schemars;
pub use ::serde;
pub use ::serde_json;

pub use crate::expansion::*;
pub use chrono;
