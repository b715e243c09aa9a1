//! Character sets: what is not UTF-8 becomes UTF-8 on the way.

use std::borrow::Cow;

use crate::http::HeaderMap;

/// The character set of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    /// UTF-8, or a subset of it; bytes pass untouched and are checked by the parser.
    Utf8,
    /// ISO 8859-1, which the web reads as Windows-1252.
    Latin1,
    /// UTF-16, the high byte of each unit first or last.
    Utf16 {
        /// Whether it is first.
        big_endian: bool,
    },
    /// Another one.
    #[cfg(feature = "charsets")]
    Other(&'static encoding_rs::Encoding),
    /// One that we do not know: taken for UTF-8, which is what most of them turn out to be.
    Unknown,
}

/// What a person can do about a charset that is not known.
pub(crate) const MORE_CHARSETS: Option<&str> =
    if cfg!(feature = "charsets") { None } else { Some("the cargo feature `charsets` of connector-http knows more") };

/// What Windows-1252 has where ISO 8859-1 has control characters (0x80 to 0x9F).
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Charset {
    /// The charset that the content type declares; UTF-8 where it declares none.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let declared = declared(headers);
        if declared.is_empty() { Self::Utf8 } else { Self::named(declared).unwrap_or(Self::Unknown) }
    }

    /// Whether the headers declare one.
    pub(crate) fn is_declared(headers: &HeaderMap) -> bool {
        !declared(headers).is_empty()
    }

    /// The charset of that name, if we know it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" => Self::Utf8,
            "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252" => Self::Latin1,
            "utf-16le" | "utf16le" => Self::Utf16 { big_endian: false },
            // Without a mark it is big-endian (RFC 2781, 4.3).
            "utf-16" | "utf16" | "utf-16be" | "utf16be" => Self::Utf16 { big_endian: true },
            #[cfg(feature = "charsets")]
            other => Self::Other(encoding_rs::Encoding::for_label(other.as_bytes())?),
            #[cfg(not(feature = "charsets"))]
            _ => return None,
        })
    }

    /// The name of a declared charset that we do not know.
    pub(crate) fn unknown(headers: &HeaderMap) -> Option<String> {
        (Self::of(headers) == Self::Unknown).then(|| declared(headers).to_ascii_lowercase())
    }
}

fn declared(headers: &HeaderMap) -> &str {
    let text = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').find_map(charset).unwrap_or_default().trim_matches(['"', '\'', ' '])
}

/// The value of a parameter of a content type, if that is the charset.
fn charset(parameter: &str) -> Option<&str> {
    const NAME: &str = "charset=";
    let (name, value) = parameter.trim().split_at_checked(NAME.len())?;
    name.eq_ignore_ascii_case(NAME).then_some(value)
}

/// Makes UTF-8 of a body that arrives in pieces.
///
/// A mark of UTF-16 at the beginning counts more than what was declared: neither UTF-8 nor JSON can begin with these bytes.
pub(crate) struct Transcoder {
    charset: Charset,
    begun: bool,
    /// The first byte of a pair whose second has not arrived.
    half: Option<u8>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
    /// The decoder of another charset.
    #[cfg(feature = "charsets")]
    other: Option<encoding_rs::Decoder>,
}

impl Transcoder {
    pub(crate) fn new(charset: Charset) -> Self {
        Self {
            charset,
            begun: false,
            half: None,
            high: None,
            #[cfg(feature = "charsets")]
            other: None,
        }
    }

    /// One that begins in the middle, where no mark stands.
    pub(crate) fn begun(charset: Charset) -> Self {
        Self { begun: true, ..Self::new(charset) }
    }

