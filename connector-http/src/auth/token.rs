//! A token that is obtained, kept fresh, and shared by all waiting requests.

use std::sync::Arc;
use std::time::Duration;

use connector_core::clock::BoxFuture;
use connector_core::{Error, ErrorKind, Result, Secret, SourceContext};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::held::Held;
use super::{OAuth2, Sent, SessionLogin, SignedToken};
use crate::client::Client;
use crate::send::moment;

/// A token is renewed this long before it ends, or at nine tenths of a short life.
const EARLY: Duration = Duration::from_secs(60);

/// Obtains a token once for all who wait for it.
pub(crate) struct TokenSource {
    how: How,
    held: Arc<Mutex<Held>>,
}

enum How {
    OAuth2(Arc<OAuth2>),
    Session(Arc<SessionLogin>),
    Signed(Arc<SignedToken>),
}

impl TokenSource {
    pub(crate) fn oauth2(declared: &Arc<OAuth2>, cx: &SourceContext) -> Result<Arc<Self>> {
        super::oauth2::check(declared, cx)?;
        let now = cx.clock.now();
        let expires = match &declared.expires {
            Some(text) => Some(moment(text, now).ok_or_else(|| {
                Error::new(
                    ErrorKind::Config,
                    "the date at which the access token ends is neither RFC 3339 nor seconds since 1970",
                )
            })?),
            None => None,
        };
        let source = Self::new(How::OAuth2(Arc::clone(declared)));
        if let Ok(mut held) = source.held.try_lock() {
            held.refresh_token = declared.refresh_token.as_deref().map(Secret::from);
            held.token = declared.access_token.as_deref().map(Secret::from);
            held.renew_at = expires.map(|left| now + left.saturating_sub(EARLY));
        }
        let secrets = [&declared.client_secret, &declared.refresh_token, &declared.access_token];
        secrets.into_iter().flatten().for_each(|secret| cx.mask.add(secret));
        if let Some((_, password)) = &declared.user {
            cx.mask.add(password);
        }
        Ok(Arc::new(source))
    }

    pub(crate) fn session(declared: &Arc<SessionLogin>, _: &SourceContext) -> Result<Arc<Self>> {
        crate::request::parse_url(&declared.url)?;
        declared.sent.check()?;
        Ok(Arc::new(Self::new(How::Session(Arc::clone(declared)))))
    }

    pub(crate) fn signed(declared: &Arc<SignedToken>, cx: &SourceContext) -> Result<Arc<Self>> {
        declared.sign(cx.clock.now())?;
        declared.sent.check()?;
        Ok(Arc::new(Self::new(How::Signed(Arc::clone(declared)))))
    }

    fn new(how: How) -> Self {
        Self { how, held: Arc::default() }
    }

    /// Where the token goes.
    pub(crate) fn sent(&self) -> &Sent {
        match &self.how {
            How::OAuth2(declared) => &declared.sent,
            How::Session(declared) => &declared.sent,
            How::Signed(declared) => &declared.sent,
        }
    }

    pub(crate) async fn generation(&self) -> u64 {
        self.held.lock().await.generation
    }

    /// The token is not good any more.
    pub(crate) async fn forget(&self) {
        self.held.lock().await.token = None;
    }

    /// The token, renewed if it has to be: one renewal serves all who wait.
    pub(crate) async fn token(self: &Arc<Self>, client: &Arc<Client>) -> Result<(Secret, u64)> {
        let held = Arc::clone(&self.held).lock_owned().await;
        let now = client.now();
        if let Some(token) = &held.token
            && held.renew_at.is_none_or(|at| now < at)
        {
            return Ok((token.clone(), held.generation));
        }
        if let Some(refused) = &held.refused {
            return Err(refused.clone());
        }
        // On a task of its own: a stream that is stopped meanwhile must not lose a refresh token that can be used once.
        let renewal = tokio::spawn(renew(Arc::clone(self), Arc::clone(client), held));
        renewal
            .await
            .map_err(|error| Error::new(ErrorKind::Internal, format!("the renewal of the token was lost: {error}")))?
    }
}

fn renew(
    source: Arc<TokenSource>,
    client: Arc<Client>,
    mut held: OwnedMutexGuard<Held>,
) -> BoxFuture<'static, Result<(Secret, u64)>> {
    Box::pin(async move {
        let obtained = match &source.how {
            How::OAuth2(declared) => super::oauth2::renew(declared, &client, &mut held).await,
            How::Session(declared) => super::session::login(declared, &client).await,
            How::Signed(declared) => declared.sign(client.now()),
        };
        let obtained = obtained.inspect_err(|error| {
            if error.kind() == ErrorKind::Auth {
                held.refused = Some(error.clone());
            }
        })?;
        client.cx.mask.add(obtained.token.expose());
        held.renew_at = obtained.life.map(|life| client.now() + life.saturating_sub(EARLY.min(life / 10)));
        held.token = Some(obtained.token.clone());
        held.generation += 1;
        Ok((obtained.token, held.generation))
    })
}
