//! Walks the pages of one slice.

use connector_core::record::Envelope;
use connector_core::{Error, ErrorKind, Result};
use serde_json::Value;

use super::declare::Declared;
use super::repeat::{Repeats, Twins};
use super::{PageToken, Paginator, Place, Position, Source, Stop, link};
use crate::http::{HeaderMap, Url};
use crate::request::{Draft, PathSegment};

/// Where one slice is among its pages.
pub(crate) struct Pager<'a> {
    declared: &'a Declared,
    /// Pages read.
    pages: u64,
    /// Records read.
    records: u64,
    token: Option<PageToken>,
    /// How many pages there are, as far as the API said by the last page.
    expected: Option<u64>,
    /// Pages of an earlier attempt, which this one has not seen.
    resumed_pages: u64,
    repeats: Repeats,
    twins: Twins,
}

/// A page that two pages name as their next one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repeated {
    /// The token, where it is one.
    pub(crate) token: Option<String>,
    /// The number of the page that named it first.
    pub(crate) named_by: u64,
}

/// What of a page names the next one.
pub(crate) struct Facts<'p> {
    pub(crate) url: &'p Url,
    pub(crate) headers: &'p HeaderMap,
    pub(crate) envelope: &'p Envelope,
    pub(crate) last_record: Option<&'p [u8]>,
    pub(crate) count: u64,
}

impl<'a> Pager<'a> {
    pub(crate) fn new(paginator: &'a Paginator) -> Self {
        Self {
            declared: paginator.declared(),
            pages: 0,
            records: 0,
            token: None,
            expected: None,
            resumed_pages: 0,
            repeats: Repeats::default(),
            twins: Twins::default(),
        }
    }

    /// What asks for the current page.
    pub(crate) fn token(&self) -> Option<&PageToken> {
        self.token.as_ref()
    }

    /// Pages read so far.
    pub(crate) fn pages(&self) -> u64 {
        self.pages
    }

    /// Whether one page was read, in this attempt.
    pub(crate) fn is_first(&self) -> bool {
        self.pages == self.resumed_pages + 1
    }

    /// Records read so far.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// Begins again at the first page.
    pub(crate) fn restart(&mut self) {
        self.pages = 0;
        self.records = 0;
        self.token = None;
        self.resumed_pages = 0;
        self.expected = None;
        self.repeats = Repeats::default();
        self.twins = Twins::default();
    }

    /// The place of the current page; nothing for the first, which needs none.
    pub(crate) fn position(&self) -> Option<Position> {
        // Behind a reset, a page is one of what is left of the slice.
        if self.declared.reset_after.is_some() {
            return None;
        }
        Some(Position { token: self.token.clone()?, pages: self.pages, records: self.records })
    }

    /// Begins at the page that a state names; nothing happens if this paginator cannot have named it.
    pub(crate) fn resume(&mut self, at: &Value) -> bool {
        if self.declared.reset_after.is_some() {
            return false;
        }
        let Some(at) = Position::of_value(at, self.declared) else { return false };
        (self.pages, self.records, self.resumed_pages) = (at.pages, at.records, at.pages);
        self.token = Some(at.token);
        true
    }

    /// Whether the API pages no further than this, and the slice has to begin anew.
    pub(crate) fn is_at_limit(&self) -> bool {
        self.declared.reset_after.is_some_and(|limit| self.records >= limit)
    }

    /// Counts a page before the next one is named.
    pub(crate) fn count(&mut self, records: u64) {
        self.pages += 1;
        self.records += records;
    }

    /// Puts page size and token into the request.
    pub(crate) fn apply(&self, draft: &mut Draft) -> Result<()> {
        self.apply_token(draft, self.token.as_ref())
    }

