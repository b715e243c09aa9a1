//! The record types of the pages: tables as the derive writes them, and `Deserialize` for the peers.

use chrono::{DateTime, Utc};
use connector_core::record::{Field, Record, Shape};
use serde::Deserialize;
use serde_json::Value;

macro_rules! records {
    ($($name:ident { $($field:ident: $type:ty,)+ })+) => { $(
        #[derive(Deserialize)]
        #[allow(dead_code)]
        pub(crate) struct $name { $($field: $type),+ }

        impl Record for $name {
            const SHAPE: Shape = {
                static TABLE: &[Field] = &[$(Field::new(name(stringify!($field)), "", &<$type as Record>::SHAPE)),+];
                Shape::Struct(|| TABLE)
            };
        }
    )+ };
}

records! {
    Event { id: u64, kind: String, actor: String, session: String, seq: u64, value: f64, ok: Option<bool>, at: DateTime<Utc>, }
    User {
        id: u64, external_ref: u64, uuid: String, name: String, email: String, active: bool, created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>, last_login_at: Option<DateTime<Utc>>, score: f64, balance: f64, conversion_rate: f64,
        login_count: u64, plan: String, locale: String, address: Address, tags: Vec<String>, bio: Option<String>,
        preferences: Preferences, history: Vec<Change>, custom_fields: Value, manager_id: Option<u64>,
    }
    Address { street: String, city: String, country: String, postal_code: Option<String>, geo: Geo, }
    Geo { lat: f64, lng: f64, }
    Preferences { newsletter: bool, theme: String, notifications: Notifications, quiet_hours: Vec<u8>, }
    Notifications { email: bool, sms: bool, push: Option<bool>, }
    Change { at: DateTime<Utc>, event: String, delta: f64, meta: Option<Value>, }
    Document { id: u64, title: String, revision: u64, published_at: DateTime<Utc>, blocks: Vec<Block>, metrics: Vec<Metric>, }
    Block { r#type: String, text: String, weight: f64, }
    Metric { name: String, value: f64, n: u64, unit: Option<String>, }
}

/// The name of a field, raw identifiers without their mark.
const fn name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}
