//! What can go wrong in one try of one request, before anybody judged the answer.

use std::time::Duration;

use connector_core::{Error, ErrorKind};

use crate::send::human;
use crate::transport::{TransportError, Trouble};

/// Why a try brought no answer, or half of one.
#[derive(Debug, Clone)]
pub(crate) enum Trial {
    /// The transport failed.
    Transport(TransportError),
    /// No first byte in time.
    Silent(Duration),
    /// The body paused for too long.
    Stalled(Duration),
    /// The body comes too slowly to ever end.
    Dripping {
        /// Bytes so far.
        received: u64,
        /// Time spent waiting for them.
        waited: Duration,
    },
    /// The content encoding is broken or unknown.
    Encoding(String),
    /// A quota, or what the server said is left of it, makes the request wait for this long.
    Held(Duration),
    /// Nothing to try again: the request itself, the credentials, a redirect.
    Final(Error),
}

impl Trial {
    /// What happened, as the end of the sentence `GET https://… `, and its kind.
    pub(crate) fn describe(&self) -> (ErrorKind, String) {
        match self {
            Self::Transport(error) => {
                let kind = if error.trouble == Trouble::Setup { ErrorKind::Config } else { ErrorKind::Connection };
                (kind, format!("{}: {}", what(error.trouble), error.text))
            }
            Self::Silent(limit) => (ErrorKind::Timeout, format!("had no answer within {}", human(*limit))),
            Self::Stalled(limit) => {
                (ErrorKind::Timeout, format!("stopped sending in the middle of the body for {}", human(*limit)))
            }
            Self::Dripping { received, waited } => {
                (ErrorKind::Timeout, format!("sends its body too slowly: {received} bytes in {}", human(*waited)))
            }
            Self::Encoding(fault) => (ErrorKind::Response, format!("sent a body that cannot be decoded: {fault}")),
            Self::Held(wait) => (ErrorKind::RateLimited, format!("has to wait {} for its quota", human(*wait))),
            Self::Final(error) => (error.kind(), error.message().to_owned()),
        }
    }

    /// What can be done about it, as one more part of the sentence.
    pub(crate) fn todo(&self) -> &'static str {
        match self {
            Self::Transport(error) => match error.trouble {
                Trouble::Name => "; check the base URL and the network",
                Trouble::Connect | Trouble::ConnectTimeout => {
                    "; check the base URL, the network, and whether the server runs"
                }
                Trouble::Broken => "; try again later",
                Trouble::Setup | Trouble::Certificate => "",
            },
            Self::Silent(_) | Self::Stalled(_) | Self::Dripping { .. } | Self::Encoding(_) => "; try again later",
            Self::Held(_) | Self::Final(_) => "",
        }
    }

    /// Whether another try could bring another result.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Transport(error) => !matches!(error.trouble, Trouble::Setup | Trouble::Certificate),
            Self::Final(_) => false,
            _ => true,
        }
    }
}

fn what(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Setup => "cannot be sent",
        Trouble::Name => "failed, because the host's name cannot be found",
        Trouble::Connect => "could not connect",
        Trouble::ConnectTimeout => "could not connect in time",
        Trouble::Certificate => "could not connect safely; check the certificate, or add its authority",
        Trouble::Broken => "lost its connection",
    }
}
