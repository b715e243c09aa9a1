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
}

/// What Windows-1252 has where ISO 8859-1 has control characters (0x80 to 0x9F).
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Charset {
    /// The charset that the content type declares; UTF-8 where it declares none, or one that we do not know.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text =
            headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
        let named = text.split(';').filter_map(|part| part.trim().strip_prefix("charset=")).next().unwrap_or_default();
        match named.trim_matches(['"', '\'', ' ']) {
            "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252" => Self::Latin1,
            _ => Self::Utf8,
        }
    }

    /// A piece of the body as UTF-8.
    pub(crate) fn decode(self, piece: &[u8]) -> Cow<'_, [u8]> {
        if self == Self::Utf8 || piece.is_ascii() {
            return Cow::Borrowed(piece);
        }
        let text: String = piece
            .iter()
            .map(|&byte| match byte {
                0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
                _ => char::from(byte),
            })
            .collect();
        Cow::Owned(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::http::HeaderValue;

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
    }

    #[test]
    fn latin1_becomes_utf8() {
        assert_eq!(Charset::Latin1.decode(b"caf\xe9 \x80").as_ref(), "café €".as_bytes());
        assert_eq!(Charset::Utf8.decode(b"caf\xe9").as_ref(), b"caf\xe9");
    }
}
