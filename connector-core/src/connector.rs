//! The source as a library: spec, check, discover and read in process. The driver is a thin shell over this.

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::cancel::Cancel;
use crate::clock::{Clock, SystemClock};
use crate::engine::{self, Environment, Graph};
use crate::log::Log;
use crate::progress::Progress;
use crate::protocol::{Catalog, CatalogStream, ConfiguredCatalog, ConnectionStatus, IncomingState, Level, Spec};
use crate::record::Framing;
use crate::select;
use crate::sink::{GlobalStateSink, MemorySink, Output, Sink, Writer};
use crate::source::{AnySource, ConfigUpdates, Extensions, Of};
use crate::stream::{Asked, Purpose, StreamDescriptor};
use crate::summary::Summary;
use crate::{Error, ErrorKind, Limits, Mask, Result, Source, SourceContext, Streams};

/// A source that can be run: by the driver, by a test, by a program that embeds it.
///
/// ```no_run
/// # fn example<S: connector_core::Source>(config: serde_json::Value) {
/// use connector_core::{Connector, ReadRequest, sink::MemorySink};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let sink = MemorySink::new();
/// let summary = Connector::of::<S>().read(ReadRequest::all(config), sink.clone()).await.unwrap();
/// assert!(summary.error().is_none());
/// for message in sink.messages().unwrap() {
///     println!("{message:?}");
/// }
/// # });
/// # }
/// ```
#[derive(Clone)]
pub struct Connector {
    source: Arc<dyn AnySource>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    extensions: Extensions,
    level: Level,
    config_file: Option<PathBuf>,
}

/// What `read` is asked for.
#[derive(Debug, Clone)]
pub struct ReadRequest {
    /// The user's config.
    pub config: Value,
    /// The streams to read, and how. None: all streams, incremental where possible.
    pub catalog: Option<ConfiguredCatalog>,
    /// Without a catalog: only these streams.
    pub streams: Option<Vec<String>>,
    /// The state of an earlier sync.
    pub state: IncomingState,
    /// At most this many records of each stream; the states then stay where they were.
    pub limit: Option<u64>,
    /// Asks the sync to stop from outside.
    pub cancel: Cancel,
}

impl ReadRequest {
    /// All streams of a config, from the beginning.
    #[must_use]
    pub fn all(config: Value) -> Self {
        Self { config, catalog: None, streams: None, state: IncomingState::none(), limit: None, cancel: Cancel::new() }
    }
}

impl Connector {
    /// A source with the machine's clock and the default limits.
    #[must_use]
    pub fn of<S: Source>() -> Self {
        let source = Of::<S>(PhantomData);
        let limits = source.limits(Limits::default());
        Self {
            source: Arc::new(source),
            clock: Arc::new(SystemClock::new()),
            limits,
            extensions: Extensions::default(),
            level: Level::Info,
            config_file: None,
        }
    }

    /// The same over another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The same within other limits.
    #[must_use]
    pub fn with_limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// The same with a value that the streams ask for by its type, such as a transport of recorded answers.
    #[must_use]
    pub fn with_extension<T: Any + Send + Sync>(mut self, extension: T) -> Self {
        self.extensions.0.insert(TypeId::of::<T>(), Arc::new(extension));
        self
    }

    /// The same with more or fewer log lines (default: INFO and above).
    #[must_use]
    pub fn with_log_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The same with a file that keeps the config when the API changes a credential in it.
    #[must_use]
    pub fn with_config_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.config_file = Some(file.into());
        self
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn source(&self) -> &dyn AnySource {
        &*self.source
    }

    /// The specification of the config.
    #[must_use]
    pub fn spec(&self) -> Spec {
        let info = self.source.info();
        let schema = crate::schema::of_config(self.source.config_schema());
        let mut known = self.source.descriptors().into_iter();
        let incremental = known.any(StreamDescriptor::is_incremental) || self.source.asks_streams();
        Spec::new(schema)
            .documentation_url(info.documentation_url)
            .supports_incremental(incremental)
            .advanced_auth(self.source.advanced_auth())
    }

    /// The streams that can be read, as far as they are constants: all, and whole, unless the source
    /// [asks](Self::asks). Needs no config and no network.
    #[must_use]
    pub fn discover(&self) -> Catalog {
        Catalog::new(self.source.descriptors().into_iter().map(CatalogStream::of).collect())
    }