    /// A piece of the body as UTF-8.
    pub(crate) fn feed<'p>(&mut self, piece: &'p [u8]) -> Cow<'p, [u8]> {
        if !self.begun && self.charset != Charset::Latin1 && !piece.is_empty() {
            return self.begin(piece);
        }
        self.pass(piece)
    }

    /// What was held back, when the body is complete: half a character is U+FFFD.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        #[cfg(feature = "charsets")]
        if let Charset::Other(encoding) = self.charset {
            return self.decode(encoding, &[], true).into_bytes();
        }
        let half = self.half.take();
        match (self.charset, half, self.high.take()) {
            (_, None, None) => Vec::new(),
            (Charset::Utf16 { .. }, ..) => "\u{fffd}".into(),
            (_, half, _) => half.into_iter().collect(),
        }
    }

    /// Looks at the first two bytes, as soon as they are there.
    fn begin<'p>(&mut self, piece: &'p [u8]) -> Cow<'p, [u8]> {
        let two = match (self.half, piece) {
            (Some(first), [second, ..]) => [first, *second],
            (None, [0xfe | 0xff]) => {
                self.half = Some(piece[0]);
                return Cow::Borrowed(&[]);
            }
            (None, [first, second, ..]) => [*first, *second],
            _ => [0, 0],
        };
        self.begun = true;
        match two {
            [0xff, 0xfe] => self.charset = Charset::Utf16 { big_endian: false },
            [0xfe, 0xff] => self.charset = Charset::Utf16 { big_endian: true },
            _ => {}
        }
        match (self.charset, self.half) {
            (Charset::Utf16 { .. }, _) | (_, None) => self.pass(piece),
            (_, Some(first)) => {
                self.half = None;
                Cow::Owned([&[first], piece].concat())
            }
        }
    }

    fn pass<'p>(&mut self, piece: &'p [u8]) -> Cow<'p, [u8]> {
        match self.charset {
            Charset::Utf8 | Charset::Unknown => Cow::Borrowed(piece),
            #[cfg(feature = "charsets")]
            Charset::Other(encoding) => Cow::Owned(self.decode(encoding, piece, false).into_bytes()),
            Charset::Latin1 if piece.is_ascii() => Cow::Borrowed(piece),
            Charset::Latin1 => {
                let text: String = piece
                    .iter()
                    .map(|&byte| match byte {
                        0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
                        _ => char::from(byte),
                    })
                    .collect();
                Cow::Owned(text.into_bytes())
            }
            Charset::Utf16 { big_endian } => Cow::Owned(self.utf16(piece, big_endian).into_bytes()),
        }
    }

    /// What cannot be decoded is U+FFFD.
    #[cfg(feature = "charsets")]
    fn decode(&mut self, encoding: &'static encoding_rs::Encoding, piece: &[u8], last: bool) -> String {
        let decoder = self.other.get_or_insert_with(|| encoding.new_decoder_without_bom_handling());
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(piece.len()).unwrap_or(piece.len()));
        // There is room for all of it: it is taken at once.
        let _ = decoder.decode_to_string(piece, &mut text, last);
        text
    }

    fn utf16(&mut self, piece: &[u8], big_endian: bool) -> String {
        let mut text = String::with_capacity(piece.len());
        for &byte in piece {
            let Some(first) = self.half.take() else {
                self.half = Some(byte);
                continue;
            };
            let unit = if big_endian { [first, byte] } else { [byte, first] };
            self.unit(u16::from_be_bytes(unit), &mut text);
        }
        text
    }

    /// One unit of UTF-16 (RFC 2781, 2.2); half of a pair that stands alone is U+FFFD.
    fn unit(&mut self, unit: u16, text: &mut String) {
        let low = (0xdc00..0xe000).contains(&unit);
        if let Some(high) = self.high.take() {
            let pair = char::decode_utf16([high, unit]).next().and_then(Result::ok);
            text.push(pair.filter(|_| low).unwrap_or(char::REPLACEMENT_CHARACTER));
            if low {
                return;
            }
        }
        match unit {
            0xd800..0xdc00 => self.high = Some(unit),
            _ => text.push(char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::fuzzing::transcode as decode;
    use crate::http::HeaderValue;
    use proptest::prelude::*;

    fn of(content_type: &'static str) -> Charset {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(content_type));
        Charset::of(&headers)
    }

    #[test]
    fn the_declared_charset() {
        assert_eq!(of("application/json"), Charset::Utf8);
        assert_eq!(of("application/json; charset=UTF-8"), Charset::Utf8);
        assert_eq!(of("text/csv;charset=\"ISO-8859-1\"; header=present"), Charset::Latin1);
        assert_eq!(of("text/csv; charset=utf-16le"), Charset::Utf16 { big_endian: false });
        assert_eq!(of("text/csv; charset=klingon"), Charset::Unknown);
        assert_eq!(Charset::named(" CP1252 "), Some(Charset::Latin1));
    }

    #[cfg(feature = "charsets")]
    #[test]
    fn other_charsets() {
        let decoded = |name: &str, body: &[u8]| {
            (1..4).map(|size| decode(Charset::named(name).unwrap(), body, size)).reduce(|one, other| {
                assert_eq!(one, other);
                one
            })
        };
        assert_eq!(decoded("shift_jis", b"\x93\xfa\x96{").unwrap(), "日本".as_bytes());
        assert_eq!(decoded("windows-1250", b"\xb9\xea").unwrap(), "ąę".as_bytes());
        assert_eq!(decoded("euc-kr", b"a\xb0").unwrap(), "a\u{fffd}".as_bytes());
    }

    #[test]
    fn latin1_becomes_utf8() {
        assert_eq!(decode(Charset::Latin1, b"caf\xe9 \x80", 9), "café €".as_bytes());
        assert_eq!(decode(Charset::Utf8, b"caf\xe9", 9), b"caf\xe9");
    }

    #[test]
    fn halves_are_told() {
        let big_endian = Charset::Utf16 { big_endian: true };
        assert_eq!(
            decode(big_endian, &[0, b'a', 0xd8, 0, 0, b'b', 0xdc, 0, 0], 3),
            "a\u{fffd}b\u{fffd}\u{fffd}".as_bytes()
        );
        assert_eq!(decode(Charset::Utf8, &[0xff], 1), [0xff]);
        assert_eq!(decode(Charset::Utf8, &[0xfe, b'x'], 1), [0xfe, b'x']);
    }

    proptest! {
        #[test]
        fn utf16_survives_any_chunking(text in "\\PC{0,40}", size in 1_usize..9, marked: bool, big_endian: bool) {
            let mark = if marked { "\u{feff}" } else { "" };
            let whole = format!("{mark}{text}");
            let bytes = |unit: u16| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let body: Vec<u8> = whole.encode_utf16().flat_map(bytes).collect();
            prop_assert_eq!(decode(Charset::Utf16 { big_endian }, &body, size), whole.as_bytes());
            if marked {
                prop_assert_eq!(decode(Charset::Utf8, &body, size), whole.as_bytes());
            }
        }

        #[test]
        fn utf8_and_noise_pass(body in proptest::collection::vec(any::<u8>(), 0..60), size in 1_usize..9) {
            let marked = body.starts_with(&[0xff, 0xfe]) || body.starts_with(&[0xfe, 0xff]);
            let out = decode(Charset::Unknown, &body, size);
            prop_assert!(marked || out == body);
            let _ = decode(Charset::Utf16 { big_endian: false }, &body, size);
        }
    }
}
