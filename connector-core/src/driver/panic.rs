//! Panics of connector code: caught per slice and told as an error; nothing of them reaches stderr by itself.

use std::sync::{Mutex, PoisonError};

static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Makes panics write nothing, and remembers where the last one was.
pub(super) fn silence() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// Where the last panic was, if the driver runs the source.
pub(crate) fn last_place() -> Option<String> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).take()
}
