//! Cuts the records out of a JSON body that arrives in pieces, and keeps the rest as the envelope.
//!
//! Complete records are walked over where they lie in the piece; only one that crosses a border is copied together first.
//! What is around the records is read by a small machine, token by token (`outline`), that can stop at any byte.

use super::ahead::Piece;
use super::batch::{Batch, broken, is_utf8_inside, no_object};
use super::envelope::Envelope;
use super::fault::{Fault, What};
use super::outline::{Outline, Turn, truncated};
use super::select::Selector;
use super::span::SpanScan;
use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;

/// How much of a body is held in memory at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimits {
    /// The largest record, in bytes; 64 MiB by default. At most 4 GiB.
    pub record: usize,
    /// The largest rest of a body without its records, in bytes; 16 MiB by default.
    pub envelope: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { record: 64 << 20, envelope: 16 << 20 }
    }
}

/// Reads a body that arrives in pieces: records go into a batch, the rest becomes the envelope.
pub trait BodyParser: Send {
    /// Takes the next piece; pieces may be cut anywhere.
    ///
    /// # Errors
    /// [`ErrorKind::Response`] for a body that is not what was declared, with the byte and what stands there;
    /// [`ErrorKind::Content`] where that is bytes that are no UTF-8, too deep nesting, or a record that is no object;
    /// [`ErrorKind::Limit`] for a record or an envelope that is too large; what [`Batch::push`] says of a record.
    /// After an error the parser is of no use any more.
    fn feed(&mut self, chunk: &[u8], batch: &mut Batch) -> Result<()>;

    /// The body is complete.
    ///
    /// # Errors
    /// The same; also for a body that ends in the middle, and [`ErrorKind::RecordsPath`] if the records are not where they should be.
    fn finish(&mut self, batch: &mut Batch) -> Result<Envelope>;
}

/// The parser of JSON bodies.
///
/// ```
/// use connector_core::record::{Batch, BodyParser, Framing, PageLimits, PageParser, Plan, PlanOptions, Selector};
/// # use connector_core::stream::StreamDescriptor;
/// # static USERS: StreamDescriptor = StreamDescriptor::new("users", "", || &[]);
/// # fn main() -> connector_core::Result<()> {
/// let mut batch = Batch::new(Plan::new(&USERS, PlanOptions::default())?.into(), Framing::Bare, 0);
/// let mut parser = PageParser::new(Selector::new("users")?.into(), PageLimits::default());
/// parser.feed(br#"{"users": [{"id": 1}, {"i"#, &mut batch)?;
/// parser.feed(br#"d": 2}], "next": "abc"}"#, &mut batch)?;
/// let envelope = parser.finish(&mut batch)?;
/// assert_eq!(batch.rendered(), b"{\"id\":1}\n{\"id\":2}\n");
/// assert_eq!(envelope.bytes(), br#"{"users":[],"next":"abc"}"#);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct PageParser {
    outline: Outline,
    place: Place,
    limits: PageLimits,
    /// How many bytes of the body came before this piece.
    offset: u64,
    /// How many bytes of the mark at the beginning were seen (0 to 3); 3 once the body has begun.
    mark: usize,
    /// A record that is not complete.
    partial: Vec<u8>,
    /// Where in the body it begins.
    partial_at: u64,
    scan: SpanScan,
    /// How long the last record was: where far less is at hand, the next one is not walked over in vain.
    usual: usize,
}

/// Where in the body the parser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Around the records.
    Outline,
    /// Where a record or the end of the list is due.
    FirstRecord,
    /// Where a record is due.
    Record,
    /// Inside a record that crosses a border.
    Inside,
    /// Behind a record.
    Behind,
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

impl PageParser {
    /// A parser of one body.
    #[must_use]
    pub fn new(selector: Arc<Selector>, limits: PageLimits) -> Self {
        Self {
            outline: Outline::new(selector, limits.envelope),
            place: Place::Outline,
            limits,
            offset: 0,
            mark: 0,
            partial: Vec::new(),
            partial_at: 0,
            scan: SpanScan::default(),
            usual: 0,
        }
    }

    /// The envelope of a body that is valid JSON but has no records where they should be: after [`finish`](BodyParser::finish)
    /// failed with [`ErrorKind::RecordsPath`], for those who want to see whether the body explains itself.
    pub fn take_envelope(&mut self) -> Option<Envelope> {
        self.outline.is_done().then(|| self.outline.take_envelope())
    }

