//! The core of the `connector` framework: everything of a source connector that is not HTTP.
//!
//! The story of a sync, module by module: a [`stream`] is described by constants, its records by a constant table
//! ([`record`]), what is new in it by a [`cursor`]. Waits go through a [`clock`]; every failure is an [`Error`].

pub mod clock;
pub mod cursor;
mod error;
pub mod record;
pub mod stream;

pub use error::{Error, ErrorKind, FailureType, Result};
