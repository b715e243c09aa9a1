//! What went wrong, as the rest of the crate knows it: never with a URL, with the cause in words.

use std::error::Error;
use std::io;

use crate::transport::{TransportError, Trouble};

/// hyper gave up on a connection or on a request.
pub(super) fn lost(error: &hyper::Error) -> TransportError {
    let trouble = if error.is_user() { Trouble::Setup } else { Trouble::Broken };
    TransportError::new(trouble, cause(error))
}

/// A name that could not be looked up.
pub(super) fn unknown_name(error: &io::Error) -> TransportError {
    TransportError::new(Trouble::Name, cause(error))
}

/// No connection was made.
pub(super) fn refused(error: &(dyn Error + 'static)) -> TransportError {
    TransportError::new(Trouble::Connect, cause(error))
}

/// No safe connection was made; a certificate that is not trusted is told apart.
pub(super) fn unsafe_connection(error: &io::Error) -> TransportError {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => {
            TransportError::new(Trouble::Certificate, cause(error))
        }
        _ => refused(error),
    }
}

/// The innermost causes say what happened ("connection refused"), the outermost only that something did.
fn cause(error: &(dyn Error + 'static)) -> String {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.iter().any(|known| known.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.split_off(texts.len().saturating_sub(2)).join(": ")
}
