//! Streams that are made at run time: one kind, many names.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::StreamDescriptor;
use crate::{Error, ErrorKind, Result};

/// How many streams one process makes at most, all sources and configs together.
const MOST: usize = 50_000;

/// The facts of a stream that is made at run time: those of its kind, under a name of its own.
///
/// They live as long as the process, as all facts of streams do; the same name of the same kind is the same facts, however
/// often the source is opened.
///
/// # Errors
/// The name is empty, or the process has made 50,000 streams already.
pub fn made(kind: &'static StreamDescriptor, name: &str) -> Result<&'static StreamDescriptor> {
    static MADE: OnceLock<Mutex<HashMap<(usize, String), &'static StreamDescriptor>>> = OnceLock::new();
    if name.trim().is_empty() {
        let text = format!("a stream that is made of `{}` has no name", kind.name);
        return Err(Error::new(ErrorKind::Catalog, text));
    }
    let mut known = MADE.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let key = (std::ptr::from_ref(kind).addr(), name.to_owned());
    if let Some(descriptor) = known.get(&key) {
        return Ok(descriptor);
    }
    if known.len() >= MOST {
        let text = format!("the source makes more than {MOST} streams; the last one is `{name}`");
        return Err(Error::new(ErrorKind::Limit, text));
    }
    let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
    let descriptor: &'static StreamDescriptor = Box::leak(Box::new(StreamDescriptor { name, ..*kind }));
    known.insert(key, descriptor);
    Ok(descriptor)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{StreamDescriptor, made};

    static ROWS: StreamDescriptor = StreamDescriptor::new("row", "Rows.", || &[]).made();

    #[test]
    fn the_same_name_is_the_same_stream() {
        let (a, b) = (made(&ROWS, "a").unwrap(), made(&ROWS, "b").unwrap());
        assert!(std::ptr::eq(a, made(&ROWS, "a").unwrap()) && !std::ptr::eq(a, b));
        assert_eq!((a.name, a.doc, b.name), ("a", "Rows.", "b"));
        assert!(made(&ROWS, " ").is_err());
    }
}
