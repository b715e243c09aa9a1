//! Reads a body into records.

use connector_core::record::{Batch, Envelope};
use connector_core::stream::Flow;
use connector_core::{Error, ErrorKind, Result};

use super::slice::{ReadPage, SliceReader};
use super::step::Step;
use crate::client::{Body, Received};
use crate::format::{Charset, Parser, Transcoder};
use crate::http::{HeaderMap, StatusCode, Url};
use crate::response::{Parsed, Records, Response};

/// What reading a body came to.
pub(super) enum Fetched {
    Page(Box<ReadPage>),
    /// Enough was read in the middle of the body.
    Enough,
    Spoilt(Spoilt),
}

/// A body that broke, or is not what was declared.
pub(super) struct Spoilt {
    pub(super) error: Error,
    /// Its first bytes.
    pub(super) head: Vec<u8>,
    /// It is valid, but the records are not where they should be: what there is instead.
    pub(super) envelope: Option<Envelope>,
    /// It did not come to its end.
    pub(super) broken: bool,
}

/// A body on its way into a batch.
struct Reading {
    batch: Batch,
    head: Vec<u8>,
    /// Decoded bytes so far.
    read: usize,
    /// Bytes of lines that left already.
    flushed: u64,
    first: Vec<u8>,
}

/// How much of a body is kept for people to see, should it turn out to be broken: a full excerpt needs no more.
const SHOWN: usize = 2 << 10;

/// How much of the first line two pages are compared by.
const FIRST: usize = 1 << 10;

impl Reading {
    fn new(batch: Batch) -> Self {
        Self { batch, head: Vec::new(), read: 0, flushed: 0, first: Vec::new() }
    }

    /// Keeps the first bytes, for rules and for people.
    fn note(&mut self, piece: &[u8], limit: usize) {
        self.read += piece.len();
        let room = limit.saturating_sub(self.head.len());
        self.head.extend_from_slice(&piece[..piece.len().min(room)]);
    }

    /// Keeps the beginning of the first line before it leaves.
    fn note_first(&mut self) {
        if self.first.is_empty() {
            let lines = self.batch.rendered();
            let line = &lines[..memchr::memchr(b'\n', lines).unwrap_or(lines.len())];
            // The end of a line tells when it was read, which differs from page to page.
            let end = line.len().saturating_sub(b",\"emitted_at\":1700000000000}}".len()).min(FIRST);
            self.first = line[..end].to_vec();
        }
    }

    fn into_page(mut self, status: StatusCode, headers: HeaderMap, url: Url, envelope: Envelope) -> Box<ReadPage> {
        self.note_first();
        Box::new(ReadPage {
            status,
            headers,
            url,
            envelope,
            count: self.batch.found(),
            read: self.read,
            bytes: self.flushed + self.batch.rendered().len() as u64,
            first: self.first,
            batch: self.batch,
        })
    }

    fn spoilt(self, error: Error, envelope: Option<Envelope>, broken: bool) -> Spoilt {
        Spoilt { error, head: self.head, envelope, broken }
    }
}

