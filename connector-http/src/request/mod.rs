//! One request, part by part: path, query parameters, headers, body.
//!
//! The parts are what a stream's hooks fill in; [`Draft`] is the request that comes of them.

mod body;
mod draft;
mod encoding;
mod headers;
mod params;
mod path;

pub use body::{Body, BodyKind};
pub use draft::Draft;
pub(crate) use draft::{join, parse as parse_url};
pub use encoding::QueryEncoding;
pub use headers::Headers;
pub(crate) use headers::{header_name, header_value};
pub use params::{ParamValue, Params};
pub use path::{Path, PathSegment};
