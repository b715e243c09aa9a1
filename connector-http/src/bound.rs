//! The thin shell that is generic over an author's types: everything behind it is compiled once.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use connector_core::Result;
use connector_core::cursor::Window;
use connector_core::record::{Added, Editor, Edits};
use connector_core::stream::{NamedValues, Partition, Partitions, Slice, StreamDescriptor};

use crate::classify::{Answer, Verdict};
use crate::client::ApiClient;
use crate::expansion::Lists;
use crate::http_stream::HttpStream;
use crate::job::{JobRequest, JobValues};
use crate::paginate::{Page, PageToken};
use crate::request::{Body, Headers, Params, Path};
use crate::response::{Parsed, Records, Response};
use crate::scope::{Cx, Row};
use crate::settings::Settings;
use connector_core::clock::BoxFuture;
use connector_core::schema::SchemaFields;
use connector_core::state::StateDraft;

/// The parts of a request that a stream's hooks make.
pub(crate) struct Parts {
    pub(crate) url_base: Option<String>,
    pub(crate) path: Path,
    pub(crate) params: Params,
    pub(crate) headers: Headers,
    pub(crate) body: Body,
}

/// What a request about a job is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Status,
    Result,
}

/// The parts of a request about a job.
pub(crate) struct JobParts {
    pub(crate) url_base: Option<String>,
    pub(crate) headers: Headers,
    pub(crate) request: JobRequest,
}

