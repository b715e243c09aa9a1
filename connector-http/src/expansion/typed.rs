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

/// The fields of a record type; none if it is no struct.
#[must_use]
pub fn fields<T: Record>() -> &'static [Field] {
    match T::SHAPE {
        Shape::Struct(fields) => fields(),
        _ => &[],
    }
}
