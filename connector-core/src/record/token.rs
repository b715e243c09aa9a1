//! The smallest pieces of JSON: strings, numbers, literals, whitespace; checked in place, nothing is decoded.
//!
//! Strings are looked through 32 bytes at a time, numbers sixteen.

use super::block;
use super::fault::{Fault, Step, Stop, What};

/// A JSON text that is being read, and what was noticed on the way.
pub(crate) struct Text<'b> {
    /// All bytes at hand.
    pub(crate) bytes: &'b [u8],
    /// Why the walk stopped, once it has.
    pub(crate) fault: Fault,
    /// How many escapes were met.
    pub(crate) escapes: u32,
    /// Whether an escape stands for half a surrogate pair.
    pub(crate) lone_surrogate: bool,
}

/// What kind of number was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    /// Only digits and perhaps a sign.
    Integer,
    /// With a fraction or an exponent.
    Fraction,
}

impl<'b> Text<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, fault: Fault { at: 0, what: What::Truncated }, escapes: 0, lone_surrogate: false }
    }

    /// The byte at a place; 0, which JSON never has outside of strings, at the end.
    #[inline(always)]
    pub(crate) fn peek(&self, at: usize) -> u8 {
        peek(self.bytes, at)
    }

    /// Stops for something else than what is due, or because the bytes end.
    #[cold]
    #[inline(never)]
    pub(crate) fn expected(&mut self, at: usize, due: &'static str) -> Stop {
        self.stop(at, What::Expected(due))
    }

    /// Stops; at the end of the bytes the fault is always that they end.
    #[cold]
    #[inline(never)]
    pub(crate) fn stop(&mut self, at: usize, what: What) -> Stop {
        let what = if at >= self.bytes.len() { What::Truncated } else { what };
        self.fault = Fault { at, what };
        Stop
    }

    /// The first place at or after this one that is no whitespace.
    #[inline(always)]
    pub(crate) fn blank(&self, mut at: usize) -> usize {
        while matches!(self.peek(at), b' ' | b'\n' | b'\r' | b'\t') {
            at += 1;
        }
        at
    }

    /// A string from behind its opening quote to behind its closing one.
    #[inline(always)]
    pub(crate) fn string(&mut self, mut at: usize) -> Step {
        let bytes = self.bytes;
        while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<32>) {
            let special = block::special(block);
            if special != 0 {
                let place = special.trailing_zeros() as usize;
                if block.get(place) == Some(&b'"') {
                    return Ok(at + place + 1);
                }
                return self.string_slowly(at + place);
            }
            at += 32;
        }
        self.string_slowly(at)
    }

    /// The rest of a string from any place inside it: escapes, control characters, the last bytes of the text.
    #[inline(never)]
    fn string_slowly(&mut self, mut at: usize) -> Step {
        loop {
            while let Some(block) = self.bytes.get(at..).and_then(<[u8]>::first_chunk::<32>) {
                let special = block::special(block);
                if special != 0 {
                    at += special.trailing_zeros() as usize;
                    break;
                }
                at += 32;
            }
            match self.bytes.get(at) {
                Some(b'"') => return Ok(at + 1),
                Some(b'\\') => at = self.escape(at)?,
                Some(0..=0x1f) => return Err(self.stop(at, What::Control)),
                Some(_) => at += 1,
                None => return Err(self.stop(at, What::Truncated)),
            }
        }
    }

    /// An escape from its backslash to behind it; notices lone surrogates.
    pub(super) fn escape(&mut self, at: usize) -> Step {
        self.escapes += 1;
        match self.bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => match self.code_unit(at)? {
                0xdc00..=0xdfff => {
                    self.lone_surrogate = true;
                    Ok(at + 6)
                }
                0xd800..=0xdbff => {
                    match (self.bytes.get(at + 6), self.bytes.get(at + 7)) {
                        (Some(b'\\'), Some(b'u')) => {
                            if let 0xdc00..=0xdfff = self.code_unit(at + 6)? {
                                return Ok(at + 12);
                            }
                        }
                        // The half that would make it whole may come with the next bytes.
                        (None, _) | (Some(b'\\'), None) => return Err(self.stop(self.bytes.len(), What::Truncated)),
                        _ => {}
                    }
                    self.lone_surrogate = true;
                    Ok(at + 6)
                }
                _ => Ok(at + 6),
            },
            Some(_) => Err(self.stop(at, What::Escape)),
            None => Err(self.stop(at + 1, What::Truncated)),
        }
    }

    /// The four hexadecimal digits of the `\u` escape at a place.
    fn code_unit(&mut self, at: usize) -> std::result::Result<u16, Stop> {
        let mut unit = 0;
        for k in 2..6 {
            match self.bytes.get(at + k).map(|byte| (*byte as char).to_digit(16)) {
                Some(Some(digit)) => unit = unit << 4 | digit as u16,
                Some(None) => return Err(self.stop(at, What::Escape)),
                None => return Err(self.stop(at + k, What::Truncated)),
            }
        }
        Ok(unit)
    }

    /// A number; at something else it stops with "expected a value".
    #[inline(always)]
    pub(crate) fn number(&mut self, start: usize) -> std::result::Result<(usize, Number), Stop> {
        let bytes = self.bytes;
        let digits = start + usize::from(peek(bytes, start) == b'-');
        // Most numbers have fewer than sixteen characters, and end in none that goes on: seen in one look.
        if let Some(block) = bytes.get(digits..).and_then(<[u8]>::first_chunk::<16>) {
            let others = block::no_digit(block);
            let whole = others.trailing_zeros() as usize;
            let rest = others & others.wrapping_sub(1);
            let end = rest.trailing_zeros() as usize;
            let leading_zero = block.first() == Some(&b'0') && whole != 1;
            match block.get(whole) {
                Some(b'.') if end > whole + 1 && !leading_zero && whole > 0 => {
                    if let Some(behind) = block.get(end)
                        && behind | 0x20 != b'e'
                    {
                        return Ok((digits + end, Number::Fraction));
                    }
                }
                Some(behind) if whole > 0 && !leading_zero && behind | 0x20 != b'e' && *behind != b'.' => {
                    return Ok((digits + whole, Number::Integer));
                }
                _ => {}
            }
        }
        self.long_number(start, digits)
    }

    /// A number that is long, has an exponent, or is none.
    #[inline(never)]
    fn long_number(&mut self, start: usize, digits: usize) -> std::result::Result<(usize, Number), Stop> {
        let bytes = self.bytes;
        let at = behind_digits(bytes, digits);
        if at == digits || (peek(bytes, digits) == b'0' && at > digits + 1) {
            return Err(self.bad_number(start, at));
        }
        if matches!(peek(bytes, at), b'.' | b'e' | b'E') {
            return self.fraction(start, at).map(|end| (end, Number::Fraction));
        }
        Ok((at, Number::Integer))
    }

    #[inline(never)]
    fn fraction(&mut self, start: usize, mut at: usize) -> Step {
        if self.peek(at) == b'.' {
            at = self.digits(start, at + 1)?;
        }
        if matches!(self.peek(at), b'e' | b'E') {
            at += 1;
            if matches!(self.peek(at), b'+' | b'-') {
                at += 1;
            }
            at = self.digits(start, at)?;
        }
        Ok(at)
    }

    #[inline(always)]
    fn digits(&mut self, start: usize, from: usize) -> Step {
        let at = behind_digits(self.bytes, from);
        if at == from { Err(self.bad_number(start, at)) } else { Ok(at) }
    }

    #[cold]
    fn bad_number(&mut self, start: usize, at: usize) -> Stop {
        if at >= self.bytes.len() {
            return self.stop(at, What::Truncated);
        }
        match self.peek(start) {
            b'-' | b'0'..=b'9' | b'+' | b'.' => self.stop(start, What::Number),
            _ => self.stop(start, What::Expected("a value")),
        }
    }

    /// `true`, `false` or `null`.
    #[inline(always)]
    pub(crate) fn literal(&mut self, at: usize, word: &'static [u8]) -> Step {
        match self.bytes.get(at..at + word.len()) {
            Some(found) if found == word => Ok(at + word.len()),
            _ => Err(self.bad_literal(at, word)),
        }
    }

    #[cold]
    fn bad_literal(&mut self, at: usize, word: &'static [u8]) -> Stop {
        let rest = self.bytes.get(at..).unwrap_or_default();
        if word.starts_with(rest) { self.stop(self.bytes.len(), What::Truncated) } else { self.expected(at, "a value") }
    }
}

