//! Authentication: what an author declares, and what is done to each request.
//!
//! `declare` is the vocabulary, `sent` the places where a credential can go; `oauth2`, `session` and `jwt` obtain a token, `token` keeps it (`held`) fresh and shares it; `rotation` changes between several; `own` is
//! the trait for everything else; `authorizer` puts the credentials into a request.

mod authorizer;
mod credential;
mod declare;
mod held;
mod jwt;
mod oauth2;
mod own;
mod rotation;
mod sent;
mod session;
mod token;

pub(crate) use authorizer::{Authorizer, Credentials, Issued, Refusal};
pub use credential::Credential;
pub(crate) use declare::Kind;
pub use declare::{Auth, all, basic, bearer, body, cookie, header, none, oauth2, query, rotate};
pub use jwt::{Algorithm, SignedToken};
pub use oauth2::{ClientAuth, OAuth2};
pub use own::{Authenticator, Signing};
pub(crate) use rotation::Rotation;
pub use rotation::{CredentialList, Rotate};
pub use sent::Sent;
pub(crate) use sent::Spot;
pub use session::SessionLogin;

use base64::Engine as _;

/// Standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// base64url without padding (RFC 7515, 2).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
