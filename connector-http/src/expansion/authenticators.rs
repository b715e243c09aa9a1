//! The beginnings of the authenticators that `auth = …` knows by name.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

pub use crate::auth::{all, basic, bearer, body, cookie, header, none, oauth2, query, rotate};
use crate::{Algorithm, Credential, SessionLogin, SignedToken};

/// A login by POST.
#[must_use]
pub fn session<T: Credential + ?Sized>(url: &T) -> SessionLogin {
    SessionLogin::post(url.expose())
}

/// A token signed with a key.
#[must_use]
pub fn jwt<T: Credential + ?Sized>(algorithm: Algorithm, key: &T) -> SignedToken {
    SignedToken::new(algorithm, key)
}

/// How long a token lives.
#[must_use]
pub const fn life(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A value of a claim; what serde_json cannot write is null, which the server then refuses.
#[must_use]
pub fn json_value<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
