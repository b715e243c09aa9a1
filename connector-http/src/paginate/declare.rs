//! What an author says about the pages of a stream.

use std::sync::Arc;

/// Where a value goes into the request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A query parameter of this name.
    Query(String),
    /// A header of this name.
    Header(String),
    /// A field of the body: a dotted path in JSON, a name in a form.
    Body(String),
    /// Appended to the path as a segment.
    Path,
}

/// Where the next page's token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// There is one page.
    Single,
    /// A value of the body, by dotted path.
    Body(String),
    /// A response header.
    Header(String),
    /// A value of the page's last record, by dotted path.
    LastRecord(String),
    /// The URL of the next page, in the body.
    NextUrl(String),
    /// The URL of the next page, in the `Link` header (RFC 8288, `rel="next"`).
    Link,
    /// What the stream's `next_page_token` says.
    Computed,
    /// A page number that counts up.
    Number {
        /// The first page's number.
        start: u64,
    },
    /// The count of records so far.
    Offset {
        /// The first record's number.
        start: u64,
    },
}

/// When the pages end, besides an absent token.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stop {
    /// At a page with fewer records than its size.
    Short,
    /// At a page without records.
    Empty,
    /// When the body's value at a path equals this.
    Equals(String, serde_json::Value),
    /// When as many records were read as the body says.
    Total(String),
    /// When as many pages were read as the body says.
    TotalPages(String),
}

/// How the pages of a stream follow each other.
///
/// ```
/// use connector_http::Paginator;
/// let by_token = Paginator::token("next_page_token").param("page_token");
/// let by_link = Paginator::link();
/// let numbered = Paginator::pages().param("page").size("per_page", 100);
/// let offset = Paginator::offset().param("offset").size("limit", 50).total("meta.total");
/// ```
#[derive(Debug, Clone)]
pub struct Paginator(Arc<Declared>);

#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) source: Source,
    pub(crate) place: Option<Place>,
    pub(crate) size: Option<u64>,
    pub(crate) size_place: Option<Place>,
    pub(crate) stops: Vec<Stop>,
    pub(crate) on_first: bool,
    pub(crate) repeats: bool,
    pub(crate) sequential: bool,
    pub(crate) first_only: Vec<String>,
    pub(crate) reset_after: Option<u64>,
}

impl Paginator {
    fn new(source: Source) -> Self {
        let stops = match source {
            Source::Number { .. } | Source::Offset { .. } => vec![Stop::Short, Stop::Empty],
            _ => Vec::new(),
        };
        let on_first = matches!(source, Source::Number { .. } | Source::Offset { .. });
        Self(Arc::new(Declared {
            source,
            place: None,
            size: None,
            size_place: None,
            stops,
            on_first,
            repeats: false,
            sequential: false,
            first_only: Vec::new(),
            reset_after: None,
        }))
    }

    /// One page a slice.
    #[must_use]
    pub fn single() -> Self {
        Self::new(Source::Single)
    }

    /// A token in the body, by dotted path. Say where it is sent: [`param`](Self::param), [`header`](Self::header) or
    /// [`body`](Self::body). Absent, null, empty and `false` end the slice.
    #[must_use]
    pub fn token(path: &str) -> Self {
        Self::new(Source::Body(path.to_owned()))
    }

    /// A token in a response header.
    #[must_use]
    pub fn token_in_header(name: &str) -> Self {
        Self::new(Source::Header(name.to_owned()))
    }

    /// A value of the page's last record (`starting_after = last.id`). A page without records ends the slice.
    #[must_use]
    pub fn last_record(path: &str) -> Self {
        Self::new(Source::LastRecord(path.to_owned()))
    }

    /// The next page's URL in the body, by dotted path: absolute, or relative to the page's own.
    #[must_use]
    pub fn next_url(path: &str) -> Self {
        Self::new(Source::NextUrl(path.to_owned()))
    }

    /// The next page's URL in the `Link` header, `rel="next"` (RFC 8288).
    #[must_use]
    pub fn link() -> Self {
        Self::new(Source::Link)
    }

    /// A token that the stream's [`next_page_token`](crate::HttpStream::next_page_token) computes; here is said where it is
    /// sent, and what ends the pages before it is asked.
    #[must_use]
    pub fn computed() -> Self {
        Self::new(Source::Computed)
    }

    /// Page numbers from 1; ends at a short or an empty page.
    #[must_use]
    pub fn pages() -> Self {
        Self::new(Source::Number { start: 1 })
    }

    /// The number of records already read; ends at a short or an empty page.
    #[must_use]
    pub fn offset() -> Self {
        Self::new(Source::Offset { start: 0 })
    }

