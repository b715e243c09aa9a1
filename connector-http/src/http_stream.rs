//! The trait of a stream over HTTP: what `#[derive(HttpStream)]` writes, and what can as well be written by hand.

use connector_core::Result;
use connector_core::clock::BoxFuture;
use connector_core::record::Added;
use connector_core::schema::SchemaFields;
use connector_core::state::StateDraft;
use connector_core::stream::{Partitions, StreamType};

use crate::classify::{Answer, Verdict};
use crate::client::ApiClient;
use crate::expansion::Lists;
use crate::job::JobRequest;
use crate::paginate::{Page, PageToken};
use crate::request::{Body, Headers, Params, Path};
use crate::response::{Parsed, Records, Response};
use crate::scope::{Cx, Row};
use crate::settings::Settings;

/// A stream of records from an HTTP API; `C` is the config that its values read.
///
/// Only [`path`](Self::path) must be written. Every other hook has a default that does what [`settings`](Self::settings) declares.
#[diagnostic::on_unimplemented(
    message = "the stream `{Self}` does not read the config `{C}`",
    label = "not a stream of this source",
    note = "derive it: #[derive(HttpStream)]; a stream with a config of its own is listed as `Stream(&config.part)`"
)]
pub trait HttpStream<C>: StreamType {
    /// What is fixed for a sync: method, records, pagination, cursor, credentials, rules.
    ///
    /// # Errors
    /// A value of the config that makes no setting.
    fn settings(config: &C) -> Result<Settings> {
        let _ = config;
        Ok(Settings::new())
    }

    /// The base URL, where it is not the source's.
    ///
    /// # Errors
    /// A value that makes no URL.
    fn url_base(cx: &Cx<'_, C>) -> Result<Option<String>> {
        let _ = cx;
        Ok(None)
    }

