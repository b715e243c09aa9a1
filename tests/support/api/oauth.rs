//! The token endpoint: a refresh token for an access token.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Reply, Request};

/// The client and refresh token that the endpoint knows.
pub const CLIENT_ID: &str = "client-of-the-tests";
/// The secret of [`CLIENT_ID`].
pub const CLIENT_SECRET: &str = "client-secret-of-the-tests";
/// May be used again and again.
pub const REFRESH_TOKEN: &str = "refresh-token-of-the-tests";

/// How many access tokens were issued; each is `access-` and its number, and stays good.
#[derive(Default)]
pub(super) struct Tokens(AtomicU32);

impl Tokens {
    pub(super) fn knows(&self, token: &str) -> bool {
        let number = token.strip_prefix("access-token-").and_then(|number| number.parse::<u32>().ok());
        number.is_some_and(|number| number < self.0.load(Ordering::Relaxed))
    }

    pub(super) fn issue(&self, request: &Request) -> Reply {
        let wanted = [
            ("grant_type", "refresh_token"),
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
            ("refresh_token", REFRESH_TOKEN),
        ];
        if wanted.iter().any(|(name, value)| request.form(name).as_deref() != Some(value)) {
            return Reply::json(r#"{"error":"invalid_grant"}"#).with_status(400);
        }
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        Reply::json(format!(r#"{{"access_token":"access-token-{number}","token_type":"Bearer","expires_in":3600}}"#))
    }
}
