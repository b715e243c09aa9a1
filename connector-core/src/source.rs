//! What a connector is to the driver: a config type, its schema, its streams.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::cancel::Cancel;
use crate::clock::{BoxFuture, Clock};
use crate::log::Log;
use crate::protocol::{AdvancedAuth, ControlMessage, Message};
use crate::sink::Output;
use crate::stream::{Stream, StreamDescriptor};
use crate::{Error, ErrorKind, Limits, Mask, Result};

/// The constant facts of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceInfo {
    /// The name of the connector, as its binary is called: `source-example`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The doc comment of its config struct.
    pub doc: &'static str,
    /// Where its documentation is.
    pub documentation_url: Option<&'static str>,
}

/// A source: the type of its config, and the streams that a config opens. `#[source]` writes this.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no source",
    label = "not a source",
    note = "annotate the config struct with #[source(name = \"source-…\", base_url = …, streams(…))]"
)]
pub trait Source: Sized + Send + Sync + 'static {
    /// Name, version, documentation.
    const INFO: SourceInfo;

    /// The config's JSON schema as schemars makes it; the framework rewrites it to the platform's rules.
    fn config_schema() -> Value;

    /// The config as a typed value.
    ///
    /// # Errors
    /// [`ErrorKind::Config`], in one sentence.
    fn from_config(config: &Value) -> Result<Self>;

    /// What is known of each stream without a config.
    fn descriptors() -> Vec<&'static StreamDescriptor>;

    /// The streams of a config.
    ///
    /// # Errors
    /// A value of the config that makes no stream.
    fn streams(self: Arc<Self>, cx: &SourceContext) -> Result<Streams>;

    /// Whether there are streams besides those of [`descriptors`](Self::descriptors), which the config or the API decides.
    #[must_use]
    fn asks_streams() -> bool {
        false
    }

    /// The streams that `check` reads the first page of. Default: the first stream without a parent.
    #[must_use]
    fn check_streams() -> &'static [&'static str] {
        &[]
    }

    /// The `advanced_auth` of the spec, where the source has an OAuth flow.
    #[must_use]
    fn advanced_auth() -> Option<AdvancedAuth> {
        None
    }

    /// Whether the states of all streams are emitted as one (GLOBAL) instead of one a stream.
    #[must_use]
    fn global_state() -> bool {
        false
    }

    /// The limits of this source, where the defaults do not fit.
    #[must_use]
    fn limits(limits: Limits) -> Limits {
        limits
    }
}

/// Streams that are still to be asked for.
pub(crate) type Asking = BoxFuture<'static, Result<Vec<Arc<dyn Stream>>>>;

/// The streams of a source over a config: those that are constants, and those that have to be asked for.
///
/// A list of streams is one: `Ok(vec![…].into())`.
pub struct Streams {
    pub(crate) known: Vec<Arc<dyn Stream>>,
    pub(crate) asked: Option<Asking>,
}

impl Streams {
    /// The same, and those that a function finds. It is called only if somebody wants to know them or to read one of them.
    #[must_use]
    pub fn and_asked(mut self, ask: BoxFuture<'static, Result<Vec<Arc<dyn Stream>>>>) -> Self {
        self.asked = Some(ask);
        self
    }

    /// Asks for those that are not known, if there may be some. A stop of the sync ends the wait.
    pub(crate) async fn ask(&mut self, cancel: &Cancel) -> Result<()> {
        let Some(ask) = self.asked.take() else { return Ok(()) };
        let found = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(cancel.error()),
            found = crate::panic::caught_in(ask) => found?,
        };
        for stream in found {
            let name = stream.descriptor().name;
            if self.has(name) {
                let text = format!(
                    "two streams are called `{name}`: the function that makes streams gave one of them a name that is taken"
                );
                return Err(Error::new(ErrorKind::Catalog, text));
            }
            self.known.push(stream);
        }
        Ok(())
    }

    /// Whether a stream of this name is known.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.known.iter().any(|stream| stream.descriptor().name == name)
    }
}

impl From<Vec<Arc<dyn Stream>>> for Streams {
    fn from(known: Vec<Arc<dyn Stream>>) -> Self {
        Self { known, asked: None }
    }
}

impl FromIterator<Arc<dyn Stream>> for Streams {
    fn from_iter<I: IntoIterator<Item = Arc<dyn Stream>>>(known: I) -> Self {
        Self { known: known.into_iter().collect(), asked: None }
    }
}

impl std::fmt::Debug for Streams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.known.iter().map(|stream| stream.descriptor().name).collect();
        f.debug_struct("Streams").field("known", &names).field("asked", &self.asked.is_some()).finish()
    }
}

/// What a sync offers to the streams of a source.
#[derive(Clone)]
pub struct SourceContext {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where to log.
    pub log: Log,
    /// All limits.
    pub limits: Limits,
    /// The secrets that must not be shown; add those that are obtained on the way.
    pub mask: Mask,
    /// Whether the sync is to stop.
    pub cancel: Cancel,
    /// Name and version of the source.
    pub info: SourceInfo,
    pub(crate) config: ConfigUpdates,
    pub(crate) extensions: Extensions,
    pub(crate) changed: Arc<Mutex<Limits>>,
}

