//! The kinds of cursor that a field's type can be.

/// How the values of a cursor field are read and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CursorKind {
    /// A moment: RFC 3339, or epoch seconds or milliseconds where the stream says so.
    DateTime,
    /// A date-time without a zone, taken as UTC.
    NaiveDateTime,
    /// A date.
    Date,
    /// An integer.
    Integer,
    /// A string, compared byte by byte.
    Text,
}

/// A type that can be a cursor.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a cursor",
    label = "has no order, or no way to be sent",
    note = "a cursor is a date, a date-time, an integer or a string"
)]
pub trait Cursor {
    /// How its values are read and compared.
    const KIND: CursorKind;
}

macro_rules! cursors {
    ($($kind:ident => $($type:ty),+;)+) => { $($(impl Cursor for $type { const KIND: CursorKind = CursorKind::$kind; })+)+ };
}

cursors! {
    DateTime => chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::FixedOffset>;
    NaiveDateTime => chrono::NaiveDateTime;
    Date => chrono::NaiveDate;
    Integer => i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize;
    Text => String;
}

/// A record may lack its cursor; what becomes of it then is [`Missing`](super::Missing).
impl<T: Cursor> Cursor for Option<T> {
    const KIND: CursorKind = T::KIND;
}
