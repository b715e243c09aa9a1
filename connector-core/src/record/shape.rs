//! The constant table of a record type: shape, wire names, docs; the schema, the validation and the picks all read it.
//!
//! `#[derive(Record)]` and `#[derive(HttpStream)]` write one [`Shape`] a type. Which table a field's type has is chosen by
//! rustc through [`FieldType`]: a type that implements [`Record`] brings its own, any other that implements
//! `serde::Deserialize` is checked by serde over the bytes of that field ([`Shape::Typed`], slower).

use std::marker::PhantomData;

/// What a JSON value has to look like to fit a Rust type.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// `true` or `false`.
    Bool,
    /// An integer within bounds (both inclusive).
    Int {
        /// The smallest value.
        min: i128,
        /// The largest value.
        max: i128,
    },
    /// Any number.
    Number,
    /// A decimal: a number, or a string that holds one.
    Decimal,
    /// A string.
    Str,
    /// A string of a format.
    Format(Format),
    /// The shape, or null; the field may be missing.
    Option(&'static Shape),
    /// An array of values of one shape.
    List(&'static Shape),
    /// An object with any keys and values of one shape.
    Map(&'static Shape),
    /// An object with known fields. A function, because a constant that refers to itself does not compile.
    Struct(fn() -> &'static [Field]),
    /// A string out of a list (an enum without data).
    Choice(&'static [&'static str]),
    /// Whatever serde accepts for the type: the reason of a refusal, or nothing.
    Typed(fn(&[u8]) -> Result<(), String>),
}

/// The format of a string, by its name in JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 3339 date-time with a zone.
    DateTime,
    /// A date-time without a zone.
    NaiveDateTime,
    /// `YYYY-MM-DD`.
    Date,
    /// `HH:MM:SS`, with or without a fraction.
    Time,
}

/// One field of a record.
#[derive(Clone, Copy)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// Other names that serde accepts for it.
    pub aliases: &'static [&'static str],
    /// The doc comment, lines joined by `\n`, without leading spaces.
    pub doc: &'static str,
    /// What its value looks like.
    pub shape: &'static Shape,
    /// Whether a record without it does not fit (neither an option nor `#[serde(default)]`).
    pub required: bool,
    /// Whether its own fields stand beside it (`#[serde(flatten)]`).
    pub flatten: bool,
}

impl Field {
    /// A field that must be there unless its shape is an option.
    #[must_use]
    pub const fn new(name: &'static str, doc: &'static str, shape: &'static Shape) -> Self {
        Self { name, aliases: &[], doc, shape, required: !matches!(shape, Shape::Option(_)), flatten: false }
    }

    /// The field may be missing (`#[serde(default)]`).
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// The fields of its value stand beside it (`#[serde(flatten)]`).
    #[must_use]
    pub const fn flattened(mut self) -> Self {
        self.flatten = true;
        self.required = false;
        self
    }

    /// Other names that serde accepts for it (`#[serde(alias)]`).
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }
}

/// A type whose JSON form is known as a constant table. Derive it with `#[derive(Record)]`; `#[derive(HttpStream)]` does so, too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no record type",
    label = "its shape is unknown",
    note = "derive it: #[derive(Record)] for a nested struct or an enum, or #[derive(serde::Deserialize)] to have serde check it (slower)"
)]
pub trait Record {
    /// The shape of a value of this type.
    const SHAPE: Shape;
    /// The Rust name and the wire name of each field, of a struct. The wire name of a flattened field is empty: its own fields stand
    /// beside it. Apart from the shape, so that constants can look names up in types that contain themselves.
    const NAMES: &'static [(&'static str, &'static str)] = &[];
}

/// Chooses the table of a field's type: the type's own, or else serde's opinion. Only the derives use it.
pub struct FieldType<T: ?Sized>(PhantomData<T>);

impl<T: Record + ?Sized> FieldType<T> {
    /// The table of a type that has one.
    pub const SHAPE: Shape = T::SHAPE;
}

/// The second choice of [`FieldType`]: types that only serde knows.
pub trait SerdeShape {
    /// A check by serde.
    const SHAPE: Shape;
}

impl<T: serde::de::DeserializeOwned> SerdeShape for FieldType<T> {
    const SHAPE: Shape = Shape::Typed(|bytes| match serde_json::from_slice::<T>(bytes) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    });
}

macro_rules! records {
    ($($shape:expr => $($type:ty),+;)+) => { $($(impl Record for $type { const SHAPE: Shape = $shape; })+)+ };
}

macro_rules! integers {
    ($($type:ty),+) => { $(impl Record for $type { const SHAPE: Shape = Shape::Int { min: <$type>::MIN as i128, max: <$type>::MAX as i128 }; })+ };
}

integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize);

records! {
    Shape::Int { min: 0, max: i128::MAX } => u128;
    Shape::Bool => bool;
    Shape::Number => f32, f64;
    Shape::Str => String, str, Box<str>;
    Shape::Any => serde_json::Value, Box<serde_json::value::RawValue>;
    Shape::Map(&Shape::Any) => serde_json::Map<String, serde_json::Value>;
    Shape::Format(Format::DateTime) => chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::FixedOffset>;
    Shape::Format(Format::NaiveDateTime) => chrono::NaiveDateTime;
    Shape::Format(Format::Date) => chrono::NaiveDate;
    Shape::Format(Format::Time) => chrono::NaiveTime;
}

#[cfg(feature = "decimal")]
impl Record for rust_decimal::Decimal {
    const SHAPE: Shape = Shape::Decimal;
}

impl<T: Record> Record for Option<T> {
    const SHAPE: Shape = Shape::Option(&T::SHAPE);
}
impl<T: Record> Record for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}
impl<T: Record> Record for Box<T> {
    const SHAPE: Shape = T::SHAPE;
    const NAMES: &'static [(&'static str, &'static str)] = T::NAMES;
}
impl<T: Record> Record for std::sync::Arc<T> {
    const SHAPE: Shape = T::SHAPE;
    const NAMES: &'static [(&'static str, &'static str)] = T::NAMES;
}
impl<T: Record> Record for std::collections::HashMap<String, T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);
}
impl<T: Record> Record for std::collections::BTreeMap<String, T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);
}