    /// The first page's number, or the first record's offset.
    #[must_use]
    pub fn start(self, first: u64) -> Self {
        self.with(|declared| {
            if let Source::Number { start } | Source::Offset { start } = &mut declared.source {
                *start = first;
            }
        })
    }

    /// Sends the token as this query parameter.
    #[must_use]
    pub fn param(self, name: &str) -> Self {
        self.place(Place::Query(name.to_owned()))
    }

    /// Sends the token as this header.
    #[must_use]
    pub fn header(self, name: &str) -> Self {
        self.place(Place::Header(name.to_owned()))
    }

    /// Sends the token as this field of the body.
    #[must_use]
    pub fn body(self, path: &str) -> Self {
        self.place(Place::Body(path.to_owned()))
    }

    /// Sends the token in this place.
    #[must_use]
    pub fn place(self, place: Place) -> Self {
        self.with(|declared| declared.place = Some(place))
    }

    /// Asks for this many records a page, by this query parameter.
    #[must_use]
    pub fn size(self, param: &str, size: u64) -> Self {
        self.size_in(Place::Query(param.to_owned()), size)
    }

    /// Asks for this many records a page, in this place.
    #[must_use]
    pub fn size_in(self, place: Place, size: u64) -> Self {
        self.with(|declared| {
            declared.size_place = Some(place);
            declared.size = Some(size);
        })
    }

    /// A page has this many records without being asked for; fewer are a short page.
    #[must_use]
    pub fn fixed_size(self, size: u64) -> Self {
        self.with(|declared| declared.size = Some(size))
    }

    /// Ends at a page with fewer records than the size.
    #[must_use]
    pub fn stop_short(self) -> Self {
        self.stop(Stop::Short)
    }

    /// Ends at a page without records.
    #[must_use]
    pub fn stop_empty(self) -> Self {
        self.stop(Stop::Empty)
    }

    /// Goes on after short and empty pages: only what is named after this ends the slice.
    #[must_use]
    pub fn never_stop_short(self) -> Self {
        self.with(|declared| declared.stops.retain(|stop| !matches!(stop, Stop::Short | Stop::Empty)))
    }

    /// Ends when the body's value at this path equals `value` (`stop_when("has_more", false)`).
    #[must_use]
    pub fn stop_when(self, path: &str, value: impl Into<serde_json::Value>) -> Self {
        self.stop(Stop::Equals(path.to_owned(), value.into()))
    }

    /// Ends when as many records were read as the body says at this path.
    #[must_use]
    pub fn total(self, path: &str) -> Self {
        self.stop(Stop::Total(path.to_owned()))
    }

    /// Ends after the page whose number the body names at this path.
    #[must_use]
    pub fn total_pages(self, path: &str) -> Self {
        self.stop(Stop::TotalPages(path.to_owned()))
    }

    /// Leaves page number or offset out of the first request.
    #[must_use]
    pub fn not_on_first(self) -> Self {
        self.with(|declared| declared.on_first = false)
    }

    /// Leaves these query parameters, or fields of the body, out of every request but the first of a slice.
    #[must_use]
    pub fn first_only(self, name: &str) -> Self {
        self.with(|declared| declared.first_only.push(name.to_owned()))
    }

    /// The API pages through so many records at most. Behind them the slice begins anew at the largest cursor value that came, as
    /// its start: its records have to come in ascending order, and those of that value come twice.
    #[must_use]
    pub fn reset_after(self, records: u64) -> Self {
        self.with(|declared| {
            declared.reset_after = Some(records.max(1));
            declared.sequential = true;
        })
    }

    /// Allows a token, or a page, to come again within a slice. Without this it is an error.
    #[must_use]
    pub fn allow_repeats(self) -> Self {
        self.with(|declared| declared.repeats = true)
    }

    /// Asks for one page after the other. Without this, pages with numbers or offsets are fetched side by side once a page has told how
    /// many there are ([`total`](Self::total), [`total_pages`](Self::total_pages)), within `requests_per_host`; records keep their order.
    #[must_use]
    pub fn sequential(self) -> Self {
        self.with(|declared| declared.sequential = true)
    }

    fn stop(self, stop: Stop) -> Self {
        self.with(|declared| {
            if !declared.stops.contains(&stop) {
                declared.stops.push(stop);
            }
        })
    }

    fn with(mut self, change: impl FnOnce(&mut Declared)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    pub(crate) fn declared(&self) -> &Declared {
        &self.0
    }
}

impl Default for Paginator {
    fn default() -> Self {
        Self::single()
    }
}