/// The hooks of a stream over the config it was opened with.
pub(crate) trait Hooks: Send + Sync {
    fn descriptor(&self) -> &'static StreamDescriptor;
    fn settings(&self) -> Result<Settings>;
    fn schema<'a>(&'a self, api: &'a ApiClient) -> BoxFuture<'a, Result<Vec<SchemaFields>>>;
    fn field_names<'a>(&'a self, api: &'a ApiClient) -> BoxFuture<'a, Result<Vec<String>>>;
    fn stream_slices(&self) -> Result<Option<Partitions>>;
    fn divide(&self, partition: &Partition) -> Result<Option<Vec<NamedValues>>>;
    fn request(&self, slice: &Slice, page: Option<&PageToken>) -> Result<Parts>;
    /// The request for a job's status, or for its result.
    fn job_request(&self, slice: &Slice, job: &JobValues, page: Option<&PageToken>, about: About) -> Result<JobParts>;
    fn parse_response(&self, response: &Response<'_>, records: &mut Records<'_>) -> Result<Parsed>;
    fn records_path(&self, slice: &Slice) -> Result<Option<String>>;
    /// The body of the first page, where the parent's record holds it.
    fn first_page(&self, slice: &Slice) -> Result<Option<Vec<u8>>>;
    fn next_page_token(&self, slice: &Slice, page: &Page<'_>) -> Result<Option<PageToken>>;
    fn get_updated_state(&self, slice: &Slice, page: &Page<'_>) -> Result<Option<String>>;
    fn update_state(&self, slice: &Slice, page: &Page<'_>, state: &mut StateDraft) -> Result<()>;
    /// What is done with the records of a slice.
    fn edits(&self, slice: &Slice) -> Result<Option<Edits>>;
    fn should_retry(&self, answer: &Answer<'_>) -> Result<Option<Verdict>>;
}

/// A stream `T` of a source `S`, reading the part `C` of its config.
pub(crate) struct Bound<S, C, T> {
    source: Arc<S>,
    part: fn(&S) -> &C,
    made: Option<Made>,
    stream: PhantomData<fn() -> T>,
}

/// What a stream that is made at run time has of its own.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) descriptor: &'static StreamDescriptor,
    pub(crate) value: Arc<dyn Any + Send + Sync>,
    pub(crate) fields: SchemaFields,
}

impl<S, C, T> Bound<S, C, T> {
    pub(crate) fn new(source: Arc<S>, part: fn(&S) -> &C, made: Option<Made>) -> Self {
        Self { source, part, made, stream: PhantomData }
    }

    fn cx<'a>(&'a self, slice: &'a Slice, page: Option<&'a PageToken>) -> Cx<'a, C> {
        let value = self.made.as_ref().map(|made| &*made.value);
        Cx::new(self.config(), slice, page).made_of(value)
    }

    fn config(&self) -> &C {
        (self.part)(&self.source)
    }
}

impl<S: Send + Sync + 'static, C: 'static, T: HttpStream<C> + 'static> Hooks for Bound<S, C, T> {
    fn descriptor(&self) -> &'static StreamDescriptor {
        self.made.as_ref().map_or_else(T::descriptor, |made| made.descriptor)
    }

    fn schema<'a>(&'a self, api: &'a ApiClient) -> BoxFuture<'a, Result<Vec<SchemaFields>>> {
        Box::pin(async move {
            let own = self.made.as_ref().map(|made| made.fields.clone());
            let asked = if T::DESCRIPTOR.asked.schema { Some(T::schema(self.config(), api).await?) } else { None };
            Ok(own.into_iter().chain(asked).collect())
        })
    }

    fn settings(&self) -> Result<Settings> {
        T::settings(self.config())
    }

    fn field_names<'a>(&'a self, api: &'a ApiClient) -> BoxFuture<'a, Result<Vec<String>>> {
        T::field_names(self.config(), api)
    }

    fn stream_slices(&self) -> Result<Option<Partitions>> {
        T::stream_slices(self.config())
    }

    fn divide(&self, partition: &Partition) -> Result<Option<Vec<NamedValues>>> {
        let slice = Slice { partition: Arc::new(partition.clone()), window: Window::whole() };
        Ok(T::divide(&self.cx(&slice, None))?.map(Lists::into_rows))
    }

    fn request(&self, slice: &Slice, page: Option<&PageToken>) -> Result<Parts> {
        let cx = self.cx(slice, page);
        let mut parts = Parts {
            url_base: T::url_base(&cx)?,
            path: T::path(&cx)?,
            params: Params::new(),
            headers: Headers::new(),
            body: Body::new(),
        };
        T::request_params(&cx, &mut parts.params)?;
        T::request_headers(&cx, &mut parts.headers)?;
        T::request_body(&cx, &mut parts.body)?;
        Ok(parts)
    }

    fn job_request(&self, slice: &Slice, job: &JobValues, page: Option<&PageToken>, about: About) -> Result<JobParts> {
        let cx = self.cx(slice, page).with_job(job);
        let mut parts = JobParts { url_base: T::url_base(&cx)?, headers: Headers::new(), request: JobRequest::new() };
        T::request_headers(&cx, &mut parts.headers)?;
        match about {
            About::Status => T::poll_request(&cx, &mut parts.request)?,
            About::Result => T::download_request(&cx, &mut parts.request)?,
        }
        Ok(parts)
    }

    fn parse_response(&self, response: &Response<'_>, records: &mut Records<'_>) -> Result<Parsed> {
        T::parse_response(response, records)
    }

    fn records_path(&self, slice: &Slice) -> Result<Option<String>> {
        T::records_path(&self.cx(slice, None))
    }

    fn first_page(&self, slice: &Slice) -> Result<Option<Vec<u8>>> {
        T::first_page(&self.cx(slice, None))
    }

    fn next_page_token(&self, slice: &Slice, page: &Page<'_>) -> Result<Option<PageToken>> {
        T::next_page_token(&self.cx(slice, page.token()), page)
    }

    fn get_updated_state(&self, slice: &Slice, page: &Page<'_>) -> Result<Option<String>> {
        T::get_updated_state(&self.cx(slice, page.token()), page)
    }

    fn update_state(&self, slice: &Slice, page: &Page<'_>, state: &mut StateDraft) -> Result<()> {
        T::update_state(&self.cx(slice, page.token()), page, state)
    }

    fn edits(&self, slice: &Slice) -> Result<Option<Edits>> {
        let bound = Self::new(Arc::clone(&self.source), self.part, self.made.clone());
        let editor = SliceEditor { bound, slice: slice.clone(), now: Utc::now() };
        Edits::new(Arc::new(editor), !T::descriptor().edits.reads.is_empty())
    }

    fn should_retry(&self, answer: &Answer<'_>) -> Result<Option<Verdict>> {
        T::should_retry(answer)
    }
}

/// The records of one slice, edited as the stream says.
struct SliceEditor<S, C, T> {
    bound: Bound<S, C, T>,
    slice: Slice,
    /// One moment for the whole slice: a page that is asked again brings the same lines.
    now: DateTime<Utc>,
}

impl<S: Send + Sync, C, T: HttpStream<C>> Editor for SliceEditor<S, C, T> {
    fn edit(&self, fields: &[Option<&[u8]>], added: &mut Added) -> Result<bool> {
        let cx = self.bound.cx(&self.slice, None);
        T::transform_record(&cx, &Row::new(T::descriptor().edits.reads, fields, self.now), added)
    }
}
