//! What can identify a record.

use connector_core::stream::FieldPath;

/// A type that can be (part of) a primary key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a primary key",
    label = "does not identify a record",
    note = "a key is there in every record and is an integer, a string, a bool, a date, a date-time or a decimal; it is never an option, a list or a float"
)]
pub trait PrimaryKey {}

macro_rules! keys {
    ($($type:ty),+) => { $(impl PrimaryKey for $type {})+ };
}
keys!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, bool, char, String, Box<str>);
keys!(chrono::NaiveDate, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::FixedOffset>);

impl<T: PrimaryKey> PrimaryKey for Box<T> {}
impl<T: PrimaryKey> PrimaryKey for std::sync::Arc<T> {}

/// The path of a key field; the accessor, which is never called, tells its type.
#[must_use]
pub const fn key<R, T: PrimaryKey + ?Sized>(_type: fn(&R) -> &T, path: FieldPath) -> FieldPath {
    path
}
