//! XML: the elements at the records' path become records as they end, the rest of the body is the envelope.
//!
//! `token` cuts the body into tags and texts, `tree` makes a value of an element. What that looks like is told at
//! [`BodyFormat::Xml`](crate::BodyFormat::Xml).

#[cfg(test)]
mod tests;
mod token;
mod tree;

use std::sync::Arc;

use connector_core::record::{Batch, BodyParser, Envelope, PageLimits, Selector, Shape};
use connector_core::stream::StreamDescriptor;
use connector_core::{Error, ErrorKind, Result};

use self::token::{Token, Tokens, short};
use self::tree::Element;
use super::charset::{Charset, Transcoder};

/// How deep elements may stand in each other, as in JSON.
const DEPTH: usize = 128;

/// The parser of one body.
pub(crate) struct XmlParser {
    tokens: Tokens,
    /// What the body's own declaration says of its character set, where nothing else does.
    charset: Option<Transcoder>,
    /// Whether that declaration counts.
    declares: bool,
    document: Document,
}

/// The elements so far.
struct Document {
    selector: Arc<Selector>,
    shape: Shape,
    limits: PageLimits,
    /// The elements that are open.
    open: Vec<Element>,
    /// How many of them are in a record, the record itself included.
    in_record: usize,
    root: Option<Element>,
    /// Whether there was a record, or the element that has them.
    found: bool,
    /// Bytes held for the record at hand, and for the rest.
    record_bytes: usize,
    envelope_bytes: usize,
    record: Vec<u8>,
}

impl XmlParser {
    /// A parser. `declares`: what the body itself says of its character set counts, for nothing else says it.
    pub(super) fn new(
        selector: &Arc<Selector>,
        descriptor: &'static StreamDescriptor,
        limits: PageLimits,
        declares: bool,
    ) -> Self {
        let document = Document {
            selector: Arc::clone(selector),
            shape: Shape::Struct(descriptor.fields),
            limits,
            open: Vec::new(),
            in_record: 0,
            root: None,
            found: false,
            record_bytes: 0,
            envelope_bytes: 0,
            record: Vec::new(),
        };
        Self { tokens: Tokens::new(limits.record), charset: None, declares, document }
    }

    /// The envelope of a body whose records are not where they should be, for rules that may understand it.
    pub(crate) fn take_envelope(&mut self) -> Option<Envelope> {
        let root = self.document.root.take()?;
        Some(envelope(root))
    }

    fn read(&mut self, input: &[u8], batch: &mut Batch) -> Result<()> {
        let mut rest = input;
        while !rest.is_empty() {
            let mut encoding = None;
            let taken = self.tokens.feed(rest, |offset, token| match token {
                Token::Encoding(name) => {
                    encoding = Some(name.to_owned());
                    Ok(())
                }
                token => self.document.take(offset, token, batch),
            })?;
            rest = rest.get(taken..).unwrap_or_default();
            if let Some(name) = encoding
                && self.declares
                && self.charset.is_none()
            {
                let charset = Charset::named(&name).ok_or_else(|| {
                    let text = format!(
                        "it declares the encoding `{}`, which is not supported: ask the API for UTF-8",
                        short(&name)
                    );
                    Error::new(ErrorKind::Content, text)
                })?;
                // What was read so far as ASCII is no UTF-16, whatever it says.
                let charset = if matches!(charset, Charset::Utf16 { .. }) { Charset::Utf8 } else { charset };
                let mut transcoder = Transcoder::begun(charset);
                let first = transcoder.feed(rest).into_owned();
                self.charset = Some(transcoder);
                return self.read(&first, batch);
            }
        }
        Ok(())
    }
}

impl BodyParser for XmlParser {
    fn feed(&mut self, chunk: &[u8], batch: &mut Batch) -> Result<()> {
        match self.charset.take() {
            None => self.read(chunk, batch),
            Some(mut transcoder) => {
                let text = transcoder.feed(chunk).into_owned();
                self.charset = Some(transcoder);
                self.read(&text, batch)
            }
        }
    }

