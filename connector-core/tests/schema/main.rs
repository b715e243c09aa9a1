//! Schemas of configs and records, through the public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod config;
mod record;
mod rules;
