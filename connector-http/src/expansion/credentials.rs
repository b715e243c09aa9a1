//! Credentials that are computed from values of the config: templates, and the functions that `auth` knows by their bare names.
//!
//! What comes out is a [`Secret`] again, and the authorizer adds it to the mask as a whole.

use connector_core::Secret;
use ring::{digest, hmac};

use super::TextValue;
use crate::Credential;

/// A template of a credential that is filled in.
#[derive(Default)]
pub struct SecretText(String);

impl SecretText {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text as it stands.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.0.push_str(text);
        self
    }

    /// Adds a value.
    #[must_use]
    pub fn value<T: SecretValue + ?Sized>(mut self, value: &T) -> Self {
        value.write_secret(&mut self.0);
        self
    }

    /// The whole.
    #[must_use]
    pub fn finish(self) -> Secret {
        self.0.into()
    }
}

/// A value that can stand in the template of a credential: all that can stand in a text, and a [`Secret`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a credential",
    label = "has no text of its own",
    note = "secrets, integers, strings, bool and dates can; of an option say what it means, as in `match &config.token {{ Some(token) => bearer(token), None => none() }}`"
)]
pub trait SecretValue {
    /// Adds the value's text.
    fn write_secret(&self, to: &mut String);
}

impl<T: TextValue + ?Sized> SecretValue for T {
    fn write_secret(&self, to: &mut String) {
        self.write(to);
    }
}

impl SecretValue for Secret {
    fn write_secret(&self, to: &mut String) {
        to.push_str(self.expose());
    }
}

impl SecretValue for &Secret {
    fn write_secret(&self, to: &mut String) {
        to.push_str(self.expose());
    }
}

/// Standard base64 with padding.
#[must_use]
pub fn base64<T: Credential + ?Sized>(text: &T) -> Secret {
    crate::auth::base64(text.expose().as_bytes()).into()
}

/// SHA-256, in hexadecimal.
#[must_use]
pub fn sha256<T: Credential + ?Sized>(text: &T) -> Secret {
    hex(digest::digest(&digest::SHA256, text.expose().as_bytes()).as_ref())
}

/// HMAC with SHA-256 of a text under a key, in hexadecimal.
#[must_use]
pub fn hmac_sha256<K: Credential + ?Sized, T: Credential + ?Sized>(key: &K, text: &T) -> Secret {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose().as_bytes());
    hex(hmac::sign(&key, text.expose().as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> Secret {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_what_the_standards_say() {
        assert_eq!(base64("me:s3cret").expose(), "bWU6czNjcmV0");
        // FIPS 180-2, B.1; RFC 4231, 4.3.
        assert_eq!(sha256("abc").expose(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let signed = hmac_sha256("Jefe", "what do ya want for nothing?");
        assert_eq!(signed.expose(), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn a_template_over_secrets_is_a_secret() {
        let secret = Secret::from("hunter2");
        let whole = SecretText::new().value(&7).text(":").value(&secret).value(&&secret).finish();
        assert_eq!((whole.expose(), format!("{whole:?}")), ("7:hunter2hunter2", "Secret(***)".to_owned()));
    }
}
