//! What is fixed about a stream, and about a source, for one sync.

use connector_core::cursor::CursorSpec;
use connector_core::record::{Misfit, Transform};

use crate::auth::Auth;
use crate::classify::Rule;
use crate::field_list::FieldList;
use crate::http::Method;
use crate::job::Job;
use crate::paginate::{Paginator, Place};
use crate::request::{Headers, QueryEncoding};
use crate::send::{LimitHeaders, Quota};
use crate::transport::Roots;

/// The format of a response's body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BodyFormat {
    /// JSON, unless the content type says `application/x-ndjson`, `application/jsonl`, `text/csv`,
    /// `text/tab-separated-values`, `application/xml`, `text/xml` or ends in `+xml`.
    #[default]
    ByContentType,
    /// JSON, whatever the content type says.
    Json,
    /// A JSON value a line.
    JsonLines,
    /// A table in text: comma-separated values and their relatives.
    Csv(Csv),
    /// XML. A record is an element; its attributes and the elements in it are its fields.
    ///
    /// - A field takes the type that the struct declares: `<total>1.50</total>` is a number for a number, a text for a text.
    /// - Elements of the same name are a list; so is a single one, or none, if the field is a list.
    /// - Of an element with attributes, a field that is no struct takes the text alone; in a struct the text is the field `$text`.
    /// - What the struct does not declare is a text, an object or a list, as it comes; an element without anything is null, as is
    ///   one with `xsi:nil`. Names stay with their prefixes; declarations of namespaces and `xsi:` attributes are left out.
    /// - The records' path begins with the root element: `rss.channel.item`. In the rest of the body (for paginators and rules) all
    ///   values are texts.
    Xml,
}

/// The kind of a table in text.
///
/// ```
/// use connector_http::{BodyFormat, Csv, Settings};
/// let tsv = Settings::new().format(BodyFormat::Csv(Csv::new().delimiter(b'\t').without_quotes()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    pub(crate) delimiter: u8,
    pub(crate) quote: Option<u8>,
    pub(crate) header: bool,
    pub(crate) skip: usize,
}

impl Default for Csv {
    fn default() -> Self {
        Self { delimiter: b',', quote: Some(b'"'), header: true, skip: 0 }
    }
}

impl Csv {
    /// Commas, double quotes, and a first line that names the columns.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What separates the values: a byte of ASCII.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// What stands around a value that has delimiters or line ends in it; twice inside it, it is itself.
    #[must_use]
    pub fn quote(mut self, quote: u8) -> Self {
        self.quote = Some(quote);
        self
    }

    /// Quotes mean nothing.
    #[must_use]
    pub fn without_quotes(mut self) -> Self {
        self.quote = None;
        self
    }

    /// No line names the columns: they are the struct's fields, in their order.
    #[must_use]
    pub fn without_header(mut self) -> Self {
        self.header = false;
        self
    }

    /// So many lines stand before the table.
    #[must_use]
    pub fn skip_lines(mut self, lines: usize) -> Self {
        self.skip = lines;
        self
    }
}

/// What is fixed about a stream for one sync: how it asks, where the records are, how pages follow each other.
///
/// ```
/// use connector_http::{Paginator, Rule, Settings};
/// let settings = Settings::new()
///     .records("data.items")
///     .paginate(Paginator::token("next").param("cursor"))
///     .rule(Rule::status(404).ignore());
/// ```
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) method: Method,
    pub(crate) records: Vec<String>,
    pub(crate) records_optional: bool,
    pub(crate) format: BodyFormat,
    pub(crate) charset: Option<String>,
    pub(crate) paginator: Paginator,
    pub(crate) auth: Option<Auth>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) cursor: Option<CursorSpec>,
    pub(crate) since: Option<Place>,
    pub(crate) then_since: Option<Place>,
    pub(crate) until: Option<Place>,
    pub(crate) transform: Option<Transform>,
    pub(crate) misfit: Misfit,
    pub(crate) check: bool,
    pub(crate) graphql: bool,
    pub(crate) weight: u32,
    pub(crate) enabled: bool,
    pub(crate) encoding: QueryEncoding,
    pub(crate) job: Option<Job>,
    pub(crate) field_list: Option<FieldList>,
    pub(crate) group: Option<usize>,
    pub(crate) distinct: bool,
    pub(crate) remembered_keys: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            method: Method::GET,
            records: vec![String::new()],
            records_optional: false,
            format: BodyFormat::default(),
            charset: None,
            paginator: Paginator::single(),
            auth: None,
            rules: Vec::new(),
            cursor: None,
            since: None,
            then_since: None,
            until: None,
            transform: None,
            misfit: Misfit::default(),
            check: true,
            graphql: false,
            weight: 1,
            enabled: true,
            encoding: QueryEncoding::new(),
            job: None,
            field_list: None,
            group: None,
            distinct: false,
            remembered_keys: None,
        }
    }
}

