//! Panics of connector code: caught where it is called, and told as errors of the stream that it belongs to.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use crate::{Error, ErrorKind, Result};

/// Where the last panic was, while the driver runs the source.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Makes panics write nothing by themselves, and remembers where the last one was.
pub(crate) fn silence() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// Runs a hook of the author; a panic in it is an error.
pub(crate) fn caught<T>(hook: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(hook)).unwrap_or_else(|panic| Err(error(&*panic)))
}

/// The same of a hook that waits.
pub(crate) async fn caught_in<T>(hook: impl Future<Output = Result<T>>) -> Result<T> {
    let mut hook = std::pin::pin!(hook);
    std::future::poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| hook.as_mut().poll(cx)))
            .unwrap_or_else(|panic| std::task::Poll::Ready(Err(error(&*panic))))
    })
    .await
}

/// What a panic says, and where it was.
pub(crate) fn error(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned());
    let error =
        Error::new(ErrorKind::Panic, format!("the connector's code panicked: {text}; this is a bug of the connector"));
    match LAST.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(place) => error.with_internal(format!("panicked at {place}")),
        None => error,
    }
}
