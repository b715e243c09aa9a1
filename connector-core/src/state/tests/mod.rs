//! Tests of the state machine: `support` plays the engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod any_document;
mod exhaustive;
mod model;
mod partitioned;
mod runs;
mod single;
mod size;
mod support;
mod two_parts;
