//! The lists that a stream is read along.

use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, Utc};
use connector_core::stream::{FieldPath, Incremental, NamedValues, Partition, Partitions};
use connector_core::{Error, ErrorKind, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Cx;

/// A value that can tell one partition from another.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot name a partition",
    label = "does not tell one partition from another",
    note = "integers, bool, strings, dates and date-times can"
)]
pub trait PartitionValue: Serialize {
    /// As it is read back from the partition.
    type Owned: DeserializeOwned;
}

macro_rules! values {
    ($($type:ty => $owned:ty),+) => { $(impl PartitionValue for $type { type Owned = $owned; })+ };
}
values!(i8 => i8, i16 => i16, i32 => i32, i64 => i64, isize => isize, u8 => u8, u16 => u16, u32 => u32, u64 => u64, usize => usize);
values!(bool => bool, &str => String, String => String, NaiveDate => NaiveDate, DateTime<Utc> => DateTime<Utc>);

/// A list that a stream is read along.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list to read a stream along",
    label = "no list",
    note = "an array, a Vec, a range of integers, or an Option of one can be; an absent option reads nothing"
)]
pub trait PartitionList {
    /// One value of it.
    type Item: PartitionValue;

    /// Its values, as JSON.
    ///
    /// # Errors
    /// A value that serde_json cannot write.
    fn values(&self) -> Result<Vec<Vec<u8>>>;
}

impl<T: PartitionValue> PartitionList for [T] {
    type Item = T;
    fn values(&self) -> Result<Vec<Vec<u8>>> {
        self.iter().map(json).collect()
    }
}

impl<T: PartitionValue, const N: usize> PartitionList for [T; N] {
    type Item = T;
    fn values(&self) -> Result<Vec<Vec<u8>>> {
        self.as_slice().values()
    }
}

impl<T: PartitionValue> PartitionList for Vec<T> {
    type Item = T;
    fn values(&self) -> Result<Vec<Vec<u8>>> {
        self.as_slice().values()
    }
}

impl<L: PartitionList> PartitionList for Option<L> {
    type Item = L::Item;
    fn values(&self) -> Result<Vec<Vec<u8>>> {
        self.as_ref().map_or_else(|| Ok(Vec::new()), L::values)
    }
}

impl<L: PartitionList + ?Sized> PartitionList for &L {
    type Item = L::Item;
    fn values(&self) -> Result<Vec<Vec<u8>>> {
        L::values(self)
    }
}

macro_rules! ranges {
    ($($type:ty),+) => { $(
        impl PartitionList for std::ops::Range<$type> {
            type Item = $type;
            fn values(&self) -> Result<Vec<Vec<u8>>> {
                self.clone().map(|value| json(&value)).collect()
            }
        }
        impl PartitionList for std::ops::RangeInclusive<$type> {
            type Item = $type;
            fn values(&self) -> Result<Vec<Vec<u8>>> {
                self.clone().map(|value| json(&value)).collect()
            }
        }
    )+ };
}
ranges!(i32, i64, u8, u16, u32, u64, usize);

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value)
        .map_err(|error| Error::new(ErrorKind::Config, format!("a partition's value cannot be written: {error}")))
}

/// The product of lists: what a stream, or one record of its parent, is read along.
///
/// ```
/// use connector_http::Lists;
/// # fn main() -> connector_http::Result<()> {
/// let lists = Lists::new().along("region", &["eu", "us"])?.along("year", &(2023_u32..=2024))?;
/// assert_eq!(lists.into_rows().len(), 4);
/// # Ok(()) }
/// ```
pub struct Lists(Vec<NamedValues>);

impl Default for Lists {
    fn default() -> Self {
        Self(vec![Vec::new()])
    }
}

impl Lists {
    /// No list yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the stream along one more list.
    ///
    /// # Errors
    /// A value that serde_json cannot write.
    pub fn along<L: PartitionList + ?Sized>(self, name: &'static str, list: &L) -> Result<Self> {
        let values = list.values()?;
        let with = |before: &NamedValues, value: &Vec<u8>| {
            let mut row = before.clone();
            row.push((name, value.clone()));
            row
        };
        Ok(Self(self.0.iter().flat_map(|before| values.iter().map(move |value| with(before, value))).collect()))
    }

    /// The partitions, the last list's values next to each other.
    #[must_use]
    pub fn partitions(self) -> Partitions {
        let named = |row: NamedValues| row.into_iter().map(|(name, value)| (vec![name], value)).collect();
        Partitions::List(self.0.into_iter().map(|row| Partition::new(named(row))).collect())
    }

    /// The combinations, each with its values under their names.
    #[must_use]
    pub fn into_rows(self) -> Vec<NamedValues> {
        self.0
    }
}