    /// Skips the byte order mark at the beginning; what follows it in this piece.
    fn skip_mark<'c>(&mut self, chunk: &'c [u8]) -> Result<&'c [u8]> {
        let mut rest = chunk;
        while self.mark < 3
            && let Some((first, behind)) = rest.split_first()
        {
            if MARK.get(self.mark) != Some(first) {
                if self.mark > 0 {
                    return Err(broken(self.offset, Fault { at: 0, what: What::Expected("a value") }, rest));
                }
                self.mark = 3;
                break;
            }
            self.mark += 1;
            self.offset += 1;
            rest = behind;
        }
        Ok(rest)
    }

    /// Goes through the records of a list; how many bytes of the chunk were used.
    fn records(
        &mut self,
        piece: &mut Piece<'_>,
        from: usize,
        is_utf8: &mut Option<bool>,
        batch: &mut Batch,
    ) -> Result<usize> {
        let (chunk, mut at) = (piece.bytes(), from);
        // Once for all records of this piece; if it is none, the record at fault is looked for.
        let is_utf8 = *is_utf8.get_or_insert_with(|| is_utf8_inside(chunk));
        loop {
            while let Some(b' ' | b'\n' | b'\r' | b'\t') = chunk.get(at) {
                at += 1;
            }
            let Some(byte) = chunk.get(at) else { return Ok(at) };
            let rest = chunk.get(at..).unwrap_or_default();
            let offset = self.offset + at as u64;
            match (self.place, byte) {
                (Place::FirstRecord | Place::Record, b'{') => match self.whole(piece, at, offset, is_utf8, batch)? {
                    Some(len) => {
                        self.check_size(len, offset)?;
                        at += len;
                        self.usual = len;
                        self.place = Place::Behind;
                    }
                    None => {
                        self.place = Place::Inside;
                        self.partial_at = offset;
                        self.scan = SpanScan::default();
                        return Ok(at);
                    }
                },
                (Place::FirstRecord, b']') | (Place::Behind, b']') => {
                    self.place = Place::Outline;
                    return Ok(at + 1);
                }
                (Place::FirstRecord | Place::Record, b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' | b'[')
                    if batch.takes_scalars() =>
                {
                    self.place = Place::Inside;
                    self.partial_at = offset;
                    self.scan = SpanScan::default();
                    return Ok(at);
                }
                (Place::Behind, b',') => {
                    self.place = Place::Record;
                    at += 1;
                }
                (Place::Behind, _) => {
                    return Err(broken(
                        offset,
                        Fault { at: 0, what: What::Expected("`,` or `]` behind a record") },
                        rest,
                    ));
                }
                _ => return Err(no_object(offset, rest)),
            }
        }
    }

    /// The record at a place of a piece, unless it is not complete or will probably not be.
    #[inline]
    fn whole(
        &self,
        piece: &mut Piece<'_>,
        at: usize,
        offset: u64,
        is_utf8: bool,
        batch: &mut Batch,
    ) -> Result<Option<usize>> {
        if piece.bytes().len() - at < self.usual / 2 { Ok(None) } else { batch.take(piece, at, offset, is_utf8) }
    }

    /// Adds to a record that crosses a border; how many bytes of the chunk were used.
    fn inside(&mut self, chunk: &[u8], from: usize, batch: &mut Batch) -> Result<usize> {
        let rest = chunk.get(from..).unwrap_or_default();
        let end = self.scan.feed(rest);
        let piece = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
        self.check_size(self.partial.len() + piece.len(), self.partial_at)?;
        self.partial.extend_from_slice(piece);
        if end.is_some() {
            batch.push_at(&self.partial, self.partial_at)?;
            self.usual = self.partial.len();
            self.partial.clear();
            self.place = Place::Behind;
        }
        Ok(from + piece.len())
    }

    fn check_size(&self, len: usize, offset: u64) -> Result<()> {
        let limit = self.limits.record.min(u32::MAX as usize);
        if len <= limit {
            return Ok(());
        }
        let message = format!("the record at byte {offset} of the body is larger than the limit of {limit} bytes");
        Err(Error::new(ErrorKind::Limit, message))
    }
}

impl BodyParser for PageParser {
    fn feed(&mut self, chunk: &[u8], batch: &mut Batch) -> Result<()> {
        let chunk = self.skip_mark(chunk)?;
        let (mut at, mut is_utf8, mut piece) = (0, None, Piece::new(chunk));
        while at < chunk.len() {
            match self.place {
                Place::Outline => {
                    let (used, turn) = self.outline.feed(chunk, at, self.offset)?;
                    at = used;
                    match turn {
                        Turn::More => {}
                        Turn::Records => self.place = Place::FirstRecord,
                        Turn::Record { from, offset } => batch.push_at(self.outline.since(from), offset)?,
                    }
                }
                Place::Inside => at = self.inside(chunk, at, batch)?,
                _ => {
                    at = self.records(&mut piece, at, &mut is_utf8, batch)?;
                    if self.place == Place::Outline {
                        self.outline.end_of_records()?;
                    }
                }
            }
        }
        self.offset += chunk.len() as u64;
        Ok(())
    }

    fn finish(&mut self, batch: &mut Batch) -> Result<Envelope> {
        if self.place == Place::Inside {
            // What was not walked over yet may be broken, which says more than that it is truncated.
            batch.take(&mut Piece::new(&self.partial), 0, self.partial_at, false)?;
        }
        if self.place != Place::Outline {
            return Err(truncated(self.offset, "among the records"));
        }
        self.outline.finish(self.offset)
    }
}
