//! The types of the `http` and `url` crates that stand in this crate's API, under one roof.

pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use reqwest::{Method, StatusCode, Url};