    fn finish(&mut self, batch: &mut Batch) -> Result<Envelope> {
        if let Some(mut transcoder) = self.charset.take() {
            let last = transcoder.finish();
            self.read(&last, batch)?;
        }
        self.tokens.finish(|offset, token| self.document.take(offset, token, batch))?;
        let document = &mut self.document;
        if let Some(open) = document.open.last() {
            let text = format!("the body ends within `<{}>`: it is truncated", short(&open.name));
            return Err(Error::new(ErrorKind::Response, text));
        }
        let Some(root) = &document.root else {
            return Err(Error::new(ErrorKind::Response, "the body has no element: it is empty, or no XML"));
        };
        if !document.found && !document.selector.is_optional() {
            let within: Vec<_> = root.fields.iter().map(|(name, _)| short(name)).take(5).collect();
            let text = format!(
                "the records path `{}` is not there: the root element is `<{}>`, in which there is {}",
                document.selector,
                short(&root.name),
                if within.is_empty() { "nothing".to_owned() } else { format!("`{}`", within.join("`, `")) },
            );
            return Err(Error::new(ErrorKind::RecordsPath, text));
        }
        Ok(document.root.take().map(envelope).unwrap_or_default())
    }
}

/// The rest of a body as JSON.
fn envelope(root: Element) -> Envelope {
    let mut whole = Element::default();
    whole.take(root);
    let mut text = Vec::new();
    whole.write(None, &mut text);
    Envelope::new(text)
}

impl Document {
    fn take(&mut self, offset: u64, token: Token<'_>, batch: &mut Batch) -> Result<()> {
        match token {
            Token::Open { name, attributes, empty } => {
                self.begin(offset, name, attributes)?;
                if empty { self.end(batch) } else { Ok(()) }
            }
            Token::Close(name) => match self.open.last() {
                Some(open) if open.name == name => self.end(batch),
                Some(open) => Err(broken(offset, &format!("`</{}>` ends `<{}>`", short(name), short(&open.name)))),
                None => Err(broken(offset, &format!("`</{}>` ends nothing", short(name)))),
            },
            Token::Text(text) => self.text(offset, &text),
            Token::Verbatim(text) => self.text(offset, text),
            Token::Encoding(_) => Ok(()),
        }
    }

    fn begin(&mut self, offset: u64, name: &str, attributes: Vec<(&str, String)>) -> Result<()> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(broken(offset, &format!("`<{}>` stands behind the root element", short(name))));
        }
        if self.open.len() >= DEPTH {
            let text = format!("the element at byte {offset} of the body is nested deeper than {DEPTH}");
            return Err(Error::new(ErrorKind::Content, text));
        }
        let element = Element::new(name, attributes);
        let size = element.size;
        if let Some(parent) = self.open.last_mut() {
            parent.has_elements = true;
        }
        self.open.push(element);
        if self.in_record > 0 {
            self.in_record += 1;
        } else {
            let names: Vec<&str> = self.open.iter().map(|element| element.name.as_str()).collect();
            let (is_record, has_records) = self.selector.is_at(&names);
            self.in_record = usize::from(is_record);
            self.found |= is_record || has_records;
        }
        self.grow(offset, size)
    }

    fn text(&mut self, offset: u64, text: &str) -> Result<()> {
        let Some(open) = self.open.last_mut() else {
            return if text.trim_ascii().is_empty() {
                Ok(())
            } else {
                Err(broken(offset, &format!("`{}` stands outside of the root element", short(text.trim_ascii()))))
            };
        };
        // White space between elements is for people; behind a million records it would be held a million times.
        if open.has_elements && text.trim_ascii().is_empty() {
            return Ok(());
        }
        open.text.push_str(text);
        open.size += text.len();
        self.grow(offset, text.len())
    }

    fn end(&mut self, batch: &mut Batch) -> Result<()> {
        let Some(element) = self.open.pop() else { return Ok(()) };
        match self.in_record {
            1 => {
                self.in_record = 0;
                self.record_bytes = 0;
                self.record.clear();
                element.write(Some(&self.shape), &mut self.record);
                // The root of a body that is one record is there all the same.
                if self.open.is_empty() {
                    self.root = Some(Element::new(&element.name, Vec::new()));
                }
                return batch.push(&self.record);
            }
            0 => {}
            _ => self.in_record -= 1,
        }
        match self.open.last_mut() {
            Some(parent) => parent.take(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    /// Counts what is held.
    fn grow(&mut self, offset: u64, bytes: usize) -> Result<()> {
        let (held, limit, what) = if self.in_record > 0 {
            (&mut self.record_bytes, self.limits.record, "the record")
        } else {
            (&mut self.envelope_bytes, self.limits.envelope, "the body without its records")
        };
        *held += bytes;
        if *held > limit {
            let text = format!("{what} is larger than the limit of {limit} bytes, at byte {offset} of the body");
            return Err(Error::new(ErrorKind::Limit, text));
        }
        Ok(())
    }
}

fn broken(offset: u64, what: &str) -> Error {
    Error::new(ErrorKind::Response, format!("the body is no XML at byte {offset}: {what}"))
}