    /// The path below the base URL.
    ///
    /// # Errors
    /// A value that cannot stand in a path, or is not there.
    fn path(cx: &Cx<'_, C>) -> Result<Path>;

    /// Adds query parameters.
    ///
    /// # Errors
    /// A value that is not there.
    fn request_params(cx: &Cx<'_, C>, params: &mut Params) -> Result<()> {
        let _ = (cx, params);
        Ok(())
    }

    /// Adds headers.
    ///
    /// # Errors
    /// A value that cannot stand in a header, or is not there.
    fn request_headers(cx: &Cx<'_, C>, headers: &mut Headers) -> Result<()> {
        let _ = (cx, headers);
        Ok(())
    }

    /// Builds the body.
    ///
    /// # Errors
    /// A value that is not there.
    fn request_body(cx: &Cx<'_, C>, body: &mut Body) -> Result<()> {
        let _ = (cx, body);
        Ok(())
    }

    /// Asks for the status of a job, where the settings [have one](Settings::job); [`Cx::job`] reads its values.
    ///
    /// ```
    /// # use connector_http::{Cx, JobRequest, JobValues, Path, Result};
    /// # struct Config;
    /// fn poll_request(cx: &Cx<'_, Config>, request: &mut JobRequest) -> Result<()> {
    ///     request.path = Some(Path::new().text("reports/").segment(cx.job("id")?)?);
    ///     request.params.add("fields", "status,url");
    ///     Ok(())
    /// }
    /// # use connector_http::{cursor::Window, stream::{Partition, Slice}};
    /// # let slice = Slice { partition: Partition::root(), window: Window::whole() };
    /// # let (values, mut request) = (JobValues::new().with("id", "r 1"), JobRequest::new());
    /// # poll_request(&Cx::new(&Config, &slice, None).with_job(&values), &mut request)?;
    /// # assert_eq!(request.path.map(|path| path.as_str().to_owned()).as_deref(), Some("reports/r%201"));
    /// # Ok::<(), connector_http::Error>(())
    /// ```
    ///
    /// # Errors
    /// A value that is not there.
    fn poll_request(cx: &Cx<'_, C>, request: &mut JobRequest) -> Result<()> {
        let _ = (cx, request);
        Ok(())
    }

    /// Asks for a result of a job that is done. Default: no path of its own, the result is the URL.
    ///
    /// # Errors
    /// A value that is not there.
    fn download_request(cx: &Cx<'_, C>, request: &mut JobRequest) -> Result<()> {
        let _ = (cx, request);
        Ok(())
    }

    /// Where the records of a slice are in a body, by dotted path. Default: where the settings say.
    ///
    /// # Errors
    /// A value that is not there.
    fn records_path(cx: &Cx<'_, C>) -> Result<Option<String>> {
        let _ = cx;
        Ok(None)
    }

    /// Finds the records of a response. Default: where, and in which format, the settings say; the body is streamed then.
    ///
    /// # Errors
    /// A body that is not what the hook expects: the page is asked again within the limits, then the stream fails.
    fn parse_response(response: &Response<'_>, records: &mut Records<'_>) -> Result<Parsed> {
        let _ = (response, records);
        Ok(Parsed::Declared)
    }

    /// Names the next page, or ends the slice. Default: as the declared paginator does.
    ///
    /// # Errors
    /// A page that does not tell.
    fn next_page_token(cx: &Cx<'_, C>, page: &Page<'_>) -> Result<Option<PageToken>> {
        let _ = cx;
        page.declared()
    }

    /// What the state advances to with a page, as a text in a form that the cursor accepts: it takes the place of the largest
    /// cursor value of the page's records. As that, it counts when the slice has ended, or at the page where an ascending
    /// order is declared; of several pages the largest counts, and the state never goes back. For APIs that tell in a header
    /// or in the body up to where they have answered. Default: the largest value of the records.
    ///
    /// # Errors
    /// A page that does not tell.
    fn get_updated_state(cx: &Cx<'_, C>, page: &Page<'_>) -> Result<Option<String>> {
        let _ = (cx, page);
        Ok(None)
    }

    /// What the state becomes with a page, where it is of a type of the author's own
    /// ([`StreamDescriptor::state`](connector_core::stream::StreamDescriptor::state)): `state` is as the slice began and the pages before
    /// have changed it. It counts when the slice has ended, or with the page if the descriptor says
    /// [so](connector_core::stream::StreamDescriptor::state_at_each_page). Requests read the state as the slice began, by [`Cx::state`].
    ///
    /// ```
    /// # use connector_http::{Cx, Page, Result, state::StateDraft};
    /// # #[derive(Default)] struct SyncToken { token: Option<String> }
    /// # struct Event;
    /// # impl Event {
    /// fn update_state<C>(_: &Cx<'_, C>, page: &Page<'_>, state: &mut StateDraft) -> Result<()> {
    ///     if let Some(token) = page.text("nextSyncToken") {
    ///         state.get_mut::<SyncToken>()?.token = Some(token);
    ///     }
    ///     Ok(())
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// A page that does not tell: the slice fails.
    fn update_state(cx: &Cx<'_, C>, page: &Page<'_>, state: &mut StateDraft) -> Result<()> {
        let _ = (cx, page, state);
        Ok(())
    }

    /// The partitions that the stream is read in. Default: as the descriptor says, one, or one for each parent record.
    ///
    /// # Errors
    /// A value of the config that makes no partition.
    fn stream_slices(config: &C) -> Result<Option<Partitions>> {
        let _ = config;
        Ok(None)
    }

    /// What one record of the parent is divided into: the stream is read once for each row of the lists, whose values are asked
    /// for by [`Cx::partition`]. `cx.slice` is that record's partition, without a window. Default: it is read once for the record.
    /// Fields of the parent that only hold lists are named by
    /// [`StreamDescriptor::divided_by`](connector_core::stream::StreamDescriptor::divided_by).
    ///
    /// ```
    /// # use connector_core::record::{Field, Record, Shape};
    /// # use connector_core::stream::{NoParent, StreamDescriptor, StreamType};
    /// # use connector_http::{Cx, HttpStream, Lists, Path, Result};
    /// # struct Repository;
    /// # impl Record for Repository { const SHAPE: Shape = Shape::Any; }
    /// # impl StreamType for Repository {
    /// #     const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("repositories", "", || &[]);
    /// #     type Parent = NoParent;
    /// # }
    /// # struct Branch;
    /// # impl Record for Branch { const SHAPE: Shape = Shape::Any; }
    /// impl StreamType for Branch {
    ///     const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("branches", "", || &[])
    ///         .parent(Repository::descriptor, &[&[&["id"]]])
    ///         .divided_by(&[&["names"]]);
    ///     type Parent = Repository;
    /// }
    ///
    /// impl<C> HttpStream<C> for Branch {
    ///     fn divide(cx: &Cx<'_, C>) -> Result<Option<Lists>> {
    ///         let names: Vec<String> = cx.value_of_parent(0, &["names"])?;
    ///         Ok(Some(Lists::new().along("name", &names)?))
    ///     }
    ///
    ///     fn path(cx: &Cx<'_, C>) -> Result<Path> {
    ///         let (id, name): (u64, String) = (cx.value_of_parent(0, &["id"])?, cx.partition("name")?);
    ///         Path::new().text("repositories/").segment(&id)?.text("/branches/").segment(&name)
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// A value that is not there: the stream fails.
    fn divide(cx: &Cx<'_, C>) -> Result<Option<Lists>> {
        let _ = cx;
        Ok(None)
    }

    /// What the answer for the first page of the slice would be, where the parent's record holds it; nothing is asked for that page
    /// then. The field is one that [`StreamDescriptor::divided_by`](connector_core::stream::StreamDescriptor::divided_by) names,
    /// so that it is no part of the partition's identity. Default: nothing, the first page is asked for.
    ///
    /// ```
    /// # use connector_core::record::{Record, Shape};
    /// # use connector_core::stream::{NoParent, StreamDescriptor, StreamType};
    /// # use connector_http::{Cx, HttpStream, Path, Result};
    /// # struct Invoice;
    /// # impl Record for Invoice { const SHAPE: Shape = Shape::Any; }
    /// # impl StreamType for Invoice {
    /// #     const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("invoices", "", || &[]);
    /// #     type Parent = NoParent;
    /// # }
    /// # struct Line;
    /// # impl Record for Line { const SHAPE: Shape = Shape::Any; }
    /// impl StreamType for Line {
    ///     const DESCRIPTOR: StreamDescriptor = StreamDescriptor::new("lines", "", || &[])
    ///         .parent(Invoice::descriptor, &[&[&["id"]]])
    ///         .divided_by(&[&["lines"]]);
    ///     type Parent = Invoice;
    /// }
    ///
    /// impl<C> HttpStream<C> for Line {
    ///     fn first_page(cx: &Cx<'_, C>) -> Result<Option<Vec<u8>>> {
    ///         Ok(cx.held_by_parent(&["lines"]))
    ///     }
    ///
    ///     fn path(cx: &Cx<'_, C>) -> Result<Path> {
    ///         let id: String = cx.value_of_parent(0, &["id"])?;
    ///         Path::new().text("invoices/").segment(&id).map(|path| path.text("/lines"))
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// A value that is not there: the slice fails.
    fn first_page(cx: &Cx<'_, C>) -> Result<Option<Vec<u8>>> {
        let _ = cx;
        Ok(None)
    }

    /// Whether a record is kept, and what is added to it. It is asked once a slice, or once a record if the descriptor
    /// [reads](connector_core::stream::RecordEdits::reads) fields of it; what it adds, the descriptor names.
    ///
    /// # Errors
    /// A value that is not there.
    fn transform_record(cx: &Cx<'_, C>, record: &Row<'_>, added: &mut Added) -> Result<bool> {
        let _ = (cx, record, added);
        Ok(true)
    }

    /// The fields that the schema has besides those of the struct, as the API knows them. Asked by `discover` only, and only
    /// if the descriptor says that there are some ([`StreamDescriptor::asks_schema`](connector_core::stream::StreamDescriptor::asks_schema)).
    ///
    /// # Errors
    /// Whatever keeps them from being found; `discover` fails with the error.
    fn schema<'a>(config: &'a C, api: &'a ApiClient) -> BoxFuture<'a, Result<SchemaFields>> {
        let _ = (config, api);
        Box::pin(async { Ok(SchemaFields::new()) })
    }

    /// The names of fields that requests list, where the API knows them: asked for once a sync, before the stream's first request,
    /// if the settings say so ([`FieldList::asked`](crate::FieldList::asked)).
    ///
    /// # Errors
    /// Whatever keeps them from being found; the stream fails with the error.
    fn field_names<'a>(config: &'a C, api: &'a ApiClient) -> BoxFuture<'a, Result<Vec<String>>> {
        let _ = (config, api);
        Box::pin(async { Ok(Vec::new()) })
    }

    /// What an answer means. Default: the declared rules, then the default table.
    ///
    /// # Errors
    /// The stream fails with the error.
    fn should_retry(answer: &Answer<'_>) -> Result<Option<Verdict>> {
        let _ = answer;
        Ok(None)
    }
}

/// A kind of streams: a function makes one of each value that it finds. `#[http(made_of = Table)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is made of no value",
    label = "no kind of streams",
    note = "say what it is made of, #[http(made_of = Table)]; its values then read `stream.…`"
)]
pub trait MadeOf {
    /// The value.
    type Value: Send + Sync + 'static;
}

/// Tells a stream the config of the source that lists it; `#[source(streams(…))]` implements it.
#[diagnostic::on_unimplemented(
    message = "`config` is unknown here: no source lists the stream `{Self}`",
    label = "reads a config that nobody names",
    note = "list it in the source, #[source(streams({Self}))], or name its config, #[http(config = …)]"
)]
pub trait Listed {
    /// The config.
    type Config;
}
