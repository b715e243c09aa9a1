//! What a source says and hears, through the public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod configured;
mod incoming;
mod lines;
mod round_trip;
