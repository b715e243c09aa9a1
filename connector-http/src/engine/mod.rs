//! Turns a stream's settings and hooks into a stream of the core.
//!
//! `slice` walks the pages of a slice, `job` those of a report that is made on request, `step` says what is asked for; `page` asks for one until it is there or enough was tried, `judge` reads and
//! classifies one answer, `fetch` reads a body into records, `reset` goes on behind a limit of paging, `parts` reads a page
//! whose fields are asked for in several requests, `ahead` holds the answers of pages that are fetched side by side.

mod ahead;
mod fetch;
mod job;
mod judge;
mod page;
mod parts;
mod reset;
mod slice;
mod step;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use connector_core::clock::BoxFuture;
use connector_core::cursor::{CursorKind, CursorSpec, CursorValue};
use connector_core::record::{PageLimits, PlanOptions, Selector};
use connector_core::schema::SchemaFields;
use connector_core::stream::{
    NamedValues, Partition, Partitions, Slice, SliceEnd, SliceWriter, Stream, StreamDescriptor,
};
use connector_core::{Error, ErrorKind, Result};

use crate::auth::Authorizer;
use crate::bound::Hooks;
use crate::client::{ApiClient, Client};
use crate::format::{Charset, MORE_CHARSETS};
use crate::http::Url;
use crate::paginate::{PageToken, Place, put};
use crate::request::{Draft, join};
use crate::settings::Settings;
use slice::SliceReader;
use tokio::sync::{OnceCell, Semaphore};

/// A stream over HTTP, as the core drives it. Compiled once, whatever the author's types are.
pub(crate) struct Engine {
    hooks: Box<dyn Hooks>,
    client: Arc<Client>,
    settings: Settings,
    selector: Arc<Selector>,
    auth: Arc<Authorizer>,
    cursor: Option<CursorSpec>,
    /// The charset of the bodies, where the stream says it.
    charset: Option<Charset>,
    /// The jobs that may be under way, where that is limited.
    jobs: Option<Semaphore>,
    /// Whether it was said already that an answer held no records.
    told_nothing: AtomicBool,
    /// The lists of fields that pages are asked for with, once they are known.
    field_lists: OnceCell<Vec<Vec<String>>>,
    /// Whether it was said already that a record did not come with all its fields.
    told_alone: AtomicBool,
    /// The URL of the last request, with the base and the path that it was made of.
    last_url: Mutex<Option<(String, String, Url)>>,
}

impl Engine {
    pub(crate) fn new(hooks: Box<dyn Hooks>, client: Arc<Client>) -> Result<Self> {
        let name = hooks.descriptor().name;
        let in_stream = |error: Error| error.in_stream(name);
        let settings = hooks.settings().map_err(in_stream)?;
        let selector = selector(&settings.records, settings.records_optional).map_err(in_stream)?;
        let auth = match &settings.auth {
            Some(own) => Arc::new(Authorizer::new(own, &client.cx).map_err(in_stream)?),
            None => Arc::clone(&client.auth),
        };
        let cursor = match settings.cursor.clone() {
            Some(cursor) => Some(cursor),
            None => CursorSpec::of(hooks.descriptor()),
        };
        let charset = settings.charset.as_deref().map(charset).transpose().map_err(in_stream)?;
        let jobs = settings
            .job
            .as_ref()
            .and_then(|job| job.at_once)
            .map(|jobs| Semaphore::new(jobs.min(Semaphore::MAX_PERMITS)));
        Ok(Self {
            hooks,
            client,
            settings,
            selector,
            auth,
            cursor,
            charset,
            jobs,
            told_nothing: AtomicBool::new(false),
            field_lists: OnceCell::new(),
            told_alone: AtomicBool::new(false),
            last_url: Mutex::default(),
        })
    }

    /// The request for a page, before pagination.
    fn draft(&self, slice: &Slice, token: Option<&PageToken>) -> Result<Draft> {
        let parts = self.hooks.request(slice, token)?;
        let base = parts.url_base.as_deref().unwrap_or(&self.client.base);
        let mut draft = Draft::new(self.settings.method.clone(), self.url(base, parts.path.as_str())?);
        draft.params = parts.params;
        draft.encoding = self.settings.encoding.clone();
        draft.headers = parts.headers;
        draft.body = parts.body;
        let (start, end) = (slice.window.start.as_ref(), slice.window.end.as_ref());
        let then = self.cursor.as_ref().and_then(|cursor| cursor.then.as_deref());
        put_bound(&mut draft, self.settings.since.as_ref(), self.cursor.as_ref(), start)?;
        put_bound(&mut draft, self.settings.then_since.as_ref(), then, start.and_then(CursorValue::then))?;
        put_bound(&mut draft, self.settings.until.as_ref(), self.cursor.as_ref(), end)?;
        if let (Some(list), Some([only])) = (&self.settings.field_list, self.field_lists.get().map(Vec::as_slice)) {
            list.put(only, &mut draft)?;
        }
        Ok(draft)
    }

