//! Puts credentials into requests.

use std::sync::Arc;
use std::time::SystemTime;

use connector_core::{Error, ErrorKind, Result, Secret, SourceContext};

use super::token::TokenSource;
use super::{Auth, Authenticator, Kind, Rotation, Signing, Spot};
use crate::client::Client;
use crate::http::{HeaderMap, Url};
use crate::request::{Body, header_name, header_value};
use crate::send::{Lane, SHARED};
use crate::transport::Outgoing;

/// The credentials of a source, or of one stream, at work.
#[derive(Default)]
pub(crate) struct Authorizer {
    parts: Vec<Part>,
}

enum Part {
    Fixed { spot: Spot, value: Secret },
    Token(Arc<TokenSource>),
    Rotation(Rotation),
    Own(Arc<dyn Authenticator>),
}

/// What was obtained for one try of a request.
#[derive(Default)]
pub(crate) struct Credentials {
    tokens: Vec<Secret>,
    pub(crate) issued: Issued,
}

/// Which credentials a request was sent with: a refusal of older ones asks for no new ones.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Issued {
    /// Counts the renewals of obtained tokens.
    generation: u64,
    /// The token of a rotation.
    pub(crate) lane: Lane,
}

/// What can be done about credentials that were refused.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nothing.
    Final,
    /// The next request gets renewed ones.
    Renewed,
    /// The next request gets another token of a rotation; each is refused once.
    Another,
    /// No token of the rotation is left: what to tell.
    NoneLeft(Error),
}

impl Authorizer {
    /// No credentials.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    pub(crate) fn new(auth: &Auth, cx: &SourceContext) -> Result<Self> {
        let mut parts = Vec::new();
        collect(auth, cx, &mut parts)?;
        if parts.iter().filter(|part| matches!(part, Part::Rotation(_))).count() > 1 {
            return Err(Error::new(ErrorKind::Config, "credentials have one rotation of tokens at most"));
        }
        Ok(Self { parts })
    }

    /// The budgets that a request may be charged to: one for each token of a rotation.
    pub(crate) fn lanes(&self) -> Vec<Lane> {
        self.rotation().map_or_else(|| vec![SHARED], Rotation::lanes)
    }

    /// The same, or an error where every token of a rotation was refused.
    pub(crate) fn usable_lanes(&self) -> Result<Vec<Lane>> {
        let lanes = self.lanes();
        match self.rotation() {
            Some(rotation) if lanes.is_empty() => Err(rotation.exhausted()),
            _ => Ok(lanes),
        }
    }

    fn rotation(&self) -> Option<&Rotation> {
        self.parts.iter().find_map(|part| if let Part::Rotation(rotation) = part { Some(rotation) } else { None })
    }

    /// Obtains what must be obtained before a request: an access token that has not ended.
    pub(crate) async fn ready(&self, client: &Arc<Client>) -> Result<Credentials> {
        let mut credentials = Credentials::default();
        for part in &self.parts {
            if let Part::Token(source) = part {
                let (token, generation) = source.token(client).await?;
                credentials.tokens.push(token);
                credentials.issued.generation += generation;
            }
        }
        Ok(credentials)
    }

    /// The credentials were refused: what the next request can do about it.
    pub(crate) async fn refused(&self, issued: Issued) -> Refusal {
        if let Some(rotation) = self.rotation() {
            return if rotation.refuse(issued.lane) {
                Refusal::Another
            } else {
                Refusal::NoneLeft(rotation.exhausted())
            };
        }
        let mut current = 0;
        let sources =
            self.parts.iter().filter_map(|part| if let Part::Token(source) = part { Some(source) } else { None });
        let sources: Vec<_> = sources.collect();
        for source in &sources {
            current += source.generation().await;
        }
        if sources.is_empty() {
            return Refusal::Final;
        }
        // Somebody else may have renewed them meanwhile.
        if current == issued.generation {
            for source in sources {
                source.forget().await;
            }
        }
        Refusal::Renewed
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
                Part::Rotation(rotation) => rotation.place(credentials.issued.lane, url, headers, body)?,
                Part::Own(_) => {}
            }
        }
        Ok(())
    }

    /// Takes the credentials that every request gets anyway off a URL that an API named.
    pub(crate) fn strip(&self, url: &mut Url) {
        for part in &self.parts {
            let spot = match part {
                Part::Fixed { spot, .. } => spot,
                Part::Token(source) => &source.sent().spot,
                Part::Rotation(_) | Part::Own(_) => continue,
            };
            spot.strip(url);
        }
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
        Kind::Rotate(declared) => parts.push(Part::Rotation(Rotation::new(declared, cx)?)),
        Kind::Own(own) => {
            own.secrets().iter().for_each(|secret| cx.mask.add(secret));
            parts.push(Part::Own(Arc::clone(own)));
        }
        Kind::All(all) => all.iter().try_for_each(|auth| collect(auth, cx, parts))?,
    }
    Ok(())
}