    /// Puts page size and another page's token into the request.
    pub(crate) fn apply_token(&self, draft: &mut Draft, token: Option<&PageToken>) -> Result<()> {
        if token.is_some() {
            for name in &self.declared.first_only {
                draft.params.remove(name);
                draft.body.remove(name);
            }
        }
        let whole_url = matches!(token, Some(PageToken::Url(_)));
        if let (Some(place), Some(size), false) = (&self.declared.size_place, self.declared.size, whole_url) {
            put(draft, place, Value::from(size))?;
        }
        match token {
            Some(PageToken::Url(url)) => {
                // The API names the whole request: parameters that it repeats must not be doubled, others were dropped on purpose.
                draft.url = url.clone();
                draft.params = crate::request::Params::new();
            }
            Some(PageToken::Params(pairs)) => {
                let names: std::collections::BTreeSet<_> = pairs.iter().map(|(name, _)| name).collect();
                for name in names {
                    draft.params.remove(name);
                }
                for (name, value) in pairs {
                    draft.params.push(name, value);
                }
            }
            Some(token @ (PageToken::Value(value) | PageToken::Number(value))) => {
                if let Some(place) = &self.declared.place {
                    put(draft, place, self.typed(value, matches!(token, PageToken::Number(_))))?;
                }
            }
            None => {
                if let (Some(place), Some(first)) = (&self.declared.place, self.first()) {
                    put(draft, place, Value::from(first))?;
                }
            }
        }
        Ok(())
    }

    /// A page number in a JSON body is a number.
    fn typed(&self, value: &str, number: bool) -> Value {
        let number = number || matches!(self.declared.source, Source::Number { .. } | Source::Offset { .. });
        match value.parse::<i64>() {
            Ok(value) if number => Value::from(value),
            _ => Value::from(value),
        }
    }

    fn first(&self) -> Option<u64> {
        match self.declared.source {
            Source::Number { start } | Source::Offset { start } if self.declared.on_first => Some(start),
            _ => None,
        }
    }

    /// The next page as declared. Called after [`count`](Self::count).
    pub(crate) fn declared_next(&mut self, page: &Facts<'_>) -> Result<Option<PageToken>> {
        self.expected = self.expect(page);
        if self.is_over(page) {
            return Ok(None);
        }
        let in_body = |path: &str| token_at(page.envelope, path);
        Ok(match &self.declared.source {
            Source::Single | Source::Computed => None,
            Source::Body(path) => in_body(path).map(PageToken::Value),
            Source::Header(name) => {
                let text = page.headers.get(name.as_str()).and_then(|value| value.to_str().ok()).map(str::trim);
                text.filter(|text| !text.is_empty()).map(PageToken::value)
            }
            Source::LastRecord(path) => match page.last_record {
                None => None,
                Some(record) => {
                    Some(token_at(&Envelope::new(record), path).map(PageToken::Value).ok_or_else(|| {
                        let text = format!("the last record of the page has no `{path}`, which names the next page");
                        Error::new(ErrorKind::Pagination, text)
                    })?)
                }
            },
            Source::NextUrl(path) => match in_body(path) {
                Some(text) => Some(resolve(page.url, &text)?),
                None => None,
            },
            Source::Link => match link::next(page.headers) {
                Some(text) => Some(resolve(page.url, &text)?),
                None => None,
            },
            Source::Number { start } => Some(PageToken::Value((start + self.pages).to_string())),
            Source::Offset { start } => Some(PageToken::Value((start + self.records).to_string())),
        })
    }

    /// How many records there are, where the declared total says so.
    pub(crate) fn total(&self, envelope: &Envelope) -> Option<u64> {
        self.declared.stops.iter().find_map(|stop| match stop {
            Stop::Total(path) => number_at(envelope, path),
            _ => None,
        })
    }

    /// How many pages there are, where a page says so and pages can be asked for by their numbers.
    fn expect(&self, page: &Facts<'_>) -> Option<u64> {
        if self.declared.sequential || !matches!(self.declared.source, Source::Number { .. } | Source::Offset { .. }) {
            return None;
        }
        let expected = self.declared.stops.iter().filter_map(|stop| match stop {
            Stop::Total(path) => {
                let left = number_at(page.envelope, path)?.saturating_sub(self.records);
                let size = self.declared.size.unwrap_or(page.count);
                Some(self.pages + left.checked_div(size)? + u64::from(left % size > 0))
            }
            Stop::TotalPages(path) => number_at(page.envelope, path),
            _ => None,
        });
        expected.min()
    }

