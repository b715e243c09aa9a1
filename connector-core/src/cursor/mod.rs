//! Cursors: which values tell what is new, how they are read and compared, and the windows that are asked for.
//!
//! A [`CursorValue`] is read out of a record's bytes by the [`CursorFormat`]s of the stream (`parse`, with `rfc3339` as the
//! fast way), compared, moved by a [`Span`] (`arithmetic`) and written into a request (`CursorSpec::request_text`).
//! [`TimeZone`] is whose clock values without an offset show (`zoned`: what that means for bounds).
//! [`CursorSpec`] is the whole of a stream's cursor; [`Windows`] cuts what is left to read; [`CursorFold`] keeps the
//! largest value of a page's records.

mod arithmetic;
mod choice;
mod fold;
mod format;
mod kind;
mod parse;
mod rfc3339;
mod span;
mod spec;
#[cfg(feature = "time-zones")]
mod tzdb;
mod value;
mod window;
mod zone;
mod zoned;

pub use arithmetic::Clamp;
pub use choice::{End, EndBound, Future, Missing, NewPartitions, Order, StartBound};
pub use fold::{CursorFold, Keep};
pub use format::CursorFormat;
pub use kind::{Cursor, CursorKind};
pub use span::Span;
pub use spec::CursorSpec;
pub use value::CursorValue;
pub use window::{Window, Windows};
pub use zone::TimeZone;

pub(crate) use value::Key;

#[cfg(test)]
mod tests;
