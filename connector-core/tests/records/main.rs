//! Records through the public API: bodies in pieces, lines, misfits, mending; and that the walk agrees with serde_json.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agreement;
mod bodies;
mod judgement;
mod strategy;
mod tables;
