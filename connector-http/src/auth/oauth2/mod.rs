//! OAuth 2.0 (RFC 6749): tokens from a refresh token, client credentials, a password or a signed assertion.

mod declare;
mod renew;

pub(crate) use declare::Grant;
pub use declare::{ClientAuth, OAuth2};
pub(crate) use renew::{body_of, check, renew};
