//! What the macros' expansions call besides the public API: typed accessors, constant paths, hooks with readable bounds.
//!
//! An expansion is data and one-line delegations; what there is to do is done here. Not part of the public API.

mod cursor;
pub mod hook;
mod key;
mod live;
mod source;
mod text;
mod typed;
mod wire;

pub use cursor::{CursorStart, cursor_kind, cursor_spec, cursor_start};
pub use key::{PrimaryKey, key};
pub use live::Live;
pub use source::{base_url, config_schema, from_config, source_info};
pub use text::{Text, TextValue, text};
pub use typed::{fields, typed, typed_with};
pub use wire::Wire;