impl SourceContext {
    /// Changes the limits of this sync, by a value of the config: how many slices are read side by side, say. To be called
    /// before [`Source::streams`] returns; the bounds of the output's queue are settled before. Returns the limits as they are then.
    pub fn change_limits(&self, change: impl FnOnce(&mut Limits)) -> Limits {
        let mut limits = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut limits);
        limits.clone()
    }

    /// Changes the user's config, for credentials that can be used only once: writes a CONTROL message with the whole
    /// config and returns when it is out. Add the new secret to the [`mask`](Self::mask) first.
    ///
    /// # Errors
    /// [`ErrorKind::Output`] if the message cannot be written; [`ErrorKind::Internal`] if the changed config does not fit the spec.
    pub async fn update_config(&self, change: impl FnOnce(&mut Value) + Send) -> Result<()> {
        self.config.update(change).await
    }

    /// What [`Connector::with_extension`](crate::Connector::with_extension) was given of this type.
    #[must_use]
    pub fn extension<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let found = self.extensions.0.get(&TypeId::of::<T>())?;
        Arc::clone(found).downcast().ok()
    }
}

impl std::fmt::Debug for SourceContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceContext").field("info", &self.info).finish_non_exhaustive()
    }
}

/// Values of foreign types that a program hands to the streams of a source.
#[derive(Clone, Default)]
pub(crate) struct Extensions(pub(crate) HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

/// The user's config as it is now, and the way to change it.
#[derive(Clone)]
pub(crate) struct ConfigUpdates {
    /// As the user wrote it, and as it was before any change.
    pub(crate) given: Arc<Value>,
    pub(crate) resolved: Arc<Value>,
    pub(crate) current: Arc<Mutex<Value>>,
    pub(crate) schema: Arc<Value>,
    pub(crate) output: Output,
    pub(crate) clock: Arc<dyn Clock>,
    /// Where `--write-config` keeps it.
    pub(crate) file: Option<std::path::PathBuf>,
}

impl ConfigUpdates {
    async fn update(&self, change: impl FnOnce(&mut Value) + Send) -> Result<()> {
        let config = {
            let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            let mut changed = current.clone();
            change(&mut changed);
            let known = crate::config::check(&self.schema, &current).map_or(0, |unknown| unknown.len());
            let unknown = crate::config::check(&self.schema, &changed).map_err(|error| {
                let text = "the config with its new credentials does not fit the spec";
                Error::new(ErrorKind::Internal, text).with_internal(error.to_string())
            })?;
            // A place that the config does not have would be read by nobody: the new credentials were lost.
            if let Some(lost) = unknown.last().filter(|_| unknown.len() > known) {
                let text =
                    format!("new credentials are to be kept at `{}`, which is no field of the config", lost.path);
                return Err(Error::new(ErrorKind::Internal, text));
            }
            *current = changed;
            current.clone()
        };
        if let Some(path) = &self.file {
            let kept = crate::config::keep_references(&self.given, &self.resolved, &config);
            let content = format!("{kept:#}\n");
            crate::config::replace_file(path, "config", ErrorKind::Config, content.as_bytes())?;
        }
        let now = crate::clock::epoch_ms(self.clock.now());
        self.output.message(Message::Control(ControlMessage::connector_config(config, now))).await?;
        self.output.flush().await
    }
}

/// A source without its type: what the driver works with, so that it is compiled once.
pub(crate) trait AnySource: Send + Sync {
    fn info(&self) -> SourceInfo;
    fn config_schema(&self) -> Value;
    fn advanced_auth(&self) -> Option<AdvancedAuth>;
    fn descriptors(&self) -> Vec<&'static StreamDescriptor>;
    fn check_streams(&self) -> &'static [&'static str];
    fn global_state(&self) -> bool;
    fn limits(&self, limits: Limits) -> Limits;
    fn asks_streams(&self) -> bool;
    fn open(&self, config: &Value, cx: &SourceContext) -> Result<Streams>;
}

pub(crate) struct Of<S>(pub(crate) std::marker::PhantomData<fn() -> S>);

impl<S: Source> AnySource for Of<S> {
    fn info(&self) -> SourceInfo {
        S::INFO
    }

    fn config_schema(&self) -> Value {
        S::config_schema()
    }

    fn advanced_auth(&self) -> Option<AdvancedAuth> {
        S::advanced_auth()
    }

    fn descriptors(&self) -> Vec<&'static StreamDescriptor> {
        S::descriptors()
    }

    fn check_streams(&self) -> &'static [&'static str] {
        S::check_streams()
    }

    fn global_state(&self) -> bool {
        S::global_state()
    }

    fn limits(&self, limits: Limits) -> Limits {
        S::limits(limits)
    }

    fn asks_streams(&self) -> bool {
        S::asks_streams()
    }

    fn open(&self, config: &Value, cx: &SourceContext) -> Result<Streams> {
        Arc::new(S::from_config(config)?).streams(cx)
    }
}
