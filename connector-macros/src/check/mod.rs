//! What an attribute may not say although each of its keys is known. A table of contents of rules, one function a rule.

mod cursor;
mod edit;
mod fields;
mod job;
mod paginate;
mod rules;
mod stream;
mod transform;

pub(crate) use cursor::{is_zone_name, then, time_zone};
pub(crate) use edit::{added, kept, removed};
pub(crate) use fields::misplaced;
pub(crate) use job::job;
pub(crate) use paginate::{paginate, reset};
pub(crate) use rules::rule;
pub(crate) use stream::{
    body, byte, cursors, field_list, format, groups, key_fields, name, parent, partitions, remembered, state,
    updated_state, whole_first_page,
};
pub(crate) use transform::transform;
