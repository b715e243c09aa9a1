//! The formats of bodies: which parser finds the records.

mod charset;
mod csv;
mod scalar;
mod xml;

use std::sync::Arc;

use connector_core::record::{BodyParser, Envelope, LinesParser, PageLimits, PageParser, Selector};
use connector_core::stream::StreamDescriptor;

pub(crate) use charset::{Charset, MORE_CHARSETS, Transcoder};
use csv::CsvParser;
use xml::XmlParser;

use crate::http::HeaderMap;
use crate::settings::{BodyFormat, Csv};

/// A parser at work.
pub(crate) enum Parser {
    /// JSON: also tells what is around the records when they are not where they should be.
    Json(Box<PageParser>),
    /// XML, which tells it, too.
    Xml(Box<XmlParser>),
    /// Anything else.
    Other(Box<dyn BodyParser>),
}

impl Parser {
    /// The parser of a body, `charset_known` where something else than the body tells its character set: as declared, or by its content type; JSON where that says nothing we know.
    pub(crate) fn new(
        format: &BodyFormat,
        headers: &HeaderMap,
        selector: &Arc<Selector>,
        descriptor: &'static StreamDescriptor,
        limits: PageLimits,
        charset_known: bool,
    ) -> Self {
        let json = || Self::Json(Box::new(PageParser::new(Arc::clone(selector), limits)));
        let lines = || Self::Other(Box::new(LinesParser::new(limits)));
        let csv = |csv: &Csv| Self::Other(Box::new(CsvParser::new(csv, descriptor, limits)));
        let xml = || Self::Xml(Box::new(XmlParser::new(selector, descriptor, limits, !charset_known)));
        match format {
            BodyFormat::Json => json(),
            BodyFormat::JsonLines => lines(),
            BodyFormat::Csv(kind) => csv(kind),
            BodyFormat::Xml => xml(),
            BodyFormat::ByContentType => match content_type(headers).as_str() {
                "application/x-ndjson"
                | "application/ndjson"
                | "application/jsonl"
                | "application/x-jsonlines"
                | "application/json-lines" => lines(),
                "text/csv" | "application/csv" => csv(&Csv::new()),
                "text/tab-separated-values" => csv(&Csv::new().delimiter(b'\t')),
                "application/xml" | "text/xml" => xml(),
                other if other.ends_with("+xml") => xml(),
                _ => json(),
            },
        }
    }

    pub(crate) fn as_body_parser(&mut self) -> &mut dyn BodyParser {
        match self {
            Self::Json(parser) => &mut **parser,
            Self::Xml(parser) => &mut **parser,
            Self::Other(parser) => &mut **parser,
        }
    }

    /// What a body says that is valid and has no records where they should be.
    pub(crate) fn take_envelope(&mut self) -> Option<Envelope> {
        match self {
            Self::Json(parser) => parser.take_envelope(),
            Self::Xml(parser) => parser.take_envelope(),
            Self::Other(_) => None,
        }
    }
}

/// The content type without its parameters, in lower case.
pub(crate) fn content_type(headers: &HeaderMap) -> String {
    let text = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
