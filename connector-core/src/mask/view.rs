//! A text as it reads when decoded, with the way back to the places in the original.
//!
//! Encoders differ in what they escape (`~`, `*`, hex in lower case, `\/`), so the text is decoded instead of encoding
//! each secret in all ways that exist.

use std::borrow::Cow;

/// Encodings can be nested (a URL in a query in a JSON text); deeper than this nobody looks.
const MOST_LAYERS: usize = 3;

/// A text and where each of its bytes comes from.
pub(super) struct View<'a> {
    bytes: Cow<'a, [u8]>,
    /// The offset in the original of each byte and of the end; empty if the view is the original.
    origin: Vec<usize>,
}

type Decode = fn(&[u8]) -> Option<(usize, Decoded)>;

/// Up to four bytes: one character in UTF-8, or one byte.
struct Decoded {
    bytes: [u8; 4],
    len: usize,
}

impl<'a> View<'a> {
    /// The text and its decoded forms.
    pub(super) fn all_of(text: &'a [u8]) -> Vec<Self> {
        let mut views = vec![Self { bytes: Cow::Borrowed(text), origin: Vec::new() }];
        let decoders: [(u8, Decode); 3] = [(b'%', percent), (b'+', plus), (b'\\', escape)];
        let mut layer = 0..1;
        for _ in 0..MOST_LAYERS {
            let before = views.len();
            for index in layer {
                for (trigger, decode) in decoders {
                    if memchr::memchr(trigger, views[index].bytes()).is_none() {
                        continue;
                    }
                    if let Some(view) = views[index].decoded(decode)
                        && !views.iter().any(|known| known.bytes == view.bytes)
                    {
                        views.push(view);
                    }
                }
            }
            layer = before..views.len();
        }
        views
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The range of the original that a range of this view comes from.
    pub(super) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        match (self.origin.get(start), self.origin.get(end)) {
            (Some(&start), Some(&end)) => (start, end),
            _ => (start, end),
        }
    }

    /// The text with what a decoder recognises replaced; none if it recognises nothing.
    fn decoded<'b>(&self, decode: Decode) -> Option<View<'b>> {
        let text = self.bytes();
        let mut bytes = Vec::with_capacity(text.len());
        let mut origin = Vec::with_capacity(text.len() + 1);
        let mut changed = false;
        let mut at = 0;
        while at < text.len() {
            let (taken, decoded) = match decode(&text[at..]) {
                Some(decoded) => {
                    changed = true;
                    decoded
                }
                None => (1, Decoded::byte(text[at])),
            };
            for &byte in decoded.as_slice() {
                bytes.push(byte);
                origin.push(self.original(at, at).0);
            }
            at += taken;
        }
        origin.push(self.original(at, at).0);
        changed.then_some(View { bytes: Cow::Owned(bytes), origin })
    }
}

impl Decoded {
    fn byte(byte: u8) -> Self {
        Self { bytes: [byte, 0, 0, 0], len: 1 }
    }

    fn character(character: char) -> Self {
        let mut bytes = [0; 4];
        let len = character.encode_utf8(&mut bytes).len();
        Self { bytes, len }
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// `%2B`, in either case.
fn percent(text: &[u8]) -> Option<(usize, Decoded)> {
    let &[b'%', high, low, ..] = text else { return None };
    let byte = hex(&[high, low])?;
    Some((3, Decoded::byte(u8::try_from(byte).ok()?)))
}

/// The form encoding's space.
fn plus(text: &[u8]) -> Option<(usize, Decoded)> {
    (*text.first()? == b'+').then(|| (1, Decoded::byte(b' ')))
}

/// The escapes of JSON strings, and Rust's `\u{e9}` and `\'` as `{:?}` writes them.
fn escape(text: &[u8]) -> Option<(usize, Decoded)> {
    let &[b'\\', kind, ref rest @ ..] = text else { return None };
    let byte = match kind {
        b'"' | b'\\' | b'/' | b'\'' => kind,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        b'0' => 0,
        b'u' => return unicode(rest).map(|(taken, decoded)| (taken + 2, decoded)),
        _ => return None,
    };
    Some((2, Decoded::byte(byte)))
}

fn unicode(text: &[u8]) -> Option<(usize, Decoded)> {
    if let Some(rest) = text.strip_prefix(b"{") {
        let end = rest.iter().take(7).position(|&byte| byte == b'}')?;
        return Some((end + 2, Decoded::character(char::from_u32(hex(&rest[..end])?)?)));
    }
    let first = hex(text.get(..4)?)?;
    if let Some(character) = char::from_u32(first) {
        return Some((4, Decoded::character(character)));
    }
    // The first half of a surrogate pair wants the second.
    let rest = text.get(4..)?.strip_prefix(b"\\u")?;
    let second = hex(rest.get(..4)?)?;
    if !(0xD800..0xDC00).contains(&first) || !(0xDC00..0xE000).contains(&second) {
        return None;
    }
    let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    Some((10, Decoded::character(char::from_u32(code)?)))
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digit = |value: u32, &byte: &u8| Some(value * 16 + char::from(byte).to_digit(16)?);
    if digits.is_empty() { None } else { digits.iter().try_fold(0, digit) }
}