impl Settings {
    /// GET, records at the root of a JSON body, one page, the source's credentials.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The method.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Where the records are in the body: `orders`, `data.items`, `data.*.rows` (`*`: each element of a list or each value of an object).
    #[must_use]
    pub fn records(mut self, path: &str) -> Self {
        self.records = vec![path.to_owned()];
        self
    }

    /// As [`records`](Self::records), where there are several paths: records stand at each of them that a body has.
    #[must_use]
    pub fn records_any<T: AsRef<str>>(mut self, paths: &[T]) -> Self {
        self.records = paths.iter().map(|path| path.as_ref().to_owned()).collect();
        self
    }

    /// A body without the records' path, or with null there, is a page without records instead of an error.
    #[must_use]
    pub fn records_optional(mut self) -> Self {
        self.records_optional = true;
        self
    }

    /// The format of the bodies.
    #[must_use]
    pub fn format(mut self, format: BodyFormat) -> Self {
        self.format = format;
        self
    }

    /// The character set of the bodies, whatever their headers say: `windows-1252`, `utf-16`. Names of the WHATWG beyond UTF-8, UTF-16
    /// and Latin-1 want the cargo feature `charsets`.
    #[must_use]
    pub fn charset(mut self, name: &str) -> Self {
        self.charset = Some(name.to_owned());
        self
    }

    /// How the pages follow each other.
    #[must_use]
    pub fn paginate(mut self, paginator: Paginator) -> Self {
        self.paginator = paginator;
        self
    }

    /// Credentials of this stream's own; [`Auth::none`] for none.
    #[must_use]
    pub fn auth(mut self, auth: impl Into<Auth>) -> Self {
        self.auth = Some(auth.into());
        self
    }

    /// What an answer means; rules are asked in their order, before the source's and the default table.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// How the cursor is used: its start, its formats, its windows.
    #[must_use]
    pub fn cursor(mut self, cursor: CursorSpec) -> Self {
        self.cursor = Some(cursor);
        self
    }

    /// Sends the start of the slice's window as this query parameter.
    #[must_use]
    pub fn since(self, param: &str) -> Self {
        self.since_in(Place::Query(param.to_owned()))
    }

    /// Sends the start of the slice's window in this place.
    #[must_use]
    pub fn since_in(mut self, place: Place) -> Self {
        self.since = Some(place);
        self
    }

    /// Sends where the second part of the cursor begins as this query parameter, for a cursor of two parts
    /// ([`CursorSpec::then`]). It is sent only beside the first part's value in a record: not beside a configured start, the border of
    /// a window, or a start that a look-back has moved.
    ///
    /// ```
    /// use connector_http::Settings;
    /// let settings = Settings::new().since("since").then_since("since_id");
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn then_since(self, param: &str) -> Self {
        self.then_since_in(Place::Query(param.to_owned()))
    }

    /// Sends where the second part of the cursor begins in this place.
    #[must_use]
    pub fn then_since_in(mut self, place: Place) -> Self {
        self.then_since = Some(place);
        self
    }

    /// Sends the end of the slice's window as this query parameter.
    #[must_use]
    pub fn until(self, param: &str) -> Self {
        self.until_in(Place::Query(param.to_owned()))
    }

    /// Sends the end of the slice's window in this place.
    #[must_use]
    pub fn until_in(mut self, place: Place) -> Self {
        self.until = Some(place);
        self
    }

    /// What is made of each record before it is compared with its struct.
    ///
    /// ```
    /// use connector_http::{Settings, Transform};
    /// # fn main() -> connector_http::Result<()> {
    /// let settings = Settings::new().records("orders").transform(Transform::new().explode("lines")?.copy("order_id", "id")?);
    /// # let _ = settings; Ok(()) }
    /// ```
    #[must_use]
    pub fn transform(mut self, transform: Transform) -> Self {
        self.transform = Some(transform);
        self
    }

    /// What is done about a record that does not fit its struct.
    #[must_use]
    pub fn misfit(mut self, misfit: Misfit) -> Self {
        self.misfit = misfit;
        self
    }

    /// Does not compare records with their struct. Where nothing else needs their values (no cursor, no sub-streams, no fields added
    /// or removed), they are only cut out of the body: brackets, strings and UTF-8 are looked at, not the JSON between them, and a
    /// key given twice is not noticed.
    #[must_use]
    pub fn unchecked(mut self) -> Self {
        self.check = false;
        self
    }