/// A list of values of a parent's field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of `{T}`, which the parent's field is",
    label = "no list of `{T}`"
)]
pub trait ListOf<T>: PartitionList {}

/// A type that a parent's field may have whose values are given.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given",
    label = "does not tell one partition from another",
    note = "integers, bool, strings, dates and date-times can"
)]
pub trait Given {
    /// One value.
    type Value;
}

macro_rules! given {
    ($($type:ty => $($item:ty),+);+ $(;)?) => { $(
        impl Given for $type { type Value = $type; }
        $(
            impl ListOf<$type> for [$item] {}
            impl<const N: usize> ListOf<$type> for [$item; N] {}
            impl ListOf<$type> for Vec<$item> {}
        )+
    )+ };
}
given!(i8 => i8; i16 => i16; i32 => i32; i64 => i64; isize => isize; u8 => u8; u16 => u16; u32 => u32; u64 => u64; usize => usize);
given!(bool => bool; String => String, &str; NaiveDate => NaiveDate; DateTime<Utc> => DateTime<Utc>;);

impl<T, L: ListOf<T>> ListOf<T> for Option<L> {}
impl<T, L: ListOf<T> + ?Sized> ListOf<T> for &L {}

/// The partitions that a parent's records would make, from a list of the field that the stream uses of them; nothing if there is no
/// list, or nothing in it. The accessor, which is never called, tells the field's type.
///
/// # Errors
/// A value that serde_json cannot write.
pub fn given<P, T: Given, L: ListOf<T::Value> + ?Sized>(
    _type: fn(&P) -> &T,
    path: FieldPath,
    list: &L,
) -> Result<Option<Partitions>> {
    let values = list.values()?;
    let partition = |value| Partition::new(vec![(path.to_vec(), value)]);
    let partitions: Vec<_> = values.into_iter().map(partition).collect();
    Ok((!partitions.is_empty()).then_some(Partitions::List(partitions)))
}

/// A value of a list that a parent's record holds; the list, which is not made, tells its type.
///
/// # Errors
/// The value is not there.
pub fn element<C, I: PartitionValue>(
    cx: &Cx<'_, C>,
    name: &str,
    _list: impl FnOnce() -> Result<ItemOf<I>>,
) -> Result<I::Owned> {
    cx.partition(name)
}

/// The type of a list's values.
pub struct ItemOf<I>(PhantomData<fn() -> I>);

/// The type of a list's values, in a function that is never called.
///
/// # Errors
/// None; the function's other calls have some.
pub fn item_of<L: PartitionList + ?Sized>(_list: &L) -> Result<ItemOf<L::Item>> {
    Ok(ItemOf(PhantomData))
}

/// Accessors of a field that two parents have, of one type; it stands for both.
pub const fn alike<A, B, T>(first: fn(&A) -> &T, _other: fn(&B) -> &T) -> fn(&A) -> &T {
    first
}

/// The text that tells the records of the partition's parent from those of the others.
///
/// # Errors
/// The partition is none of a parent's record.
pub fn text_of_parent<C>(cx: &Cx<'_, C>, name: &str) -> Result<String> {
    cx.partition(name)
}

/// The bytes of a field of the parent's record; nothing where it is null or absent. The accessor is never called.
///
/// # Errors
/// None.
pub fn held<C, P, T>(cx: &Cx<'_, C>, _type: fn(&P) -> &T, path: FieldPath) -> Result<Option<Vec<u8>>> {
    Ok(cx.held_by_parent(path))
}

/// Lets the compiler see that a parent tells what changed in it.
pub const fn tells_changes<P: Incremental>() {}

/// A value of the stream's own partition; the list tells its type.
///
/// # Errors
/// The value is not there.
pub fn partition<C, L: PartitionList + ?Sized>(
    cx: &Cx<'_, C>,
    name: &str,
    _list: &L,
) -> Result<<L::Item as PartitionValue>::Owned> {
    cx.partition(name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::Lists;
    use connector_core::stream::Partitions;

    #[test]
    fn a_product_of_lists() {
        let lists = Lists::new().along("region", &vec!["eu", "us"]).unwrap().along("page", &(1_u32..=2)).unwrap();
        let Partitions::List(list) = lists.partitions() else { panic!("a list") };
        let texts: Vec<_> = list.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [r#"region="eu" page=1"#, r#"region="eu" page=2"#, r#"region="us" page=1"#, r#"region="us" page=2"#]
        );
    }

    #[test]
    fn an_absent_list_reads_nothing() {
        let lists = Lists::new().along("region", &None::<Vec<String>>).unwrap();
        assert_eq!(lists.partitions(), Partitions::List(Vec::new()));
    }
}
