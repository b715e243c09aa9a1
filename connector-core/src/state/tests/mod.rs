//! Tests of the state machine: `support` plays the engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod partitioned;
mod single;
mod support;
