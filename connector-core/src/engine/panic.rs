//! Panics of connector code, as errors of the stream that it belongs to.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Error, ErrorKind, Result};

/// Runs a hook of the author outside of a slice; a panic in it is the failure of its stream.
pub(super) fn caught<T>(hook: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(hook)).unwrap_or_else(|panic| Err(error(&*panic)))
}

/// What a panic says, and where it was.
pub(super) fn error(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned());
    let error =
        Error::new(ErrorKind::Panic, format!("the connector's code panicked: {text}; this is a bug of the connector"));
    match crate::driver::last_panic() {
        Some(place) => error.with_internal(format!("panicked at {place}")),
        None => error,
    }
}
