//! What the attributes mean, checked: a stream, and a source.

mod source;
mod stream;

pub(crate) use source::Source;
pub(crate) use stream::{Cursor, Given, Stream, rules};
