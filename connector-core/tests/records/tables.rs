//! Record types by hand: a table and a `Deserialize` of the same shape.

use connector_core::record::{Batch, Field, FieldType, Framing, Plan, PlanOptions, Record, Shape};
use connector_core::stream::StreamDescriptor;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

macro_rules! table {
    ($name:ident { $($field:literal $type:ty $(, $method:ident ( $($argument:expr)? ))*;)* }) => {
        impl Record for $name {
            const SHAPE: Shape = {
                static TABLE: &[Field] = &[$(Field::new($field, "", &<$type as Record>::SHAPE)$(.$method($($argument)?))*),*];
                Shape::Struct(|| TABLE)
            };
        }
    };
}

/// A struct with a field of each kind.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Wide {
    id: u64,
    small: Option<i8>,
    signed: Option<i64>,
    huge: Option<i128>,
    huger: Option<u128>,
    float: Option<f64>,
    text: Option<String>,
    yes: Option<bool>,
    at: Option<chrono::DateTime<chrono::Utc>>,
    day: Option<chrono::NaiveDate>,
    price: Option<rust_decimal::Decimal>,
    tags: Option<Vec<String>>,
    prices: Option<HashMap<String, f64>>,
    color: Option<Color>,
    inner: Option<Inner>,
    any: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Color {
    Red,
    #[serde(rename = "gr\u{fc}n")]
    Green,
}

impl Record for Color {
    const SHAPE: Shape = Shape::Choice(&["red", "gr\u{fc}n"]);
}

/// Recursive, with an alias and a default.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Inner {
    #[serde(alias = "key")]
    id: u8,
    #[serde(default)]
    name: String,
    children: Option<Vec<Inner>>,
}

/// Flattened.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Flat {
    id: u32,
    #[serde(flatten)]
    extra: Extra,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Extra {
    name: String,
    price: Option<u16>,
}

/// All but one field are serde's.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub(crate) struct Foreign {
    id: String,
    any: Option<std::net::Ipv4Addr>,
    inner: (u8, bool),
}

table!(Wide {
    "id" u64;
    "small" Option<i8>;
    "signed" Option<i64>;
    "huge" Option<i128>;
    "huger" Option<u128>;
    "float" Option<f64>;
    "text" Option<String>;
    "yes" Option<bool>;
    "at" Option<chrono::DateTime<chrono::Utc>>;
    "day" Option<chrono::NaiveDate>;
    "price" Option<rust_decimal::Decimal>;
    "tags" Option<Vec<String>>;
    "prices" Option<HashMap<String, f64>>;
    "color" Option<Color>;
    "inner" Option<Inner>;
    "any" Option<serde_json::Value>;
});

table!(Inner { "id" u8, aliases(&["key"]); "name" String, optional(); "children" Option<Vec<Inner>>; });
table!(Extra { "name" String; "price" Option<u16>; });
table!(Flat { "id" u32; "extra" Extra, flattened(); });

impl Record for Foreign {
    const SHAPE: Shape = {
        use connector_core::record::SerdeShape;
        static TABLE: &[Field] = &[
            Field::new("id", "", &<FieldType<String>>::SHAPE),
            Field::new("any", "", &<FieldType<Option<std::net::Ipv4Addr>> as SerdeShape>::SHAPE),
            Field::new("inner", "", &<FieldType<(u8, bool)> as SerdeShape>::SHAPE),
        ];
        Shape::Struct(|| TABLE)
    };
}

/// The fields of a record type.
pub(crate) fn fields<T: Record>() -> &'static [Field] {
    match T::SHAPE {
        Shape::Struct(fields) => fields(),
        _ => panic!("no struct"),
    }
}

pub(crate) fn stream<T: Record>() -> StreamDescriptor {
    StreamDescriptor::new("things", "", fields::<T>)
}

pub(crate) fn batch_with<T: Record>(options: PlanOptions) -> Batch {
    Batch::new(Arc::new(Plan::new(&stream::<T>(), options).unwrap()), Framing::Bare, 0)
}

pub(crate) fn batch<T: Record>() -> Batch {
    batch_with::<T>(PlanOptions::default())
}
