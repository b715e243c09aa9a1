//! Records: the constant table of their type, and what the framework does with their bytes.
//!
//! `shape` is the table.

mod shape;

pub use shape::{Field, FieldType, Format, Record, SerdeShape, Shape};