    /// What asks for the pages that were not read, beginning with the current one, as far as the API told how many there are.
    pub(crate) fn upcoming(&self) -> impl Iterator<Item = PageToken> {
        let size = self.declared.size;
        let left = self.expected.unwrap_or_default().saturating_sub(self.pages);
        (0..left).map_while(move |page| {
            Some(PageToken::Value(match &self.declared.source {
                Source::Number { start } => start.checked_add(self.pages)?.checked_add(page)?.to_string(),
                Source::Offset { start } => {
                    start.checked_add(self.records)?.checked_add(page.checked_mul(size?)?)?.to_string()
                }
                _ => return None,
            }))
        })
    }

    /// Whether the stream itself computes the token, unless something else ends the pages before.
    pub(crate) fn is_computed(&self) -> bool {
        self.declared.source == Source::Computed
    }

    /// Whether what is declared ends the pages here.
    pub(crate) fn is_over(&self, page: &Facts<'_>) -> bool {
        let number = |path: &str| number_at(page.envelope, path);
        self.declared.stops.iter().any(|stop| match stop {
            Stop::Short => self.declared.size.is_some_and(|size| page.count < size),
            Stop::Empty => page.count == 0,
            Stop::Equals(path, value) => page.envelope.get(path).as_ref() == Some(value),
            Stop::Total(path) => number(path).is_some_and(|total| self.records >= total),
            Stop::TotalPages(path) => number(path).is_some_and(|total| self.pages >= total),
        })
    }

    /// Goes on to the page that was named. Returns what is wrong where a page before has named the same one.
    pub(crate) fn advance(&mut self, next: PageToken) -> Option<Repeated> {
        let counted = matches!(self.declared.source, Source::Number { .. } | Source::Offset { .. });
        let before = if self.declared.repeats || counted {
            None
        } else {
            self.repeats.repeats(&match &next {
                PageToken::Value(value) | PageToken::Number(value) => value.clone(),
                PageToken::Url(url) => url.to_string(),
                PageToken::Params(pairs) => format!("{pairs:?}"),
            })
        };
        let repeated = before.map(|before| Repeated {
            token: next.as_value().map(str::to_owned),
            named_by: self.resumed_pages + before,
        });
        self.token = Some(next);
        repeated
    }

    /// Whether a page with records is identical to the one before, where that is an error.
    pub(crate) fn is_twin(&mut self, count: u64, bytes: u64, first: &[u8], last: &[u8]) -> bool {
        self.twins.is_twin(count, bytes, first, last) && !self.declared.repeats
    }
}

/// A number, which may stand in a string.
fn number_at(body: &Envelope, path: &str) -> Option<u64> {
    let value = body.get(path)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// A token: a scalar that is no "there is none" (null, `false`, an empty string), numbers to the last digit.
fn token_at(body: &Envelope, path: &str) -> Option<String> {
    let text = body.text(path).filter(|text| !text.is_empty())?;
    // `"false"` is a token as any other.
    (text != "false" || body.raw(path)? != b"false").then_some(text)
}

/// A next URL: absolute, or relative to the page's own.
pub(crate) fn resolve(page: &Url, next: &str) -> Result<PageToken> {
    page.join(next)
        .map(PageToken::Url)
        .map_err(|error| Error::new(ErrorKind::Pagination, format!("the next page's URL cannot be read: {error}")))
}

/// Puts a value where a declaration says.
pub(crate) fn put(draft: &mut Draft, place: &Place, value: Value) -> Result<()> {
    let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match place {
        Place::Query(name) => draft.params.set(name, text()),
        Place::Header(name) => draft.headers.set(name, &text())?,
        Place::Body(path) => draft.body.put(path, value)?,
        Place::Path => {
            let mut path = draft.url.path().trim_end_matches('/').to_owned();
            path.push('/');
            text().append(&mut path);
            draft.url.set_path(&path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
