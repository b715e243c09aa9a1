//! Reading what other programs write: nulls where a list is due, whole numbers with a fraction.

use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A field that may be missing or null: its default then.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(d: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(d)?.unwrap_or_default())
}

/// A whole number that may come with a fraction: the Python framework writes some times as `1795431055772.5151`, and the
/// protocol wants counts as `3.0`.
pub(super) fn whole<'de, D: Deserializer<'de>, T: FromStr>(d: D) -> Result<T, D::Error> {
    let raw = Box::<RawValue>::deserialize(d)?;
    number(raw.get()).ok_or_else(|| D::Error::custom(format_args!("expected a number, found `{}`", raw.get())))
}

/// The same, where the field may be missing or null.
pub(super) fn whole_or_none<'de, D: Deserializer<'de>>(d: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    struct Count(#[serde(deserialize_with = "whole")] u64);
    Ok(Option::<Count>::deserialize(d)?.map(|count| count.0))
}

/// Read as text, since a float would change counts above 2^53.
fn number<T: FromStr>(text: &str) -> Option<T> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let plain = !text.contains(['e', 'E']);
    // With an exponent it is beyond what counts need; `{:.0}` writes it out.
    let written = if plain { whole.to_owned() } else { format!("{:.0}", text.parse::<f64>().ok()?) };
    written.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_fraction_is_cut_and_nothing_else_lost() {
        assert_eq!(number("3.0"), Some(3_u64));
        assert_eq!(number("10000000000000001.0"), Some(10_000_000_000_000_001_u64));
        assert_eq!(number("1795431055772.5151"), Some(1_795_431_055_772_i64));
        assert_eq!(number("-7"), Some(-7_i64));
        assert_eq!(number("1e7"), Some(10_000_000_u64));
        assert_eq!(number::<u64>("-1"), None);
        assert_eq!(number::<u64>("\"3\""), None);
        assert_eq!(number::<u64>("1e400"), None);
    }
}
