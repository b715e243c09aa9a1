//! What is held of a token, and what obtaining one brings.

use std::time::{Duration, SystemTime};

use connector_core::{Error, Secret};

/// The token as it is now.
#[derive(Default)]
pub(crate) struct Held {
    pub(super) token: Option<Secret>,
    /// When it must be renewed.
    pub(super) renew_at: Option<SystemTime>,
    pub(super) generation: u64,
    /// The refresh token, which the endpoint may exchange for another.
    pub(crate) refresh_token: Option<Secret>,
    /// Credentials that were refused once are refused for good.
    pub(super) refused: Option<Error>,
}

/// What an endpoint, or our own signature, handed out.
pub(crate) struct Obtained {
    pub(crate) token: Secret,
    /// How long it lives.
    pub(crate) life: Option<Duration>,
}