    /// Whether [`discover`](Self::discover) does not know all: the config or the API decides on streams, or on fields of a
    /// schema. Then [`discover_with`](Self::discover_with) does.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.source.asks_streams() || self.source.descriptors().iter().any(|stream| stream.asked.schema)
    }

    /// The streams that can be read with a config; the API is asked for what is no constant, and for nothing else.
    ///
    /// # Errors
    /// A config that does not fit; an API that does not tell.
    pub async fn discover_with(&self, config: Value) -> Result<Catalog> {
        let session = Session::start(self, Box::new(MemorySink::new()), None, &IncomingState::none())?;
        session.discover(config).await
    }

    /// Reads the first page of a stream, or of those that the source names. A failure is an answer, not an error.
    pub async fn check(&self, config: Value) -> ConnectionStatus {
        let session = Session::start(self, Box::new(MemorySink::new()), None, &IncomingState::none());
        match session {
            Ok(session) => session.check(config).await,
            Err(error) => ConnectionStatus::failed(error.to_string()),
        }
    }

    /// Reads streams into a sink. Failures of single streams are in the summary; the others were read.
    ///
    /// # Errors
    /// What keeps the sync from starting (config, catalog, state), or the loss of the sink.
    pub async fn read(&self, request: ReadRequest, sink: impl Sink + 'static) -> Result<Summary> {
        let session = Session::start(self, Box::new(sink), None, &request.state)?;
        let summary = session.read(request).await;
        let finished = session.finish().await;
        summary.and_then(|summary| finished.map(|()| summary))
    }
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").field("source", &self.source.info()).finish_non_exhaustive()
    }
}

/// One command in progress: the output is open, the rest may still fail.
pub(crate) struct Session {
    connector: Connector,
    framing: Framing,
    pub(crate) output: Output,
    pub(crate) log: Log,
    pub(crate) mask: Mask,
    pub(crate) progress: Progress,
    writer: Writer,
}

impl Session {
    /// Opens the output over a sink. Logs go to it as messages, or to a target of their own. `held` are the states that came in.
    pub(crate) fn start(
        connector: &Connector,
        sink: Box<dyn Sink>,
        logs: Option<Arc<dyn crate::log::LogTarget>>,
        held: &IncomingState,
    ) -> Result<Self> {
        let global = connector.source.global_state();
        let sink = if global { Box::new(GlobalStateSink::new(sink, held)) } else { sink };
        let framing = sink.framing();
        let (output, writer) = Output::start(sink, &connector.limits)?;
        let mask = Mask::default();
        let target = logs.unwrap_or_else(|| Arc::new(output.clone()));
        let log = Log::new(connector.level, mask.clone(), target);
        let progress = Progress::default();
        Ok(Self { connector: connector.clone(), framing, output, log, mask, progress, writer })
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.connector.clock
    }

    /// Checks a config against the spec and opens the streams over it; with the limits that the source made of the config.
    fn open(&self, given: Value, cancel: &Cancel) -> Result<(Streams, Limits)> {
        let (schema, config) = self.checked_config(&given)?;
        let cx = SourceContext {
            clock: Arc::clone(&self.connector.clock),
            log: self.log.clone(),
            limits: self.connector.limits.clone(),
            mask: self.mask.clone(),
            cancel: cancel.clone(),
            info: self.connector.source.info(),
            config: ConfigUpdates {
                given: Arc::new(given),
                resolved: Arc::new(config.clone()),
                current: Arc::new(Mutex::new(config.clone())),
                schema: Arc::new(schema),
                output: self.output.clone(),
                clock: Arc::clone(&self.connector.clock),
                file: self.connector.config_file.clone(),
            },
            extensions: self.connector.extensions.clone(),
            changed: Arc::new(Mutex::new(self.connector.limits.clone())),
        };
        // Hooks of the author run here.
        let source = &self.connector.source;
        let streams = crate::panic::caught(|| source.open(&config, &cx))?;
        Ok((streams, cx.change_limits(|_| {})))
    }

    /// The schema and the config, which fits it; what the user should look at is logged.
    pub(crate) fn checked_config(&self, given: &Value) -> Result<(Value, Value)> {
        let schema = self.connector.spec().connection_specification.into_value();
        let prepared = crate::config::prepare(&schema, given, &crate::config::process_env, &self.mask)?;
        for warning in &prepared.warnings {
            self.log.warn(warning);
        }
        Ok((schema, prepared.config))
    }

