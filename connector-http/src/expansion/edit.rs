//! What is done with records before they leave: added fields, removed ones, the filter.

use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use connector_core::cursor::{CursorValue, Span};
use connector_core::record::{Field, Record, Shape};
use connector_core::stream::FieldPath;
use connector_core::{Error, ErrorKind, Result};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{Cx, Row};

/// A value that can become a field of a record.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a record",
    label = "cannot be added",
    note = "integers, floats, bool, strings, dates, date-times, decimals, JSON values, Option of those (null when None) and lists of those can; a Secret never leaves"
)]
pub trait AddedValue {
    /// The type whose schema it has.
    type Shape: Record;

    /// The value as JSON.
    ///
    /// # Errors
    /// A value that serde_json cannot write.
    fn json(&self) -> Result<Box<RawValue>>;
}

fn raw<T: Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(value)
        .map_err(|error| Error::new(ErrorKind::Record, format!("an added value cannot be written: {error}")))
}

macro_rules! values {
    ($($type:ty => $shape:ty),+ $(,)?) => { $(impl AddedValue for $type {
        type Shape = $shape;
        fn json(&self) -> Result<Box<RawValue>> {
            raw(self)
        }
    })+ };
}
values!(i8 => i8, i16 => i16, i32 => i32, i64 => i64, isize => isize, u8 => u8, u16 => u16, u32 => u32, u64 => u64, usize => usize);
values!(bool => bool, f32 => f32, f64 => f64, str => String, String => String, Box<str> => String);
values!(DateTime<Utc> => DateTime<Utc>, DateTime<chrono::FixedOffset> => DateTime<chrono::FixedOffset>);
values!(NaiveDateTime => NaiveDateTime, NaiveDate => NaiveDate, NaiveTime => NaiveTime, serde_json::Value => serde_json::Value);

/// A decimal is a number, to the last digit.
#[cfg(feature = "decimal")]
impl AddedValue for rust_decimal::Decimal {
    type Shape = Self;
    fn json(&self) -> Result<Box<RawValue>> {
        RawValue::from_string(self.to_string())
            .map_err(|error| Error::new(ErrorKind::Internal, format!("a decimal is no JSON number: {error}")))
    }
}

impl<T: AddedValue> AddedValue for Option<T> {
    type Shape = Option<T::Shape>;
    fn json(&self) -> Result<Box<RawValue>> {
        self.as_ref().map_or_else(|| raw(&()), T::json)
    }
}

impl<T: AddedValue + ?Sized> AddedValue for &T {
    type Shape = T::Shape;
    fn json(&self) -> Result<Box<RawValue>> {
        T::json(self)
    }
}

impl<T: AddedValue> AddedValue for [T] {
    type Shape = Vec<T::Shape>;
    fn json(&self) -> Result<Box<RawValue>> {
        raw(&self.iter().map(T::json).collect::<Result<Vec<_>>>()?)
    }
}

impl<T: AddedValue> AddedValue for Vec<T> {
    type Shape = Vec<T::Shape>;
    fn json(&self) -> Result<Box<RawValue>> {
        self.as_slice().json()
    }
}

impl<T: AddedValue, const N: usize> AddedValue for [T; N] {
    type Shape = Vec<T::Shape>;
    fn json(&self) -> Result<Box<RawValue>> {
        self.as_slice().json()
    }
}

/// A value as JSON, of a type `T`.
pub struct Json<T> {
    text: Box<RawValue>,
    of: PhantomData<fn() -> T>,
}

impl<T> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        self.text.serialize(to)
    }
}

/// An added value as JSON.
///
/// # Errors
/// A value that serde_json cannot write.
pub fn json<V: AddedValue + ?Sized>(value: &V) -> Result<Json<V::Shape>> {
    Ok(Json { text: value.json()?, of: PhantomData })
}

struct ShapeOf<T>(PhantomData<T>);

impl<T: Record> ShapeOf<T> {
    const SHAPE: &'static Shape = &T::SHAPE;
}

/// The function that makes an added value; it is never called, its type tells the field's.
pub type Adds<C, T> = fn(&Cx<'_, C>, &Row<'_>) -> Result<Json<T>>;

/// An added field.
#[must_use]
pub const fn added<C, T: Record>(name: &'static str, _value: Adds<C, T>) -> Field {
    Field::new(name, "", ShapeOf::<T>::SHAPE)
}

/// The path of a removed field; the accessor, which is never called, is checked by rustc.
#[must_use]
pub const fn removed<R, T: ?Sized>(_type: fn(&R) -> &T, path: FieldPath) -> FieldPath {
    path
}

/// Whether a record is kept: what a filter has to say.
#[must_use]
pub const fn keep(filter: bool) -> bool {
    filter
}

/// A moment before another; units of an integer cursor are no time.
#[must_use]
pub fn before(now: DateTime<Utc>, span: Span) -> DateTime<Utc> {
    CursorValue::from(now).minus(&span).and_then(|value| value.datetime()).unwrap_or(DateTime::UNIX_EPOCH)
}
