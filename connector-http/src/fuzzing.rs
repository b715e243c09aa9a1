//! What parses bytes of a server or a platform, as functions of any bytes: for the fuzzer (`fuzz/`), and for a test over its corpus.
//!
//! None may panic, and none may give another result where the bytes are cut into other pieces.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use connector_core::cursor::{CursorFormat, CursorKind, CursorSpec, CursorValue};
use connector_core::protocol::{ConfiguredCatalog, IncomingState};
use connector_core::record::{
    Batch, BodyParser, Envelope, Field, Framing, LinesParser, PageLimits, PageParser, Plan, PlanOptions, Record,
    Selector,
};
use connector_core::state::{PartitionKey, StreamState};
use connector_core::stream::{CursorField, StreamDescriptor};

use crate::client::Jar;
use crate::decode::Decoder;
use crate::format::{Charset, Parser, Transcoder, content_type};
use crate::http::{HeaderMap, HeaderName, HeaderValue, Url};
use crate::paginate::{Facts, Pager, Paginator, link};
use crate::send::{LimitHeaders, advice};
use crate::settings::{BodyFormat, Csv};

/// A target of the fuzzer.
pub type Target = fn(&[u8]);

/// All targets by their names.
pub const TARGETS: &[(&str, Target)] = &[
    ("body_json", body_json),
    ("body_lines", body_lines),
    ("body_csv", body_csv),
    ("body_xml", body_xml),
    ("decode", decode),
    ("charset", charset),
    ("headers", headers),
    ("cookies", cookies),
    ("pages", pages),
    ("cursors", cursors),
    ("states", states),
    ("catalogs", catalogs),
];

static FIELDS: &[Field] = &[
    Field::new("id", "", &<u64 as Record>::SHAPE),
    Field::new("name", "", &<Option<String> as Record>::SHAPE),
    Field::new("at", "", &<Option<chrono::DateTime<chrono::Utc>> as Record>::SHAPE),
    Field::new("score", "", &<Option<f64> as Record>::SHAPE),
    Field::new("tags", "", &<Option<Vec<String>> as Record>::SHAPE),
];

static ITEMS: StreamDescriptor = StreamDescriptor::new("items", "", || FIELDS);

const LIMITS: PageLimits = PageLimits { record: 1 << 16, envelope: 1 << 16 };

/// The first byte says how the rest is treated.
fn split(data: &[u8]) -> (usize, &[u8]) {
    data.split_first().map_or((0, data), |(first, rest)| (usize::from(*first), rest))
}

/// Lines and envelope, or the fault.
type Read = Result<(Vec<u8>, Vec<u8>), String>;

/// What a parser makes of a body that comes in pieces of a size.
fn parse(mut parser: impl BodyParser, body: &[u8], size: usize) -> Option<Read> {
    let plan = Plan::new(&ITEMS, PlanOptions::default()).ok()?;
    let mut batch = Batch::new(Arc::new(plan), Framing::Bare, 0);
    let fed = body.chunks(size.max(1)).try_for_each(|piece| parser.feed(piece, &mut batch));
    let envelope = fed.and_then(|()| parser.finish(&mut batch));
    Some(match envelope {
        Ok(envelope) => Ok((batch.rendered().to_vec(), envelope.bytes().to_vec())),
        Err(error) => Err(error.to_string()),
    })
}

/// Whole and in pieces: the same, and every line is JSON.
fn agree<P: BodyParser>(parser: impl Fn() -> Option<P>, body: &[u8], size: usize) {
    let read = |size| parser().and_then(|parser| parse(parser, body, size));
    let (whole, cut) = (read(usize::MAX), read(size));
    assert!(
        whole.as_ref().map(Result::is_ok) == cut.as_ref().map(Result::is_ok),
        "in pieces of {size}: {whole:?} and {cut:?}"
    );
    if let (Some(Ok(whole)), Some(Ok(cut))) = (whole, cut) {
        assert!(whole == cut, "in pieces of {size}: {whole:?} and {cut:?}");
        for line in whole.0.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            assert!(serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok(), "{}", String::from_utf8_lossy(line));
        }
    }
}

/// A JSON body: the first byte says where the records are and how it is cut.
pub fn body_json(data: &[u8]) {
    const PATHS: [&str; 6] = ["", "items", "data.rows", "*", "data.*.rows", "a.b.c.*"];
    let (how, body) = split(data);
    let selector = Selector::new(PATHS[how % PATHS.len()]).map(|s| if how & 64 == 0 { s } else { s.optional() });
    let Ok(selector) = selector.map(Arc::new) else { return };
    agree(|| Some(PageParser::new(Arc::clone(&selector), LIMITS)), body, how / PATHS.len() + 1);
}

/// JSON, a value a line.
pub fn body_lines(data: &[u8]) {
    let (how, body) = split(data);
    agree(|| Some(LinesParser::new(LIMITS)), body, how + 1);
}