    fn environment(&self, limits: Limits, cancel: Cancel, purpose: Purpose, limit: Option<u64>) -> Environment {
        Environment {
            output: self.output.clone(),
            framing: self.framing,
            clock: Arc::clone(&self.connector.clock),
            log: self.log.clone(),
            limits,
            cancel,
            purpose,
            limit,
            progress: self.progress.clone(),
        }
    }

    /// Reads the first page of each stream that `check` looks at.
    pub(crate) async fn check(&self, config: Value) -> ConnectionStatus {
        match self.try_check(config).await {
            Ok(()) => ConnectionStatus::succeeded(),
            Err(error) => ConnectionStatus::failed(self.mask.mask(&error.to_string())),
        }
    }

    async fn try_check(&self, config: Value) -> Result<()> {
        let cancel = Cancel::new();
        let (mut streams, limits) = self.open(config, &cancel)?;
        let named = self.connector.source.check_streams();
        if streams.known.is_empty() || named.iter().any(|name| !streams.has(name)) {
            streams.ask(&cancel).await?;
        }
        let selections = select::for_check(&streams.known, named)?;
        let graph = Graph::new(&streams.known, selections)?;
        let ended = engine::run(graph, &self.environment(limits, cancel, Purpose::Probe, None)).await?;
        ended.into_iter().find_map(|ended| ended.error).map_or(Ok(()), Err)
    }

    /// The whole catalog over a config; see [`Connector::discover_with`].
    pub(crate) async fn discover(&self, config: Value) -> Result<Catalog> {
        let cancel = Cancel::new();
        let (mut streams, _) = self.open(config, &cancel)?;
        streams.ask(&cancel).await?;
        let mut catalog = Vec::with_capacity(streams.known.len());
        for stream in &streams.known {
            let descriptor = stream.descriptor();
            let mut entry = CatalogStream::of(descriptor);
            if descriptor.asked != Asked::default() {
                let fields = crate::panic::caught_in(stream.schema_fields()).await;
                let fields = fields.map_err(|error| error.in_stream(descriptor.name))?;
                entry.json_schema = fields.into_iter().fold(entry.json_schema, |schema, fields| fields.add_to(schema));
            }
            catalog.push(entry);
        }
        Ok(Catalog::new(catalog))
    }

    /// Reads streams; see [`Connector::read`].
    pub(crate) async fn read(&self, request: ReadRequest) -> Result<Summary> {
        let ReadRequest { config, catalog, streams: wanted, state, limit, cancel } = request;
        let (mut streams, limits) = self.open(config, &cancel)?;
        let mut unasked = None;
        let catalog = match catalog {
            Some(catalog) => {
                // Streams that are constants are read, whether the API tells the others or not.
                if catalog.streams.iter().any(|stream| !streams.has(&stream.stream.name)) {
                    unasked = streams.ask(&cancel).await.err();
                }
                catalog
            }
            None => {
                let named = |names: &Vec<String>| names.iter().all(|name| streams.has(name));
                if !wanted.as_ref().is_some_and(named) {
                    streams.ask(&cancel).await?;
                }
                let known = streams.known.iter().map(|stream| CatalogStream::of(stream.descriptor()));
                select::everything(&Catalog::new(known.collect()), wanted.as_deref())?
            }
        };
        let all_known = streams.asked.is_none() && unasked.is_none();
        let streams = streams.known;
        if all_known {
            select::warn_of_strange_states(&streams, &state, &self.log);
        }
        let (selections, refused) = select::of_catalog(&streams, &catalog, &state, unasked.as_ref(), &self.log);
        let environment = self.environment(limits, cancel.clone(), Purpose::Sync, limit);
        let mut ended = engine::refuse(refused, &environment).await?;
        let graph = Graph::new(&streams, selections)?;
        let watch = self.output.clone();
        let output_gone = async {
            watch.closed().await;
            cancel.cancel("the reader of the output went away");
            std::future::pending::<()>().await;
        };
        tokio::select! {
            run = engine::run(graph, &environment) => ended.extend(run?),
            () = output_gone => {}
        }
        Ok(Summary::new(ended))
    }

    /// Waits until all output is written.
    pub(crate) async fn finish(self) -> Result<()> {
        let Self { output, log, writer, .. } = self;
        drop((output, log));
        tokio::task::spawn_blocking(|| writer.join()).await.unwrap_or_else(|error| {
            Err(Error::new(ErrorKind::Output, "the output could not be finished").with_internal(error.to_string()))
        })
    }
}
