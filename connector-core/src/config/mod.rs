//! The config: read from a file ([`load`]), its secrets fetched and checked against the spec ([`prepare`]), turned into
//! the source's struct ([`parse`]), and written back when a token in it changed.

mod check;
mod env;
mod fault;
mod file;
mod prepare;
mod write;

pub use check::check;
pub use env::{Lookup, keep_references, process_env};
pub use fault::Warning;
pub use file::load;
pub(crate) use file::{of_file, parse_json, read_file};
pub use prepare::{Prepared, parse, prepare};
pub use write::replace_file;
