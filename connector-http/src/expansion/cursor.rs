//! The cursor of a stream, from its descriptor and the values of its attribute.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use connector_core::cursor::{Cursor, CursorFormat, CursorKind, CursorSpec, CursorValue, End, Order};
use connector_core::stream::StreamType;
use connector_core::{Error, ErrorKind, Result};

/// The kind of a cursor field; the accessor, which is never called, tells its type.
#[must_use]
pub const fn cursor_kind<R, T: Cursor>(_type: fn(&R) -> &T) -> CursorKind {
    T::KIND
}

const NO_GRANULARITY: &str = "`exclusive_start` wants a `granularity`: the start that is sent is that much earlier; say `granularity = seconds(1)`, or what the API knows";
const NO_VALUE_BEFORE: &str =
    "`exclusive_start` is of no use for a text, which has no value just before it; leave it out";

/// The kind of a cursor whose values have a smallest difference by nature: what an exclusive start is moved by.
///
/// # Panics
/// In a constant, for a kind that has none.
#[must_use]
#[expect(clippy::panic, reason = "the way to refuse something in a constant")]
pub const fn with_granularity(kind: CursorKind) -> CursorKind {
    match kind {
        CursorKind::DateTime | CursorKind::NaiveDateTime => panic!("{}", NO_GRANULARITY),
        CursorKind::Text => panic!("{}", NO_VALUE_BEFORE),
        kind => kind,
    }
}

/// The cursor of a stream with the defaults.
///
/// # Errors
/// The stream's descriptor has none, which the derive does not write.
pub fn cursor_spec<S: StreamType>() -> Result<CursorSpec> {
    CursorSpec::of(&S::DESCRIPTOR).ok_or_else(|| Error::new(ErrorKind::Internal, "the stream has no cursor"))
}

/// The second part of a stream's cursor with the defaults.
///
/// # Errors
/// The stream's descriptor has none, which the derive does not write.
pub fn cursor_then<S: StreamType>() -> Result<CursorSpec> {
    let then = S::DESCRIPTOR.then.map(CursorSpec::new);
    then.ok_or_else(|| Error::new(ErrorKind::Internal, "the stream's cursor has no second part"))
}

/// Where a cursor of type `T` can start.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no start for a cursor of type `{T}`",
    label = "no start of that type",
    note = "expected `{T}` or `Option<{T}>`; a date or a date-time can start a cursor of any kind of date; a string literal is read as one"
)]
pub trait CursorStart<T> {
    /// The value, if there is one.
    fn start(&self) -> Option<CursorValue>;
}

/// A start for a cursor field; the accessor, which is never called, tells its type.
///
/// # Errors
/// A text that is no value of the field's kind.
pub fn cursor_start<R, T: Cursor, V: CursorStart<T> + ?Sized>(
    _type: fn(&R) -> &T,
    value: &V,
) -> Result<Option<CursorValue>> {
    // A text is read when the time zone is known: by `CursorSpec::checked`.
    Ok(value.start())
}

impl<T, V: CursorStart<T>> CursorStart<T> for Option<V> {
    fn start(&self) -> Option<CursorValue> {
        self.as_ref().and_then(V::start)
    }
}

impl<T, V: CursorStart<T> + ?Sized> CursorStart<T> for &V {
    fn start(&self) -> Option<CursorValue> {
        V::start(self)
    }
}

/// A literal of the author: `start = "2020-01-01"`.
impl<T> CursorStart<T> for str {
    fn start(&self) -> Option<CursorValue> {
        Some(CursorValue::from(self))
    }
}

macro_rules! starts {
    ($($value:ty => $($cursor:ty),+;)+) => { $($(
        impl CursorStart<$cursor> for $value {
            fn start(&self) -> Option<CursorValue> {
                Some(CursorValue::from(self.clone()))
            }
        }
        impl CursorStart<Option<$cursor>> for $value {
            fn start(&self) -> Option<CursorValue> {
                Some(CursorValue::from(self.clone()))
            }
        }
    )+)+ };
}

starts! {
    DateTime<Utc> => DateTime<Utc>, DateTime<FixedOffset>, NaiveDateTime, NaiveDate;
    DateTime<FixedOffset> => DateTime<Utc>, DateTime<FixedOffset>, NaiveDateTime, NaiveDate;
    NaiveDateTime => DateTime<Utc>, DateTime<FixedOffset>, NaiveDateTime, NaiveDate;
    NaiveDate => DateTime<Utc>, DateTime<FixedOffset>, NaiveDateTime, NaiveDate;
    String => String;
    i64 => i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize;
    i32 => i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize;
    u32 => i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize;
    u64 => i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize;
}

/// Where a sync ends; an absent option leaves it open.
///
/// # Errors
/// A text that is no value of the field's kind.
pub fn cursor_end<R, T: Cursor, V: CursorStart<T> + ?Sized>(accessor: fn(&R) -> &T, value: &V) -> Result<End> {
    Ok(cursor_start(accessor, value)?.map_or(End::Open, End::At))
}

/// An order that the config tells.
#[must_use]
pub const fn order(order: &Order) -> Order {
    *order
}

/// The forms of a cursor's values in records.
///
/// # Errors
/// A pattern with a directive that does not exist.
pub fn formats(names: &[&str]) -> Result<Vec<CursorFormat>> {
    names.iter().map(|name| CursorFormat::parse(name)).collect()
}
