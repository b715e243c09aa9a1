//! The files that come in: config, catalog and state.

use std::fs;
use std::io::ErrorKind as Io;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::{Error, ErrorKind, Result};

/// Reads the file of a config: one JSON object.
///
/// # Errors
/// [`ErrorKind::Config`] if the file is missing, unreadable, not JSON or not an object; one sentence that names the file and
/// says what to do. No value out of the file is ever part of it.
pub fn load(path: &Path) -> Result<Value> {
    let bytes = read_file(path, "config", ErrorKind::Config)?;
    let fault = |reason: &str| of_file(Error::new(ErrorKind::Config, format!("the config {reason}")), path);
    let value: Value = parse_json(&bytes).map_err(|reason| fault(&reason))?;
    if !value.is_object() {
        return Err(fault("has to be a JSON object such as {\"api_token\": \"…\"}; `spec` prints its fields"));
    }
    Ok(value)
}

/// Reads a file whole.
pub(crate) fn read_file(path: &Path, what: &str, kind: ErrorKind) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| {
        let shown = path.display();
        let text = match error.kind() {
            Io::NotFound => format!("there is no {what} file `{shown}`; check the path"),
            Io::PermissionDenied => format!("the {what} file `{shown}` may not be read; check its permissions"),
            Io::IsADirectory => format!("the {what} file `{shown}` is a directory; name a file in it"),
            _ => format!("the {what} file `{shown}` cannot be read: {error}"),
        };
        Error::new(kind, text)
    })
}

/// Adds the file's name to an error about its content.
pub(crate) fn of_file(error: Error, path: &Path) -> Error {
    Error::new(error.kind(), format!("{} (in the file `{}`)", error.message(), path.display()))
}

/// Parses a document; the reason of a failure goes after "the config" or "the configured catalog".
pub(crate) fn parse_json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    // Editors on Windows put a byte order mark in front.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err("is empty".to_owned());
    }
    serde_json::from_slice(bytes).map_err(|error| {
        // Syntax errors of serde_json tell a place and never a piece of the text.
        format!("is not JSON: {error}")
    })
}
