//! The formats of bodies: which parser finds the records.

mod charset;
mod csv;

use std::sync::Arc;

use connector_core::record::{BodyParser, LinesParser, PageLimits, PageParser, Selector};
use connector_core::stream::StreamDescriptor;

pub(crate) use charset::{Charset, Transcoder};
use csv::CsvParser;

use crate::http::HeaderMap;
use crate::settings::BodyFormat;

/// A parser at work.
pub(crate) enum Parser {
    /// JSON: also tells what is around the records when they are not where they should be.
    Json(Box<PageParser>),
    /// Anything else.
    Other(Box<dyn BodyParser>),
}

impl Parser {
    /// The parser of a body: as declared, or by its content type; JSON where that says nothing we know.
    pub(crate) fn new(
        format: &BodyFormat,
        headers: &HeaderMap,
        selector: &Arc<Selector>,
        descriptor: &'static StreamDescriptor,
        limits: PageLimits,
    ) -> Self {
        let json = || Self::Json(Box::new(PageParser::new(Arc::clone(selector), limits)));
        let lines = || Self::Other(Box::new(LinesParser::new(limits)));
        let csv = |delimiter| Self::Other(Box::new(CsvParser::new(delimiter, descriptor, limits)));
        match format {
            BodyFormat::Json => json(),
            BodyFormat::JsonLines => lines(),
            BodyFormat::Csv { delimiter } => csv(*delimiter),
            BodyFormat::ByContentType => match content_type(headers).as_str() {
                "application/x-ndjson"
                | "application/ndjson"
                | "application/jsonl"
                | "application/x-jsonlines"
                | "application/json-lines" => lines(),
                "text/csv" | "application/csv" => csv(b','),
                "text/tab-separated-values" => csv(b'\t'),
                _ => json(),
            },
        }
    }

    pub(crate) fn as_body_parser(&mut self) -> &mut dyn BodyParser {
        match self {
            Self::Json(parser) => &mut **parser,
            Self::Other(parser) => &mut **parser,
        }
    }
}

/// The content type without its parameters, in lower case.
pub(crate) fn content_type(headers: &HeaderMap) -> String {
    let text = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
