//! Reading what other programs write: nulls where a list is due, times with a fraction.

use serde::{Deserialize, Deserializer};

/// A field that may be missing or null: its default then.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(d: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(d)?.unwrap_or_default())
}

/// A whole number that may come with a fraction: the Python framework writes some times as `1795431055772.5151`, and the
/// protocol wants counts as `3.0`.
pub(super) fn whole<'de, D: Deserializer<'de>, T: TryFrom<i64>>(d: D) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Whole(i64),
        Float(f64),
    }
    let number = match Number::deserialize(d)? {
        Number::Whole(number) => number,
        // `as` saturates, which is right for a time or a count beyond all reason.
        #[allow(clippy::cast_possible_truncation)]
        Number::Float(number) => number as i64,
    };
    T::try_from(number).map_err(|_| serde::de::Error::custom(format_args!("{number} is out of range")))
}

/// The same, where the field may be missing or null.
pub(super) fn whole_or_none<'de, D: Deserializer<'de>>(d: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    struct Count(#[serde(deserialize_with = "whole")] u64);
    Ok(Option::<Count>::deserialize(d)?.map(|count| count.0))
}
