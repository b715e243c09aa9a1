//! The types of the `http` and `url` crates that stand in this crate's API, under one roof.

pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use url::Url;
