//! The core of the `connector` framework: everything of a source connector that is not HTTP.
//!
//! The story of a sync, module by module: a [`stream`] is described by constants, its records by a constant table
//! ([`record`]), what is new in it by a [`cursor`], what of it is read for good by its
//! [`state`]. The [`config`] is checked against its [`schema`]; what a sync says and
//! hears are messages of the [`protocol`]. Waits go through a [`clock`]; every failure is an [`Error`], and no [`Secret`]
//! leaves but through a [`Mask`].

pub mod clock;
pub mod config;
pub mod cursor;
mod error;
mod mask;
mod nearest;
pub mod protocol;
pub mod record;
pub mod schema;
mod secret;
pub mod state;
pub mod stream;

pub use error::{Error, ErrorKind, FailureType, Result};
pub use mask::Mask;
pub use nearest::nearest;
pub use secret::Secret;
