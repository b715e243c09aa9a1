//! What is around the records of a body: read token by token, kept as the envelope, compared with the selector.

use super::batch::{broken, utf8};
use super::envelope::Envelope;
use super::fault::{Fault, MAX_DEPTH, Stop, What};
use super::mend::mend;
use super::place::{Frame, Misplaced, Way};
use super::select::Selector;
use super::token::{Text, decode};
use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;

/// Why the outline gives the word back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The piece is used up.
    More,
    /// A list of records has begun.
    Records,
    /// An object that is itself a record has ended: where it begins in the envelope, and in the body.
    Record { from: usize, offset: u64 },
}

/// What is due next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Value,
    /// A value, or the end of a list that has just begun.
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    /// A comma or the end of what is open.
    More,
    /// The rest of a string.
    String {
        key: bool,
        escaped: bool,
    },
    /// The rest of a number or a literal.
    Word,
    /// Nothing: the body is complete.
    Nothing,
}

/// The reader of what is around the records.
#[derive(Debug)]
pub(crate) struct Outline {
    way: Way,
    text: Vec<u8>,
    limit: usize,
    due: Due,
    frames: Vec<Frame>,
    /// Where the token that is being read begins, in the envelope and in the body.
    token: usize,
    token_at: u64,
    lone_surrogates: bool,
    misplaced: Option<Misplaced>,
}

/// Most bodies are no longer without their records.
const USUAL: usize = 256;

impl Outline {
    pub(crate) fn new(selector: Arc<Selector>, limit: usize) -> Self {
        Self {
            way: Way::new(selector),
            text: Vec::with_capacity(USUAL),
            limit,
            due: Due::Value,
            frames: Vec::new(),
            token: 0,
            token_at: 0,
            lone_surrogates: false,
            misplaced: None,
        }
    }

    /// The envelope from a place on.
    pub(crate) fn since(&self, from: usize) -> &[u8] {
        self.text.get(from..).unwrap_or_default()
    }

    pub(crate) fn is_done(&self) -> bool {
        self.due == Due::Nothing
    }

    /// Reads on; `offset`: where in the body the chunk begins. How far it came in the chunk, and why it stopped.
    pub(crate) fn feed(&mut self, chunk: &[u8], from: usize, offset: u64) -> Result<(usize, Turn)> {
        let mut at = from;
        while let Some(byte) = chunk.get(at) {
            let here = offset + at as u64;
            match self.due {
                Due::String { key, escaped } => {
                    at = self.string(chunk, at, key, escaped)?;
                    continue;
                }
                Due::Word => {
                    at = self.word(chunk, at)?;
                    continue;
                }
                _ => {}
            }
            let fault =
                |due| broken(here, Fault { at: 0, what: What::Expected(due) }, chunk.get(at..).unwrap_or_default());
            match (self.due, byte) {
                (_, b' ' | b'\n' | b'\r' | b'\t') => {}
                (Due::Value | Due::ValueOrEnd, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                    if self.begin(*byte, here)? {
                        return Ok((at + 1, Turn::Records));
                    }
                    // A word is read from its first byte on.
                    if self.due == Due::Word {
                        continue;
                    }
                }
                (Due::ValueOrEnd, b']') | (Due::More, b']' | b'}') | (Due::KeyOrEnd, b'}') => {
                    if let Some(turn) = self.end(*byte, here, chunk.get(at..).unwrap_or_default())? {
                        return Ok((at + 1, turn));
                    }
                }
                (Due::Key | Due::KeyOrEnd, b'"') => self.open_string(true, here)?,
                (Due::Colon, b':') => {
                    self.add(b":")?;
                    self.due = Due::Value;
                }
                (Due::More, b',') => {
                    self.add(b",")?;
                    self.due = if self.frames.last().is_some_and(|frame| frame.object) { Due::Key } else { Due::Value };
                }
                (Due::Value, _) => return Err(fault("a value")),
                (Due::ValueOrEnd, _) => return Err(fault("a value or `]`")),
                (Due::Key, _) => return Err(fault("a key in quotes")),
                (Due::KeyOrEnd, _) => return Err(fault("a key in quotes or `}`")),
                (Due::Colon, _) => return Err(fault("`:`")),
                (Due::Nothing, _) => {
                    return Err(broken(
                        here,
                        Fault { at: 0, what: What::Trailing },
                        chunk.get(at..).unwrap_or_default(),
                    ));
                }
                _ => return Err(fault("`,` or the end of what is open")),
            }
            at += 1;
        }
        Ok((at, Turn::More))
    }

    fn add(&mut self, bytes: &[u8]) -> Result<()> {
        if self.text.len() + bytes.len() > self.limit {
            let message = format!("the body without its records is larger than the limit of {} bytes", self.limit);
            return Err(Error::new(ErrorKind::Limit, message));
        }
        self.text.extend_from_slice(bytes);
        Ok(())
    }

    fn open_string(&mut self, key: bool, here: u64) -> Result<()> {
        self.token = self.text.len();
        self.token_at = here;
        self.due = Due::String { key, escaped: false };
        self.add(b"\"")
    }

