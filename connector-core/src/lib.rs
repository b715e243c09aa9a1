//! The core of the `connector` framework: everything of a source connector that is not HTTP.
//!
//! The story of a sync, module by module: [`run`] reads the command line, a [`Source`] opens its streams over a [`config`]
//! that was checked against its [`schema`]. A [`stream`] is described by constants, its records by a constant table
//! ([`record`]), what is new in it by a [`cursor`]; it is read in slices, whose ends advance its [`state`]. What the sync says
//! and hears are messages of the [`protocol`]; a [`sink`] takes them. Waits go through a [`clock`]; every failure is an
//! [`Error`], and no [`Secret`] leaves but through a [`Mask`]. A [`Connector`] is the same in process.

pub mod cancel;
pub mod clock;
pub mod config;
mod connector;
pub mod cursor;
mod driver;
mod engine;
mod error;
mod limits;
pub mod lock;
pub mod log;
mod mask;
mod nearest;
mod panic;
mod progress;
pub mod protocol;
pub mod record;
pub mod schema;
mod secret;
mod select;
pub mod sink;
mod source;
pub mod state;
pub mod stream;
mod summary;

pub use connector::{Connector, ReadRequest};
pub use driver::run;
pub use error::{Error, ErrorKind, FailureType, Result};
pub use limits::Limits;
pub use log::Log;
pub use mask::Mask;
pub use nearest::nearest;
pub use secret::Secret;
pub use source::{Source, SourceContext, SourceInfo, Streams};
pub use summary::{StreamSummary, Summary};
