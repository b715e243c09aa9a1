//! The config: read from a file, checked against the spec, its secrets found.

mod file;

pub use file::load;
pub(crate) use file::{of_file, parse_json, read_file};
