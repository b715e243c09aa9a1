//! From an attribute's tokens to entries: which key, at which token, with what value. No item's fault hides another's.
//!
//! `parse` cuts and reads, `value` and `template` are the values, `entries` is what the model takes them from.

mod entries;
mod parse;
pub(crate) mod template;
pub(crate) mod value;

pub(crate) use entries::{Entries, Entry, ParentRef, StreamRef};
pub(crate) use parse::{all, arguments, keyed};
pub(crate) use template::{Part, Template};
pub(crate) use value::{Named, Value};