    /// A value begins; whether it is a list of records.
    fn begin(&mut self, first: u8, here: u64) -> Result<bool> {
        let matched = self.way.matched(self.frames.last_mut());
        if let Some(matched) = matched
            && let Err(misplaced) = self.way.suits(matched, first)
        {
            self.misplaced.get_or_insert(misplaced);
        }
        match first {
            b'"' => self.open_string(false, here)?,
            b'{' | b'[' => {
                let records = matched.is_some_and(|matched| self.way.is_end(matched, first));
                if records
                    && let Some(frame) = self.frames.last_mut()
                    && frame.again
                {
                    let message = format!("{} stands twice in one object: which records count?", self.way.words());
                    return Err(Error::new(ErrorKind::Content, message));
                }
                if self.frames.len() >= MAX_DEPTH as usize {
                    return Err(broken(here, Fault { at: 0, what: What::Depth }, &[first]));
                }
                if first == b'[' && records {
                    self.add(b"[]")?;
                    return Ok(true);
                }
                let record = records.then_some((self.text.len(), here));
                self.frames.push(Frame::new(first == b'{', matched, record));
                self.due = if first == b'{' { Due::KeyOrEnd } else { Due::ValueOrEnd };
                self.add(&[first])?;
            }
            _ => {
                self.token = self.text.len();
                self.token_at = here;
                self.due = Due::Word;
            }
        }
        Ok(false)
    }

    /// An object or a list ends.
    fn end(&mut self, bracket: u8, here: u64, rest: &[u8]) -> Result<Option<Turn>> {
        let Some(frame) = self.frames.pop().filter(|frame| frame.object == (bracket == b'}')) else {
            return Err(broken(here, Fault { at: 0, what: What::Expected("the end of what is open") }, rest));
        };
        self.add(&[bracket])?;
        if let Some(misplaced) = self.way.missed(&frame) {
            self.misplaced.get_or_insert(misplaced);
        }
        self.value_ended();
        Ok(frame.record.map(|(from, offset)| Turn::Record { from, offset }))
    }

    fn value_ended(&mut self) {
        self.due = if self.frames.is_empty() { Due::Nothing } else { Due::More };
    }

    /// The list of records has ended.
    pub(crate) fn end_of_records(&mut self) -> Result<()> {
        self.value_ended();
        Ok(())
    }

    /// Reads on in a string.
    fn string(&mut self, chunk: &[u8], at: usize, key: bool, escaped: bool) -> Result<usize> {
        let rest = chunk.get(at..).unwrap_or_default();
        if escaped {
            self.add(rest.get(..1).unwrap_or_default())?;
            self.due = Due::String { key, escaped: false };
            return Ok(at + 1);
        }
        let Some(special) = memchr::memchr2(b'"', b'\\', rest) else {
            self.add(rest)?;
            return Ok(chunk.len());
        };
        self.add(rest.get(..=special).unwrap_or_default())?;
        if rest.get(special) == Some(&b'\\') {
            self.due = Due::String { key, escaped: true };
        } else {
            self.string_ended(key)?;
        }
        Ok(at + special + 1)
    }

    fn string_ended(&mut self, key: bool) -> Result<()> {
        let token = self.text.get(self.token..).unwrap_or_default();
        let mut text = Text::new(token);
        if text.string(1) != Ok(token.len()) {
            return Err(broken(self.token_at, text.fault, token));
        }
        if let Err(fault) = utf8(token) {
            return Err(broken(self.token_at, fault, token));
        }
        self.lone_surrogates |= text.lone_surrogate;
        if key {
            if let Some(frame) = self.frames.last_mut()
                && frame.matched.is_some()
            {
                let name = decode(token.get(1..token.len() - 1).unwrap_or_default());
                self.way.key(frame, name);
            }
            self.due = Due::Colon;
        } else {
            self.value_ended();
        }
        Ok(())
    }

    /// Reads on in a number or a literal.
    fn word(&mut self, chunk: &[u8], at: usize) -> Result<usize> {
        let rest = chunk.get(at..).unwrap_or_default();
        let len =
            rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')).count();
        self.add(rest.get(..len).unwrap_or_default())?;
        if len < rest.len() {
            self.word_ended()?;
        }
        Ok(at + len)
    }

    fn word_ended(&mut self) -> Result<()> {
        let token = self.text.get(self.token..).unwrap_or_default();
        let mut text = Text::new(token);
        let step = match token.first() {
            Some(b't') => text.literal(0, b"true"),
            Some(b'f') => text.literal(0, b"false"),
            Some(b'n') => text.literal(0, b"null"),
            _ => text.number(0).map(|(end, _)| end),
        };
        match step {
            Ok(end) if end == token.len() => {
                self.value_ended();
                Ok(())
            }
            Ok(end) => {
                Err(broken(self.token_at, Fault { at: end, what: What::Expected("the end of the value") }, token))
            }
            Err(Stop) => Err(broken(self.token_at, Fault { at: 0, what: What::Expected("a value") }, token)),
        }
    }

    /// The body is complete.
    pub(crate) fn finish(&mut self, offset: u64) -> Result<Envelope> {
        if self.due == Due::Word && self.frames.is_empty() {
            self.word_ended()?;
        }
        match self.due {
            Due::Nothing => {}
            Due::Value if self.frames.is_empty() => {
                return Err(Error::new(ErrorKind::Response, "the body is empty where JSON is due"));
            }
            _ => return Err(truncated(offset, "around the records")),
        }
        match self.misplaced.take() {
            Some(misplaced) if !self.way.forgives(&misplaced) => {
                Err(Error::new(ErrorKind::RecordsPath, misplaced.message))
            }
            _ => Ok(self.take_envelope()),
        }
    }

    pub(crate) fn take_envelope(&mut self) -> Envelope {
        let text = std::mem::take(&mut self.text);
        // serde_json refuses to parse half a surrogate pair.
        match if self.lone_surrogates { mend(&text) } else { None } {
            Some(mended) => Envelope::new(mended.text),
            None => Envelope::new(text),
        }
    }
}

/// The error for a body that ends too early.
pub(crate) fn truncated(offset: u64, place: &str) -> Error {
    Error::new(ErrorKind::Response, format!("the body ends at byte {offset}, {place}: it is truncated"))
}