/// Comma-separated values.
pub fn body_csv(data: &[u8]) {
    let (how, body) = split(data);
    let csv = if how & 1 == 0 { Csv::new() } else { Csv::new().delimiter(b'\t') };
    declared(&BodyFormat::Csv(csv), "", body, how / 2 + 1);
}

/// XML.
pub fn body_xml(data: &[u8]) {
    const PATHS: [&str; 4] = ["", "items.item", "rows", "a.*.b"];
    let (how, body) = split(data);
    declared(&BodyFormat::Xml, PATHS[how % PATHS.len()], body, how / PATHS.len() + 1);
}

/// A body of a format that a stream declares.
fn declared(format: &BodyFormat, path: &str, body: &[u8], size: usize) {
    let Ok(selector) = Selector::new(path).map(Arc::new) else { return };
    let parser = || Some(Declared(Parser::new(format, &HeaderMap::new(), &selector, &ITEMS, LIMITS, false)));
    agree(parser, body, size);
}

struct Declared(Parser);

impl BodyParser for Declared {
    fn feed(&mut self, chunk: &[u8], batch: &mut Batch) -> connector_core::Result<()> {
        self.0.as_body_parser().feed(chunk, batch)
    }

    fn finish(&mut self, batch: &mut Batch) -> connector_core::Result<Envelope> {
        self.0.as_body_parser().finish(batch)
    }
}

/// More than this is not unpacked here: a small body may stand for gigabytes, which stream through otherwise.
const UNPACKED: usize = 1 << 22;

/// What comes out now. False if that is too much.
fn pull(decoder: &mut Decoder, out: &mut Vec<u8>) -> Result<bool, ()> {
    while let Some(piece) = decoder.pull().map_err(|_| ())? {
        assert!(piece.bytes.len() <= 1 << 16, "a piece of {} bytes", piece.bytes.len());
        out.extend_from_slice(&piece.bytes);
        if out.len() > UNPACKED {
            return Ok(false);
        }
    }
    Ok(true)
}

fn unpack(encoding: &str, body: &[u8], size: usize) -> Option<Result<Vec<u8>, ()>> {
    let mut out = Vec::new();
    let mut all = || {
        let mut decoder = Decoder::new(Some(encoding)).map_err(|_| ())?;
        for piece in body.chunks(size.max(1)) {
            decoder.push(Bytes::copy_from_slice(piece));
            if !pull(&mut decoder, &mut out)? {
                return Ok(false);
            }
        }
        decoder.finish().map_err(|_| ())?;
        pull(&mut decoder, &mut out)
    };
    match all() {
        Ok(true) => Some(Ok(out)),
        Ok(false) => None,
        Err(()) => Some(Err(())),
    }
}

/// Content encodings, and what is packed below them: gzip, zip archives.
pub fn decode(data: &[u8]) {
    const ENCODINGS: [&str; 5] = ["identity", "gzip", "deflate", "br", "zstd"];
    let (how, body) = split(data);
    let encoding = ENCODINGS[how % ENCODINGS.len()];
    let size = how / ENCODINGS.len() + 1;
    if let (Some(whole), Some(cut)) = (unpack(encoding, body, usize::MAX), unpack(encoding, body, size)) {
        assert!(whole == cut, "{encoding} in pieces of {size}: {:?} and {:?}", whole.is_ok(), cut.is_ok());
    }
}

/// A body in another character set as UTF-8, cut into pieces of that size.
pub(crate) fn transcode(charset: Charset, body: &[u8], size: usize) -> Vec<u8> {
    let mut transcoder = Transcoder::new(charset);
    let mut out = Vec::new();
    for piece in body.chunks(size.max(1)) {
        out.extend_from_slice(&transcoder.feed(piece));
    }
    out.extend(transcoder.finish());
    out
}

/// Character sets.
pub fn charset(data: &[u8]) {
    const CHARSETS: [&str; 5] = ["utf-8", "iso-8859-1", "utf-16le", "utf-16be", "shift_jis"];
    let (how, body) = split(data);
    let name = CHARSETS[how % CHARSETS.len()];
    let declared = HeaderValue::try_from(format!("text/plain; charset={name}"));
    let mut headers = HeaderMap::new();
    headers.extend(declared.map(|value| (HeaderName::from_static("content-type"), value)));
    let charset = Charset::of(&headers);
    let (whole, cut) = (transcode(charset, body, usize::MAX), transcode(charset, body, how / CHARSETS.len() + 1));
    assert!(whole == cut, "{name}");
    if matches!(charset, Charset::Latin1) {
        assert!(std::str::from_utf8(&whole).is_ok(), "{name}");
    }
}

