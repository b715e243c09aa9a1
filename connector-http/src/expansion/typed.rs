//! serde's opinion over a field's bytes, for types and functions that have no table.

use connector_core::record::{Field, Record, Shape};
use serde::de::DeserializeOwned;
use serde_json::de::SliceRead;

/// Whether serde accepts the bytes for a type.
///
/// # Errors
/// serde's reason.
pub fn typed<T: DeserializeOwned>(bytes: &[u8]) -> Result<(), String> {
    serde_json::from_slice::<T>(bytes).map(drop).map_err(|error| error.to_string())
}

/// Whether a `deserialize_with` function accepts the bytes.
///
/// # Errors
/// The function's reason.
pub fn typed_with<'de, T>(
    bytes: &'de [u8],
    read: impl FnOnce(&mut serde_json::Deserializer<SliceRead<'de>>) -> Result<T, serde_json::Error>,
) -> Result<(), String> {
    let mut from = serde_json::Deserializer::from_slice(bytes);
    read(&mut from).map(drop).map_err(|error| error.to_string())
}

/// The names that the fields of a record have on the wire, as a list of fields in a request needs them.
#[must_use]
pub fn field_names<T: Record>() -> Vec<&'static str> {
    fn names(fields: &'static [Field], to: &mut Vec<&'static str>) {
        for field in fields {
            let mut shape = field.shape;
            while let Shape::Option(inner) = shape {
                shape = inner;
            }
            match shape {
                Shape::Struct(inner) if field.flatten => names(inner(), to),
                _ if field.flatten => {}
                _ => to.push(field.name),
            }
        }
    }
    let mut list = Vec::new();
    names(fields::<T>(), &mut list);
    list
}

/// The fields of a record type; none if it is no struct.
#[must_use]
pub fn fields<T: Record>() -> &'static [Field] {
    match T::SHAPE {
        Shape::Struct(fields) => fields(),
        _ => &[],
    }
}