    /// The URL of a path, parsed once for all pages that ask for the same one.
    fn url(&self, base: &str, path: &str) -> Result<Url> {
        let mut last = self.last_url.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known_base, known_path, url)) = &*last
            && (known_base.as_str(), known_path.as_str()) == (base, path)
        {
            return Ok(url.clone());
        }
        let url = join(base, path)?;
        *last = Some((base.to_owned(), path.to_owned(), url.clone()));
        Ok(url)
    }

    /// A value that was reached as the lower bound of what is left.
    pub(crate) fn lower_bound(&self, reached: &CursorValue) -> CursorValue {
        self.cursor.as_ref().map_or_else(|| reached.clone(), |cursor| cursor.lower_bound(reached))
    }

    fn page_limits(&self) -> PageLimits {
        let limits = &self.client.cx.limits;
        PageLimits { record: limits.record_bytes, envelope: limits.envelope_bytes }
    }
}

/// Puts a bound of the slice's window, or of the second part of its cursor, where the settings say.
fn put_bound(
    draft: &mut Draft,
    place: Option<&Place>,
    cursor: Option<&CursorSpec>,
    bound: Option<&CursorValue>,
) -> Result<()> {
    let (Some(place), Some(bound), Some(cursor)) = (place, bound, cursor) else { return Ok(()) };
    let text = cursor.request_text(bound);
    // An integer in a JSON body is a number.
    let value = match (bound.kind(), text.parse::<i64>()) {
        (CursorKind::Integer, Ok(number)) => number.into(),
        _ => text.into(),
    };
    put(draft, place, value)
}

/// The charset that a stream declares.
fn charset(name: &str) -> Result<Charset> {
    Charset::named(name).ok_or_else(|| {
        let hint = MORE_CHARSETS.map(|hint| format!("; {hint}")).unwrap_or_default();
        Error::new(ErrorKind::Internal, format!("the charset `{name}` is not known{hint}"))
    })
}

/// Where the records are.
fn selector(paths: &[String], optional: bool) -> Result<Arc<Selector>> {
    let selector = Selector::any(paths)?;
    Ok(Arc::new(if optional { selector.optional() } else { selector }))
}

impl Stream for Engine {
    fn descriptor(&self) -> &'static StreamDescriptor {
        self.hooks.descriptor()
    }

    fn schema_fields(&self) -> BoxFuture<'_, Result<Vec<SchemaFields>>> {
        Box::pin(async move {
            let api = ApiClient::new(Arc::clone(&self.client));
            self.hooks.schema(&api).await
        })
    }

    fn partitions(&self) -> Result<Partitions> {
        if !self.settings.enabled {
            let name = self.descriptor().name;
            self.client.cx.log.info(format_args!("stream `{name}`: the config switches it off; nothing is read"));
            return Ok(Partitions::List(Vec::new()));
        }
        if let Some(own) = self.hooks.stream_slices()? {
            return Ok(own);
        }
        Ok(match (self.descriptor().parent, self.settings.group) {
            (Some(_), Some(records)) => Partitions::Groups(records),
            (Some(_), None) => Partitions::Parent,
            (None, _) => Partitions::One,
        })
    }

    fn divide(&self, partition: &Partition) -> Result<Option<Vec<NamedValues>>> {
        self.hooks.divide(partition)
    }

    fn cursor(&self) -> Result<Option<CursorSpec>> {
        if self.cursor.is_some() && self.descriptor().cursor.is_none() {
            let text = "the settings name a cursor, but the stream's record type has none";
            return Err(Error::new(ErrorKind::Internal, text).in_stream(self.descriptor().name));
        }
        Ok(self.cursor.clone())
    }

    fn plan_options(&self) -> PlanOptions {
        let optional = self.settings.records_optional;
        let transform = self.settings.transform.clone();
        let formats = |spec: &CursorSpec| !spec.formats.is_empty();
        PlanOptions {
            cursor_formats: self.cursor.as_ref().is_some_and(formats),
            then_formats: self.cursor.as_ref().and_then(|spec| spec.then.as_deref()).is_some_and(formats),
            distinct: self.settings.distinct,
            remembered_keys: self.settings.remembered_keys,
            check: self.settings.check,
            misfit: self.settings.misfit,
            transform: transform.map(|transform| if optional { transform.optional() } else { transform }),
            ..PlanOptions::default()
        }
    }

    fn read_slice<'a>(&'a self, slice: &'a Slice, writer: SliceWriter) -> BoxFuture<'a, Result<SliceEnd>> {
        Box::pin(async move { SliceReader::new(self, slice, writer).read().await })
    }
}