/// Lines of `name: value`.
fn header_map(data: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in data.split(|&byte| byte == b'\n') {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { continue };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    headers
}

/// `Retry-After`, rate limits, `Link`, `Content-Type`.
pub fn headers(data: &[u8]) {
    let headers = header_map(data);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200);
    let advice = advice(&headers, &LimitHeaders::default(), now);
    let _ = (advice.wait(), advice.is_exhausted(), content_type(&headers), Charset::unknown(&headers));
    if let (Some(next), Ok(base)) = (link::next(&headers), Url::parse("https://api.example.com/v1/items?page=1")) {
        let _ = base.join(&next);
    }
}

/// `Set-Cookie`, and what goes back.
pub fn cookies(data: &[u8]) {
    let headers = header_map(data);
    let jar = Jar::default();
    for url in ["https://api.example.com/v1/items", "http://api.example.com/", "https://127.0.0.1/x"] {
        let Ok(url) = Url::parse(url) else { continue };
        jar.keep(&url, &headers);
        let mut sent = HeaderMap::new();
        jar.apply(&url, &mut sent);
    }
}

/// What names the next page, in a body and its last record.
pub fn pages(data: &[u8]) {
    let (how, body) = split(data);
    let paginator = match how % 6 {
        0 => Paginator::token("next").param("page"),
        1 => Paginator::next_url("next"),
        2 => Paginator::last_record("next").header("x-page"),
        3 => Paginator::pages().param("page").total_pages("next"),
        4 => Paginator::offset().param("from").size("limit", 2).total("next"),
        _ => Paginator::token("next").body("a.b").stop_when("more", false),
    };
    let Ok(url) = Url::parse("https://api.example.com/v1/items?page=1") else { return };
    let (headers, envelope) = (HeaderMap::new(), Envelope::new(body));
    let mut pager = Pager::new(&paginator);
    pager.count(2);
    let facts = Facts { url: &url, headers: &headers, envelope: &envelope, last_record: Some(body), count: 2 };
    if let Ok(Some(token)) = pager.declared_next(&facts) {
        pager.advance(token);
        let mut draft = crate::request::Draft::new(crate::http::Method::GET, url);
        let _ = pager.apply(&mut draft);
        let _ = pager.upcoming().take(100).count();
        let place = pager.position().and_then(|place| place.to_value(&connector_core::Mask::default()));
        if let Some(place) = place {
            assert!(Pager::new(&paginator).resume(&place), "{place}");
        }
    }
    if let Ok(place) = serde_json::from_slice(body) {
        Pager::new(&paginator).resume(&place);
    }
}

const KINDS: [CursorKind; 4] = [CursorKind::DateTime, CursorKind::Date, CursorKind::Integer, CursorKind::Text];

/// Values of cursors: in JSON, as text, in formats that are written down there, too.
pub fn cursors(data: &[u8]) {
    let (how, rest) = split(data);
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let (format, value) = text.split_once('\n').unwrap_or(("", text));
    let formats: Vec<_> = CursorFormat::parse(format).into_iter().collect();
    for formats in [&formats[..], &[]] {
        let kind = KINDS[how % KINDS.len()];
        let _ = CursorValue::from_json(kind, value.as_bytes(), formats);
        if let Ok(read) = CursorValue::from_text(kind, value, formats) {
            let again = CursorValue::from_json(kind, read.to_json().as_bytes(), formats);
            assert!(
                again.as_ref().is_ok_and(|again| *again == read) || !formats.is_empty(),
                "{value}: {read:?}, {again:?}"
            );
        }
    }
}

/// States that come in, of streams with and without partitions; what is read from one is read again as it was.
pub fn states(data: &[u8]) {
    let (how, document) = split(data);
    let Ok(now) = SystemTime::UNIX_EPOCH.elapsed().map(|_| chrono::DateTime::UNIX_EPOCH) else { return };
    if let Ok(incoming) = IncomingState::parse(document) {
        let _ = (incoming.streams().count(), incoming.shared_state(), incoming.stream_state("items", None));
    }
    let Ok(document) = serde_json::from_slice::<serde_json::Value>(document) else { return };
    let kind = KINDS[how % KINDS.len()];
    let spec = (how & 64 == 0).then(|| CursorSpec::new(CursorField { path: &["at"], kind }));
    let open = |document: &serde_json::Value| {
        if how & 128 == 0 {
            StreamState::open(spec.clone(), Some(document), now)
        } else {
            StreamState::open_partitioned(spec.clone(), Some(document), now)
        }
    };
    if let Ok(mut state) = open(&document) {
        let written = state.document();
        let _ = state.windows(&PartitionKey::root()).take(100).count();
        assert!(open(&written).is_ok_and(|again| again.document() == written), "{document} became {written}");
    }
}

/// Configured catalogs.
pub fn catalogs(data: &[u8]) {
    let _ = ConfiguredCatalog::parse(data);
}
