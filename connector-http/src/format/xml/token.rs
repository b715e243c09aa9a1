//! Cuts XML into tags and texts as it arrives (XML 1.0, without what a document type may declare: no entity but the five of the
//! standard and characters by number, so that nothing outside the body is ever read and nothing grows).

use connector_core::{Error, ErrorKind, Result};

/// One piece of markup or text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// `<a b="c">`
    Open {
        name: &'t str,
        attributes: Vec<(&'t str, String)>,
        /// `<a/>`: it is closed, too.
        empty: bool,
    },
    /// `</a>`
    Close(&'t str),
    /// Text, its entities replaced.
    Text(String),
    /// Text as it stands, out of a CDATA section.
    Verbatim(&'t str),
    /// `<?xml … encoding="…"?>`: the name of the encoding.
    Encoding(&'t str),
}

/// What is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    /// Behind a `<`; in a tag the quote that is open.
    Markup(Option<u8>),
}

/// Reads pieces of a body, cut anywhere.
pub(super) struct Tokens {
    place: Place,
    /// The text or markup that is not complete.
    held: Vec<u8>,
    /// The largest token.
    limit: usize,
    /// How many bytes of the body came before the token.
    offset: u64,
    begun: bool,
}

const CDATA: &[u8] = b"<![CDATA[";

impl Tokens {
    pub(super) fn new(limit: usize) -> Self {
        Self { place: Place::Text, held: Vec::new(), limit, offset: 0, begun: false }
    }

    /// Takes input up to the end of a token, and hands it over; how much was taken. All of it, and no token, where it is not
    /// complete.
    pub(super) fn feed(&mut self, input: &[u8], mut take: impl FnMut(u64, Token<'_>) -> Result<()>) -> Result<usize> {
        match self.place {
            Place::Text => {
                let end = memchr::memchr(b'<', input);
                let taken = end.unwrap_or(input.len());
                self.hold(&input[..taken])?;
                if end.is_some() {
                    self.text(&mut take)?;
                    self.place = Place::Markup(None);
                }
                Ok(taken)
            }
            Place::Markup(quote) => {
                let end = memchr::memchr(b'>', input);
                let taken = end.map_or(input.len(), |end| end + 1);
                let piece = &input[..taken];
                self.hold(piece)?;
                let quote = if self.is_tag() { self.quotes(quote, taken) } else { None };
                self.place = Place::Markup(quote);
                if end.is_some() && quote.is_none() && self.is_complete() {
                    let held = std::mem::take(&mut self.held);
                    if let Some(token) = self.markup(&held)? {
                        take(self.offset, token)?;
                    }
                    self.offset += held.len() as u64;
                    self.held = held;
                    self.held.clear();
                    self.place = Place::Text;
                }
                Ok(taken)
            }
        }
    }

    /// The body is complete.
    pub(super) fn finish(&mut self, mut take: impl FnMut(u64, Token<'_>) -> Result<()>) -> Result<()> {
        if self.place != Place::Text {
            return Err(self.broken("the body ends in the middle of a tag: it is truncated"));
        }
        self.text(&mut take)
    }

    fn hold(&mut self, piece: &[u8]) -> Result<()> {
        if self.held.len() + piece.len() > self.limit {
            let text = format!(
                "the text or tag at byte {} of the body is larger than the limit of {} bytes",
                self.offset, self.limit
            );
            return Err(Error::new(ErrorKind::Limit, text));
        }
        self.held.extend_from_slice(piece);
        Ok(())
    }

    fn text(&mut self, take: &mut impl FnMut(u64, Token<'_>) -> Result<()>) -> Result<()> {
        let mut held = std::mem::take(&mut self.held);
        let mut bytes = &held[..];
        if !self.begun && !bytes.is_empty() {
            self.begun = true;
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        if !bytes.is_empty() {
            let text = self.unescaped(self.utf8(bytes)?)?;
            take(self.offset, Token::Text(text))?;
        }
        self.offset += held.len() as u64;
        held.clear();
        self.held = held;
        Ok(())
    }

    /// Whether what is held is a tag, whose attributes may have `>` in quotes.
    fn is_tag(&self) -> bool {
        !matches!(self.held.get(1), Some(b'!' | b'?') | None)
    }

    /// The quote that is open behind the last bytes.
    fn quotes(&self, open: Option<u8>, last: usize) -> Option<u8> {
        let new = &self.held[self.held.len() - last..];
        new.iter().fold(open, |open, &byte| match (open, byte) {
            (None, b'"' | b'\'') => Some(byte),
            (Some(quote), _) if quote == byte => None,
            (open, _) => open,
        })
    }

    /// Whether the `>` at the end of what is held ends it.
    fn is_complete(&self) -> bool {
        let held = &self.held[..];
        if held.starts_with(b"<!--") {
            held.len() >= 7 && held.ends_with(b"-->")
        } else if held.starts_with(CDATA) {
            held.ends_with(b"]]>")
        } else if held.starts_with(b"<?") {
            held.len() >= 4 && held.ends_with(b"?>")
        } else {
            true
        }
    }

    /// What a whole piece of markup is; nothing for what does not matter.
    fn markup<'t>(&self, held: &'t [u8]) -> Result<Option<Token<'t>>> {
        let text = self.utf8(held)?;
        if text.starts_with("<!--") {
            return Ok(None);
        }
        if let Some(verbatim) = text.strip_prefix("<![CDATA[") {
            return Ok(Some(Token::Verbatim(verbatim.strip_suffix("]]>").unwrap_or(verbatim))));
        }
        if let Some(instruction) = text.strip_prefix("<?") {
            return Ok(encoding(instruction).map(Token::Encoding));
        }
        if text.starts_with("<!") {
            // Entities of its own could be without end, or read what is not ours to read.
            return if text.contains('[') {
                Err(self.refused("the document type declares entities of its own, which are not read"))
            } else {
                Ok(None)
            };
        }
        let inner = text.get(1..text.len() - 1).unwrap_or_default();
        if let Some(name) = inner.strip_prefix('/') {
            return Ok(Some(Token::Close(self.name(name.trim_end_matches(WHITE))?)));
        }
        let (inner, empty) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
        let (name, rest) = inner.split_once(WHITE).unwrap_or((inner, ""));
        Ok(Some(Token::Open { name: self.name(name)?, attributes: self.attributes(rest)?, empty }))
    }

    fn attributes<'t>(&self, text: &'t str) -> Result<Vec<(&'t str, String)>> {
        let mut attributes = Vec::new();
        let mut rest = text.trim_matches(WHITE);
        while !rest.is_empty() {
            let faulty =
                || self.broken(&format!("an attribute is written `name=\"value\"`, and not `{}`", short(rest)));
            let (name, behind) = rest.split_once('=').ok_or_else(faulty)?;
            let behind = behind.trim_start_matches(WHITE);
            let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\'')).ok_or_else(faulty)?;
            let (value, behind) = behind.get(1..).and_then(|value| value.split_once(quote)).ok_or_else(faulty)?;
            attributes.push((self.name(name.trim_end_matches(WHITE))?, self.unescaped(value)?));
            rest = behind.trim_start_matches(WHITE);
        }
        Ok(attributes)
    }

    /// A name: what may not stand in one tells that this is no XML.
    fn name<'t>(&self, name: &'t str) -> Result<&'t str> {
        let odd = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '&' | '=' | '/');
        if name.is_empty()
            || name.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'))
            || name.contains(odd)
        {
            return Err(self.broken(&format!("`{}` is no name of an element or attribute", short(name))));
        }
        Ok(name)
    }

    fn utf8<'t>(&self, bytes: &'t [u8]) -> Result<&'t str> {
        std::str::from_utf8(bytes).map_err(|fault| {
            let text = format!("byte {} of the body is not UTF-8", self.offset + fault.valid_up_to() as u64);
            Error::new(ErrorKind::Content, text)
        })
    }

    /// A text, its entities replaced (XML 1.0, 4.1 and 4.6).
    fn unescaped(&self, text: &str) -> Result<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('&') {
            out.push_str(before);
            let name = behind.split_once(';').filter(|(name, _)| name.len() <= 12);
            let Some((name, after)) = name else {
                return Err(self.broken("an `&` begins no entity; as text it is written `&amp;`"));
            };
            out.push(match name {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                "apos" => '\'',
                _ => number(name).ok_or_else(|| self.refused(&format!("the entity `&{name};` is not defined")))?,
            });
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn broken(&self, what: &str) -> Error {
        Error::new(ErrorKind::Response, format!("the body is no XML at byte {}: {what}", self.offset))
    }

    fn refused(&self, what: &str) -> Error {
        Error::new(ErrorKind::Content, format!("the body is refused at byte {}: {what}", self.offset))
    }
}

/// What XML takes for white space.
const WHITE: [char; 4] = [' ', '\t', '\r', '\n'];

/// A character by its number, `#65` or `#x41`; none of those that XML does not allow.
fn number(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code).filter(|&c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{80}'..='\u{9f}'))
}

/// The encoding that a declaration names.
fn encoding(instruction: &str) -> Option<&str> {
    let declaration = instruction.strip_prefix("xml")?.strip_suffix("?>")?;
    let (_, behind) = declaration.split_once("encoding")?;
    let value = behind.trim_start_matches(WHITE).strip_prefix('=')?.trim_start_matches(WHITE);
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split_once(quote).map(|(name, _)| name)
}

/// The beginning of a text, for a message.
pub(super) fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