impl SliceReader<'_> {
    /// Reads the body of a success. An error here ends the slice; what another try may mend is spoilt.
    pub(super) async fn fetch(&mut self, received: Received) -> Result<Fetched> {
        let Received { status, headers, url, body, .. } = received;
        if self.step.is_whole() {
            return self.fetch_answer(status, headers, url, body).await;
        }
        let unread = Response::new(status, &headers, None);
        let parsed = self.engine.hooks.parse_response(&unread, &mut Records::none());
        if unread.wanted() {
            return self.fetch_for_hook(status, headers, url, body).await;
        }
        if parsed? == Parsed::Done {
            // The hook needs no body: whatever it pushed was thrown away, so it is asked once more with a page to fill.
            let mut reading = Reading::new(self.batch());
            self.engine
                .hooks
                .parse_response(&Response::new(status, &headers, Some(&[])), &mut Records::of(&mut reading.batch))?;
            return Ok(Fetched::Page(reading.into_page(status, headers, url, Envelope::default())));
        }
        self.fetch_declared(status, headers, url, body).await
    }

    /// The declared way: records are cut out of the pieces as they come.
    async fn fetch_declared(
        &mut self,
        status: StatusCode,
        headers: HeaderMap,
        url: Url,
        mut body: Body,
    ) -> Result<Fetched> {
        let limits = self.engine.client.cx.limits.clone();
        let mut parser = self.parser(&headers);
        let mut charset = self.transcoder(&headers);
        let mut reading = Reading::new(self.batch());
        loop {
            let piece = match self.unless_stopped(body.next()).await? {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(trial) => {
                    let (kind, text) = trial.describe();
                    return Ok(Fetched::Spoilt(reading.spoilt(Error::new(kind, text), None, true)));
                }
            };
            if body.begins_file()
                && let Err(error) = self.next_file(&headers, &mut parser, &mut charset, &mut reading)
            {
                return Ok(Fetched::Spoilt(reading.spoilt(error, None, false)));
            }
            let piece = charset.feed(&piece);
            reading.note(&piece, SHOWN);
            if let Err(error) = parser.as_body_parser().feed(&piece, &mut reading.batch) {
                return Ok(Fetched::Spoilt(reading.spoilt(error, None, false)));
            }
            if reading.read > limits.page_bytes && reading.batch.rendered().len() >= limits.page_bytes {
                reading.note_first();
                reading.flushed += reading.batch.rendered().len() as u64;
                body.release();
                if self.writer.flush(&mut reading.batch).await? == Flow::Stop {
                    return Ok(Fetched::Enough);
                }
            }
        }
        drop(body);
        let fed = parser.as_body_parser().feed(&charset.finish(), &mut reading.batch);
        match fed.and_then(|()| parser.as_body_parser().finish(&mut reading.batch)) {
            Ok(envelope) => Ok(Fetched::Page(reading.into_page(status, headers, url, envelope))),
            Err(error) => {
                let misplaced = error.kind() == ErrorKind::RecordsPath;
                let envelope = if misplaced { parser.take_envelope() } else { None };
                Ok(Fetched::Spoilt(reading.spoilt(error, envelope, false)))
            }
        }
    }

    /// Another file of an archive begins: the one before has to be whole, and the next has a beginning of its own.
    fn next_file(
        &self,
        headers: &HeaderMap,
        parser: &mut Parser,
        charset: &mut Transcoder,
        reading: &mut Reading,
    ) -> Result<()> {
        parser.as_body_parser().feed(&charset.finish(), &mut reading.batch)?;
        let _ = parser.as_body_parser().finish(&mut reading.batch)?;
        *parser = self.parser(headers);
        *charset = self.transcoder(headers);
        Ok(())
    }

    /// An answer about a job, or a part of a page: JSON that is read whole, without looking for records.
    async fn fetch_answer(&mut self, status: StatusCode, headers: HeaderMap, url: Url, body: Body) -> Result<Fetched> {
        let reading = Reading::new(self.batch());
        let limits = &self.engine.client.cx.limits;
        let limit = if self.step.is_answer() { limits.envelope_bytes } else { limits.body_bytes };
        let (reading, whole) = match self.whole(body, &headers, reading, limit).await? {
            Ok(whole) => whole,
            Err(spoilt) => return Ok(Fetched::Spoilt(spoilt)),
        };
        // An answer that accepts a job may say nothing else; what is wanted of it may be in its headers.
        let by_headers = self.engine.settings.job.as_ref().is_some_and(|job| job.created.is_empty());
        let accepted = status == StatusCode::ACCEPTED || by_headers && matches!(self.step, Step::Create);
        let nothing = accepted && whole.trim_ascii().is_empty();
        if !nothing && let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&whole) {
            let error = Error::new(ErrorKind::Response, format!("the body is not JSON: {error}"));
            return Ok(Fetched::Spoilt(reading.spoilt(error, None, false)));
        }
        Ok(Fetched::Page(reading.into_page(status, headers, url, Envelope::new(whole))))
    }

    /// The hook's way: it gets the whole body.
    async fn fetch_for_hook(
        &mut self,
        status: StatusCode,
        headers: HeaderMap,
        url: Url,
        body: Body,
    ) -> Result<Fetched> {
        let reading = Reading::new(self.batch());
        let limit = self.engine.client.cx.limits.body_bytes;
        match self.whole(body, &headers, reading, limit).await? {
            Ok((reading, whole)) => self.parse_whole(status, headers, url, &whole, reading),
            Err(spoilt) => Ok(Fetched::Spoilt(spoilt)),
        }
    }

    /// The whole body, up to a limit.
    async fn whole(
        &mut self,
        mut body: Body,
        headers: &HeaderMap,
        mut reading: Reading,
        limit: usize,
    ) -> Result<std::result::Result<(Reading, Vec<u8>), Spoilt>> {
        let mut charset = self.transcoder(headers);
        let mut whole = Vec::new();
        loop {
            match self.unless_stopped(body.next()).await? {
                Ok(Some(piece)) => {
                    let piece = charset.feed(&piece);
                    reading.note(&piece, SHOWN);
                    whole.extend_from_slice(&piece);
                }
                Ok(None) => break,
                Err(trial) => {
                    let (kind, text) = trial.describe();
                    return Ok(Err(reading.spoilt(Error::new(kind, text), None, true)));
                }
            }
            if whole.len() > limit {
                let text = format!("the body is larger than the {limit} bytes that may be held whole");
                return Err(Error::new(ErrorKind::Limit, text));
            }
        }
        drop(body);
        whole.extend(charset.finish());
        Ok(Ok((reading, whole)))
    }

    fn parse_whole(
        &mut self,
        status: StatusCode,
        headers: HeaderMap,
        url: Url,
        whole: &[u8],
        mut reading: Reading,
    ) -> Result<Fetched> {
        let response = Response::new(status, &headers, Some(whole));
        match self.engine.hooks.parse_response(&response, &mut Records::of(&mut reading.batch)) {
            Ok(Parsed::Done) => Ok(Fetched::Page(reading.into_page(status, headers, url, Envelope::new(whole)))),
            Ok(Parsed::Declared) => {
                let mut parser = self.parser(&headers);
                let fed = parser.as_body_parser().feed(whole, &mut reading.batch);
                match fed.and_then(|()| parser.as_body_parser().finish(&mut reading.batch)) {
                    Ok(envelope) => Ok(Fetched::Page(reading.into_page(status, headers, url, envelope))),
                    Err(error) => Ok(Fetched::Spoilt(reading.spoilt(error, None, false))),
                }
            }
            Err(error) => Ok(Fetched::Spoilt(reading.spoilt(error, None, false))),
        }
    }

    /// The body of an answer that a rule calls a success although its status does not.
    pub(super) fn fetch_whole(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        url: Url,
        whole: &[u8],
    ) -> Result<std::result::Result<Box<ReadPage>, Spoilt>> {
        let mut reading = Reading::new(self.batch());
        reading.note(whole, usize::MAX);
        Ok(match self.parse_whole(status, headers.clone(), url, whole, reading)? {
            Fetched::Spoilt(spoilt) => Err(spoilt),
            Fetched::Page(page) => Ok(page),
            Fetched::Enough => return Err(Error::new(ErrorKind::Internal, "a body that was at hand left in pieces")),
        })
    }

    fn parser(&self, headers: &HeaderMap) -> Parser {
        let engine = self.engine;
        let known = engine.charset.is_some() || Charset::is_declared(headers);
        let (format, descriptor) = (&engine.settings.format, engine.hooks.descriptor());
        Parser::new(format, headers, &self.selector, descriptor, engine.page_limits(), known)
    }

    /// Makes UTF-8 of a body: from the declared charset, or else from what its headers say. An answer about a job is JSON.
    fn transcoder(&self, headers: &HeaderMap) -> Transcoder {
        let declared = self.engine.charset.filter(|_| !self.step.is_answer());
        Transcoder::new(declared.unwrap_or_else(|| Charset::of(headers)))
    }
}
