//! Several tokens in rotation, each with its own quota.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};

use connector_core::log::Log;
use connector_core::{Error, ErrorKind, Result, Secret, SourceContext};

use super::{Credential, Sent};
use crate::http::{HeaderMap, Url};
use crate::request::{Body, header_name, header_value};
use crate::send::{Lane, SHARED};

/// Several tokens that stand for each other: each request takes the one that rested longest, a limited one is put aside until its
/// reset, a refused one (401) is not used any more.
///
/// ```
/// use connector_http::{Auth, Sent, auth};
/// let tokens = ["t0p-one", "t0p-two"];
/// let auth: Auth = auth::rotate(&tokens).sent(Sent::bearer().prefix("token ")).into();
/// ```
#[derive(Clone)]
pub struct Rotate {
    tokens: Vec<Secret>,
    sent: Sent,
}

impl Rotate {
    /// These tokens, sent as `Authorization: Bearer …`.
    #[must_use]
    pub fn new<T: CredentialList + ?Sized>(tokens: &T) -> Self {
        Self { tokens: tokens.secrets(), sent: Sent::bearer() }
    }

    /// Where the token goes, where that is not `Authorization: Bearer …`.
    #[must_use]
    pub fn sent(mut self, sent: Sent) -> Self {
        self.sent = sent;
        self
    }
}

impl std::fmt::Debug for Rotate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rotate").field("tokens", &self.tokens.len()).finish_non_exhaustive()
    }
}

/// Several credentials: a list of [`Secret`]s, or one text that has them with commas between.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of tokens",
    note = "a `Vec<Secret>`, or one `Secret` with commas between the tokens, is"
)]
pub trait CredentialList {
    /// Each of them; empty ones are left out.
    fn secrets(&self) -> Vec<Secret>;
}

impl<T: Credential> CredentialList for [T] {
    fn secrets(&self) -> Vec<Secret> {
        self.iter().map(|one| one.expose().trim()).filter(|one| !one.is_empty()).map(Secret::from).collect()
    }
}

impl<T: Credential> CredentialList for Vec<T> {
    fn secrets(&self) -> Vec<Secret> {
        self.as_slice().secrets()
    }
}

impl<T: Credential, const N: usize> CredentialList for [T; N] {
    fn secrets(&self) -> Vec<Secret> {
        self.as_slice().secrets()
    }
}

impl CredentialList for Secret {
    fn secrets(&self) -> Vec<Secret> {
        self.expose().split(',').collect::<Vec<_>>().secrets()
    }
}

impl<T: CredentialList + ?Sized> CredentialList for &T {
    fn secrets(&self) -> Vec<Secret> {
        T::secrets(self)
    }
}

/// The tokens at work.
pub(crate) struct Rotation {
    sent: Sent,
    tokens: Vec<(Lane, Secret)>,
    refused: Mutex<BTreeSet<Lane>>,
    log: Log,
}

impl Rotation {
    pub(crate) fn new(declared: &Rotate, cx: &SourceContext) -> Result<Self> {
        let mut tokens: Vec<(Lane, Secret)> = Vec::new();
        declared.sent.check()?;
        for secret in &declared.tokens {
            cx.mask.add(secret.expose());
            let name = header_name("authorization")?;
            header_value(&name, secret.expose())?;
            let lane = lane_of(secret);
            if !tokens.iter().any(|(known, _)| *known == lane) {
                tokens.push((lane, secret.clone()));
            }
        }
        if tokens.is_empty() {
            return Err(Error::new(ErrorKind::Config, "there is no token to ask with: the list of tokens is empty"));
        }
        Ok(Self { sent: declared.sent.clone(), tokens, refused: Mutex::default(), log: cx.log.clone() })
    }

    /// The tokens that were not refused.
    pub(crate) fn lanes(&self) -> Vec<Lane> {
        let refused = self.refused();
        self.tokens.iter().map(|(lane, _)| *lane).filter(|lane| !refused.contains(lane)).collect()
    }

    /// What there is to say once no token is left.
    pub(crate) fn exhausted(&self) -> Error {
        let count = self.tokens.len();
        Error::new(ErrorKind::Auth, format!("all {count} tokens were refused; renew them in the config"))
    }

    /// A token was refused, which is told once. Whether another can be used.
    pub(crate) fn refuse(&self, lane: Lane) -> bool {
        let new = self.refused().insert(lane);
        let at = self.tokens.iter().position(|(known, _)| *known == lane);
        if let Some(at) = at.filter(|_| new) {
            let (number, count) = (at + 1, self.tokens.len());
            self.log.warn(format_args!(
                "token {number} of {count} was refused (401) and is not used any more; renew it in the config, or take it out"
            ));
        }
        !self.lanes().is_empty()
    }

    pub(crate) fn place(&self, lane: Lane, url: &mut Url, headers: &mut HeaderMap, body: &mut Body) -> Result<()> {
        let token = self.tokens.iter().find(|(known, _)| *known == lane);
        let (_, token) = token.ok_or_else(|| Error::new(ErrorKind::Internal, "a request has none of the tokens"))?;
        self.sent.place(token.expose(), url, headers, body)
    }

    fn refused(&self) -> std::sync::MutexGuard<'_, BTreeSet<Lane>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same token has the same budget wherever it is declared.
fn lane_of(secret: &Secret) -> Lane {
    let mut hasher = DefaultHasher::new();
    secret.expose().hash(&mut hasher);
    hasher.finish().max(SHARED + 1)
}
