//! A source over HTTP: what all its streams share, and how the streams become streams of the core.

use std::any::Any;
use std::sync::Arc;

use connector_core::clock::BoxFuture;
use connector_core::schema::SchemaFields;
use connector_core::stream::{Stream, StreamDescriptor, made};
use connector_core::{Result, Source, SourceContext, Streams};

use crate::auth::Auth;
use crate::bound::{Bound, Hooks, Made};
use crate::client::{ApiClient, Client};
use crate::engine::Engine;
use crate::http_stream::{HttpStream, MadeOf};
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

/// Streams that are still to be asked for.
type Asking = BoxFuture<'static, Result<Vec<Arc<dyn Stream>>>>;

/// Builds the streams of a source: `HttpStreams::new(self, cx)?.with::<User>()?.with::<Order>()?.finish()`.
pub struct HttpStreams<S> {
    source: Arc<S>,
    client: Arc<Client>,
    streams: Vec<Arc<dyn Stream>>,
    asked: Option<Asking>,
}

impl<S: HttpSource> HttpStreams<S> {
    /// Prepares what the streams share. No connection is made, no certificate read.
    ///
    /// # Errors
    /// A base URL, credentials or settings that the config makes impossible.
    pub fn new(source: Arc<S>, cx: &SourceContext) -> Result<Self> {
        let client = Client::new(&source.url_base()?, &source.authenticator()?, source.settings()?, cx)?;
        Ok(Self { source, client: Arc::new(client), streams: Vec::new(), asked: None })
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
        let bound = Bound::<S, C, T>::new(Arc::clone(&self.source), part, None);
        self.streams.push(Arc::new(Engine::new(Box::new(bound), Arc::clone(&self.client))?));
        Ok(self)
    }

    /// Adds the streams that a function finds, over the config and the API. It is called only if somebody wants to know them
    /// or to read one of them. Functions are asked in their order.
    #[must_use]
    pub fn asked(
        mut self,
        ask: impl for<'a> FnOnce(&'a S, &'a ApiClient) -> BoxFuture<'a, Result<StreamList<S>>> + Send + 'static,
    ) -> Self {
        let (source, client, before) = (Arc::clone(&self.source), Arc::clone(&self.client), self.asked.take());
        self.asked = Some(Box::pin(async move {
            let mut streams = match before {
                Some(before) => before.await?,
                None => Vec::new(),
            };
            let api = ApiClient::new(Arc::clone(&client));
            for Entry { name, kind, hooks, value, fields } in ask(&source, &api).await?.0 {
                let made = Made { descriptor: made(kind, &name)?, value, fields };
                streams.push(Arc::new(Engine::new(hooks(Arc::clone(&source), made), Arc::clone(&client))?) as Arc<_>);
            }
            Ok(streams)
        }));
        self
    }

    /// The streams.
    ///
    /// # Errors
    /// None today; a later check over all streams may fail.
    pub fn finish(self) -> Result<Streams> {
        let streams = Streams::from(self.streams);
        Ok(match self.asked {
            Some(asked) => streams.and_asked(asked),
            None => streams,
        })
    }
}

/// The streams that a function finds: kinds, and the names and values that make streams of them.
///
/// ```
/// use connector_http::prelude::*;
///
/// struct Table { id: String, name: String }
///
/// #[derive(HttpStream)]
/// #[http(config = Base, made_of = Table, path = "tables/{stream.id}/rows")]
/// struct Row {
///     #[primary_key]
///     id: u64,
/// }
///
/// #[source(base_url = "https://api.example.com/", streams(Self::tables))]
/// struct Base {}
///
/// impl Base {
///     async fn tables(&self, api: &ApiClient) -> Result<StreamList<Self>> {
///         let names: Vec<String> = api.get("tables").json().await?;
///         let mut streams = StreamList::new();
///         for id in names {
///             streams.add::<Row>(id.to_lowercase(), Table { name: format!("Table {id}"), id });
///         }
///         Ok(streams)
///     }
/// }
/// ```
pub struct StreamList<S>(Vec<Entry<S>>);

struct Entry<S> {
    name: String,
    kind: &'static StreamDescriptor,
    hooks: fn(Arc<S>, Made) -> Box<dyn Hooks>,
    value: Arc<dyn Any + Send + Sync>,
    fields: SchemaFields,
}

impl<S: HttpSource> StreamList<S> {
    /// No streams.
    #[must_use]
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a stream of a kind under a name, made of a value that the kind's expressions read as `stream.…`.
    pub fn add<T: HttpStream<S> + MadeOf + 'static>(&mut self, name: impl Into<String>, value: T::Value) {
        self.add_with_fields::<T>(name, value, SchemaFields::new());
    }

    /// The same of a stream whose schema has fields besides those of its struct.
    pub fn add_with_fields<T: HttpStream<S> + MadeOf + 'static>(
        &mut self,
        name: impl Into<String>,
        value: T::Value,
        fields: SchemaFields,
    ) {
        self.0.push(Entry {
            name: name.into(),
            kind: T::descriptor(),
            hooks: |source, made| Box::new(Bound::<S, S, T>::new(source, |source| source, Some(made))),
            value: Arc::new(value),
            fields,
        });
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<S: HttpSource> Default for StreamList<S> {
    fn default() -> Self {
        Self::new()
    }
}