    /// The API speaks GraphQL: `errors` in an answer with status 200 fail the stream, and the method is POST.
    #[must_use]
    pub fn graphql(mut self) -> Self {
        self.graphql = true;
        self.method = Method::POST;
        self
    }

    /// Reads the stream once for so many records of its parent at a time: [`Cx::parents`](crate::Cx::parents) has a field of each.
    #[must_use]
    pub fn group(mut self, records: usize) -> Self {
        self.group = Some(records.max(1));
        self
    }

    /// Drops records whose primary key was met before in the sync, and counts them; with a cursor only those that have the same
    /// cursor value, too. That costs at most 40 bytes a key.
    #[must_use]
    pub fn drop_duplicates(mut self) -> Self {
        self.distinct = true;
        self
    }

    /// How many keys the stream may remember, to drop duplicates or to tell what was deleted: more fail it. Default:
    /// [`Limits::remembered_keys`](crate::Limits::remembered_keys).
    #[must_use]
    pub fn remembered_keys(mut self, keys: usize) -> Self {
        self.remembered_keys = Some(keys);
        self
    }

    /// How parameters are written in the query.
    #[must_use]
    pub fn encoding(mut self, encoding: QueryEncoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// What one request of this stream costs of the source's quota; 1 unless said.
    #[must_use]
    pub fn weight(mut self, weight: u32) -> Self {
        self.weight = weight;
        self
    }

    /// Whether the stream is read at all: one that the config switches off has no records, and says so.
    #[must_use]
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// The names of fields that requests list.
    #[must_use]
    pub fn field_list(mut self, list: FieldList) -> Self {
        self.field_list = Some(list);
        self
    }

    /// The stream's request creates a job, whose results are the stream's pages; `records`, `format` and `paginate` are theirs.
    #[must_use]
    pub fn job(mut self, job: Job) -> Self {
        self.job = Some(job);
        self
    }
}

/// What is fixed about a source for one sync: hosts, headers, quotas, limits.
///
/// ```
/// use connector_http::{Quota, SourceSettings};
/// use std::time::Duration;
/// let settings = SourceSettings::new()
///     .allowed_host("files.example.com")
///     .quota(Quota::moving(100, Duration::from_secs(60)));
/// ```
#[derive(Debug, Clone, Default)]
pub struct SourceSettings {
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) headers: Headers,
    pub(crate) rules: Vec<Rule>,
    pub(crate) quotas: Vec<Quota>,
    pub(crate) limit_headers: LimitHeaders,
    pub(crate) concurrency: Option<usize>,
    pub(crate) requests_per_host: Option<usize>,
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) roots: Roots,
}

impl SourceSettings {
    /// Nothing but the base URL's origin is allowed; no headers, no quota.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A host besides the base URL's that may get credentials and name next pages: `files.example.com`, with a port if
    /// it is not the scheme's own. A request to it must be as safe as the base URL: https if that is https.
    #[must_use]
    pub fn allowed_host(mut self, host: &str) -> Self {
        self.allowed_hosts.push(host.to_ascii_lowercase());
        self
    }

    /// Headers of every request of the source.
    #[must_use]
    pub fn headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// What an answer means, for all streams; asked after a stream's own rules.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// A quota that all streams share; several hold at once.
    #[must_use]
    pub fn quota(mut self, quota: Quota) -> Self {
        self.quotas.push(quota);
        self
    }

    /// The API's own names for headers that tell of rate limits.
    #[must_use]
    pub fn limit_headers(mut self, names: LimitHeaders) -> Self {
        self.limit_headers = names;
        self
    }

    /// How much is done side by side: so many streams, so many slices of each, so many requests in flight to one host, if
    /// [`requests_per_host`](Self::requests_per_host) does not say otherwise. By default 8, 4 and 4.
    ///
    /// ```
    /// let settings = connector_http::SourceSettings::new().concurrency(10);
    /// ```
    #[must_use]
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = Some(concurrency.max(1));
        self
    }

    /// Requests in flight to one host at a time; as many as the [`concurrency`](Self::concurrency), or 4, unless said.
    #[must_use]
    pub fn requests_per_host(mut self, requests: usize) -> Self {
        self.requests_per_host = Some(requests.max(1));
        self
    }

    /// A certificate authority to trust besides the others, as PEM; several may stand in one text.
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Whose certificate authorities are trusted, besides those given here.
    ///
    /// ```
    /// use connector_http::{SourceSettings, transport::Roots};
    /// let settings = SourceSettings::new().roots(Roots::Bundled);
    /// ```
    #[must_use]
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }
}
