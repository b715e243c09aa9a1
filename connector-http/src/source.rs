//! A source over HTTP: what all its streams share, and how the streams become streams of the core.

use std::sync::Arc;

use connector_core::stream::Stream;
use connector_core::{Result, Source, SourceContext};

use crate::auth::Auth;
use crate::bound::Bound;
use crate::client::Client;
use crate::engine::Engine;
use crate::http_stream::HttpStream;
use crate::settings::SourceSettings;

/// A source over HTTP; `#[source]` writes this.
pub trait HttpSource: Source {
    /// The base URL of all streams that name no other.
    ///
    /// # Errors
    /// A value of the config that makes no URL.
    fn url_base(&self) -> Result<String>;

    /// How requests prove who asks.
    ///
    /// # Errors
    /// Credentials that cannot be used.
    fn authenticator(&self) -> Result<Auth> {
        Ok(Auth::none())
    }

    /// Allowed hosts, headers, quotas.
    ///
    /// # Errors
    /// A value of the config that makes no setting.
    fn settings(&self) -> Result<SourceSettings> {
        Ok(SourceSettings::new())
    }
}

/// Builds the streams of a source: `HttpStreams::new(self, cx)?.with::<User>()?.with::<Order>()?.finish()`.
pub struct HttpStreams<S> {
    source: Arc<S>,
    client: Arc<Client>,
    streams: Vec<Arc<dyn Stream>>,
}

impl<S: HttpSource> HttpStreams<S> {
    /// Prepares what the streams share. No connection is made, no certificate read.
    ///
    /// # Errors
    /// A base URL, credentials or settings that the config makes impossible.
    pub fn new(source: Arc<S>, cx: &SourceContext) -> Result<Self> {
        let client = Client::new(&source.url_base()?, &source.authenticator()?, source.settings()?, cx)?;
        Ok(Self { source, client: Arc::new(client), streams: Vec::new() })
    }

    /// Adds a stream that reads the source's config.
    ///
    /// # Errors
    /// Settings that the config makes impossible.
    pub fn with<T: HttpStream<S> + 'static>(self) -> Result<Self> {
        self.with_config::<T, S>(|source| source)
    }

    /// Adds a stream that reads a part of the source's config, as streams of another crate do.
    ///
    /// # Errors
    /// As [`with`](Self::with).
    pub fn with_config<T: HttpStream<C> + 'static, C: 'static>(mut self, part: fn(&S) -> &C) -> Result<Self> {
        let bound = Bound::<S, C, T>::new(Arc::clone(&self.source), part);
        self.streams.push(Arc::new(Engine::new(Box::new(bound), Arc::clone(&self.client))?));
        Ok(self)
    }

    /// The streams.
    ///
    /// # Errors
    /// None today; a later check over all streams may fail.
    pub fn finish(self) -> Result<Vec<Arc<dyn Stream>>> {
        Ok(self.streams)
    }
}
