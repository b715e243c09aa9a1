//! Texts that may be used as credentials.

use connector_core::Secret;

/// A text that may be used as a credential: a [`Secret`], or a text that is none (a user name, a client id).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used as a credential",
    note = "a `Secret`, a `String` or a `&str` can"
)]
pub trait Credential {
    /// The text itself.
    fn expose(&self) -> &str;
}

impl Credential for Secret {
    fn expose(&self) -> &str {
        Secret::expose(self)
    }
}

impl Credential for String {
    fn expose(&self) -> &str {
        self
    }
}

impl Credential for str {
    fn expose(&self) -> &str {
        self
    }
}

impl<T: Credential + ?Sized> Credential for &T {
    fn expose(&self) -> &str {
        T::expose(self)
    }
}