/// The first place at or after this one that is no digit.
#[inline(always)]
fn behind_digits(bytes: &[u8], mut at: usize) -> usize {
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<16>) {
        let others = block::no_digit(block);
        if others != 0 {
            return at + others.trailing_zeros() as usize;
        }
        at += 16;
    }
    while peek(bytes, at).is_ascii_digit() {
        at += 1;
    }
    at
}

/// The byte at a place; 0, which JSON never has outside of strings, at the end.
#[inline(always)]
pub(crate) fn peek(bytes: &[u8], at: usize) -> u8 {
    match bytes.get(at) {
        Some(byte) => *byte,
        None => 0,
    }
}

/// The text of a string without its quotes, decoded; a lone surrogate becomes U+FFFD, bytes that are not UTF-8, too.
///
/// `inner` is a string that [`Text::string`] has accepted.
pub(crate) fn decode(inner: &[u8]) -> String {
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(slash) = memchr::memchr(b'\\', rest) {
        let (plain, escape) = rest.split_at(slash);
        out.extend_from_slice(plain);
        let (c, len) = decode_escape(escape);
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        rest = escape.get(len..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The character of the escape at the beginning, and how many bytes it takes.
fn decode_escape(escape: &[u8]) -> (char, usize) {
    let c = match escape.get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => {
            let high = hex(escape, 0);
            if let 0xd800..=0xdbff = high
                && escape.get(6..8) == Some(b"\\u")
                && let low @ 0xdc00..=0xdfff = hex(escape, 6)
            {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
            }
            return (char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 6);
        }
        Some(other) => *other as char,
        None => char::REPLACEMENT_CHARACTER,
    };
    (c, 2)
}

/// The code unit of the `\u` escape at a place; 0 where there is none.
fn hex(bytes: &[u8], at: usize) -> u32 {
    let digits = bytes.get(at + 2..at + 6).unwrap_or_default();
    digits.iter().fold(0, |unit, byte| unit << 4 | (*byte as char).to_digit(16).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn string(text: &str) -> std::result::Result<usize, What> {
        let mut reader = Text::new(text.as_bytes());
        reader.string(1).map_err(|Stop| reader.fault.what)
    }

    #[test]
    fn strings_end_at_their_quote() {
        for text in ["\"\"", "\"a\"", "\"äöü and more than sixteen bytes of it\"", r#""\"\\\/\b\f\n\r\té😀""#] {
            assert_eq!(string(text), Ok(text.len()), "{text}");
            assert_eq!(string(&format!("{text},and so on, and on, and on")), Ok(text.len()), "{text}");
        }
        assert_eq!(string("\"a\nb\""), Err(What::Control));
        assert_eq!(string(r#""\x""#), Err(What::Escape));
        assert_eq!(string(r#""\u12g4""#), Err(What::Escape));
        for truncated in [r#""abc"#, r#""abc\"#, r#""\u12"#, r#""\ud83d"#, r#""\ud83d\"#, r#""\ud83d\ude"#] {
            assert_eq!(string(truncated), Err(What::Truncated), "{truncated}");
        }
    }

    #[test]
    fn lone_surrogates_are_noticed() {
        for (text, lone) in
            [(r#""\ud83d\ude00""#, false), (r#""\ud83d!""#, true), (r#""\ude00""#, true), (r#""\ud83d\u0041""#, true)]
        {
            let mut reader = Text::new(text.as_bytes());
            assert_eq!(reader.string(1), Ok(text.len()));
            assert_eq!(reader.lone_surrogate, lone, "{text}");
        }
    }

    #[test]
    fn decodes_as_serde_does() {
        for text in [r#""plain""#, r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 tail""#, r#""""#] {
            let expected: String = serde_json::from_str(text).unwrap();
            assert_eq!(decode(&text.as_bytes()[1..text.len() - 1]), expected);
        }
        assert_eq!(decode(br"\ud83d\u0041\ude00"), "\u{fffd}A\u{fffd}");
    }

    #[test]
    fn numbers_are_those_of_json() {
        for text in ["0", "-0", "10", "-1", "1.5", "0.0", "1e5", "1E+5", "1.25e-7", "123456789012345678901234567890"] {
            let mut reader = Text::new(text.as_bytes());
            assert_eq!(reader.number(0).unwrap().0, text.len(), "{text}");
        }
        for text in ["01,", "-,", "+1,", ".5,", "1.,", "1e,", "1e+,", "NaN", "-Infinity"] {
            assert!(Text::new(text.as_bytes()).number(0).is_err(), "{text}");
        }
    }
}
