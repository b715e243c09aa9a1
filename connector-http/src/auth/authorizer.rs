//! Puts credentials into requests.

use std::sync::Arc;
use std::time::SystemTime;

use connector_core::{Result, Secret, SourceContext};

use super::token::TokenSource;
use super::{Auth, Authenticator, Kind, Signing, Spot};
use crate::client::Client;
use crate::http::{HeaderMap, Url};
use crate::request::{Body, header_name, header_value};
use crate::transport::Outgoing;

/// The credentials of a source, or of one stream, at work.
#[derive(Default)]
pub(crate) struct Authorizer {
    parts: Vec<Part>,
}

enum Part {
    Fixed { spot: Spot, value: Secret },
    Token(Arc<TokenSource>),
    Own(Arc<dyn Authenticator>),
}

/// What was obtained for one try of a request.
#[derive(Default)]
pub(crate) struct Credentials {
    tokens: Vec<Secret>,
    /// Which tokens these are: counts renewals.
    pub(crate) generation: u64,
}

impl Authorizer {
    /// No credentials.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    pub(crate) fn new(auth: &Auth, cx: &SourceContext) -> Result<Self> {
        let mut parts = Vec::new();
        collect(auth, cx, &mut parts)?;
        Ok(Self { parts })
    }

    /// Obtains what must be obtained before a request: an access token that has not ended.
    pub(crate) async fn ready(&self, client: &Arc<Client>) -> Result<Credentials> {
        let mut credentials = Credentials::default();
        for part in &self.parts {
            if let Part::Token(source) = part {
                let (token, generation) = source.token(client).await?;
                credentials.tokens.push(token);
                credentials.generation += generation;
            }
        }
        Ok(credentials)
    }

    /// The credentials were refused: the next request gets new ones. Whether there can be any.
    pub(crate) async fn refused(&self, generation: u64) -> bool {
        let sources =
            self.parts.iter().filter_map(|part| if let Part::Token(source) = part { Some(source) } else { None });
        let mut renewable = false;
        let mut current = 0;
        let sources: Vec<_> = sources.collect();
        for source in &sources {
            current += source.generation().await;
            renewable |= source.is_renewable();
        }
        // Somebody else has renewed them meanwhile.
        if renewable && current == generation {
            for source in sources {
                source.forget().await;
            }
        }
        renewable
    }

    /// Puts the credentials in.
    pub(crate) fn apply(
        &self,
        credentials: &Credentials,
        url: &mut Url,
        headers: &mut HeaderMap,
        body: &mut Body,
    ) -> Result<()> {
        let mut tokens = credentials.tokens.iter();
        for part in &self.parts {
            match part {
                Part::Fixed { spot, value } => spot.place(value.expose(), url, headers, body)?,
                Part::Token(source) => {
                    if let Some(token) = tokens.next() {
                        source.sent().place(token.expose(), url, headers, body)?;
                    }
                }
                Part::Own(_) => {}
            }
        }
        Ok(())
    }

    /// Lets authors' own authenticators see the whole request.
    pub(crate) fn sign(&self, outgoing: &mut Outgoing, now: SystemTime) -> Result<()> {
        for part in &self.parts {
            if let Part::Own(own) = part {
                let body = outgoing.body.clone().unwrap_or_default();
                own.sign(&mut Signing {
                    method: &outgoing.method,
                    url: &mut outgoing.url,
                    headers: &mut outgoing.headers,
                    body: &body,
                    now,
                })?;
            }
        }
        Ok(())
    }
}

fn collect(auth: &Auth, cx: &SourceContext, parts: &mut Vec<Part>) -> Result<()> {
    match auth.kind() {
        Kind::None => {}
        Kind::Fixed { spot, value } => {
            // What goes out may differ from what the config holds (base64, a prefix): both are masked.
            cx.mask.add(value.expose());
            if let Some((_, bare)) = value.expose().split_once(' ') {
                cx.mask.add(bare);
            }
            if let Spot::Header(name) = spot {
                header_value(&header_name(name)?, value.expose())?;
            }
            parts.push(Part::Fixed { spot: spot.clone(), value: value.clone() });
        }
        Kind::OAuth2(declared) => parts.push(Part::Token(TokenSource::oauth2(declared, cx)?)),
        Kind::Session(declared) => parts.push(Part::Token(TokenSource::session(declared, cx)?)),
        Kind::Signed(declared) => parts.push(Part::Token(TokenSource::signed(declared, cx)?)),
        Kind::Own(own) => {
            own.secrets().iter().for_each(|secret| cx.mask.add(secret));
            parts.push(Part::Own(Arc::clone(own)));
        }
        Kind::All(all) => all.iter().try_for_each(|auth| collect(auth, cx, parts))?,
    }
    Ok(())
}
