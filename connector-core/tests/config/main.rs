//! The config, and the secrets in it, through the public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod check;
mod files;
mod mask;
mod prepare;
