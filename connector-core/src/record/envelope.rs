//! A body without its records: what paginators and error rules look at.

use super::select::steps;
use super::span::SpanScan;
use super::token::{Text, decode};

/// A body without its records: JSON text in which each list of records is `[]`, without whitespace between tokens.
///
/// A body that is itself one record stays in it. A body of JSON lines has the envelope `{}`.
///
/// ```
/// use connector_core::record::Envelope;
/// let envelope = Envelope::new(br#"{"items":[],"next":{"ids":[7,18446744073709551616]}}"#);
/// assert_eq!(envelope.get("next.ids.0"), Some(7.into()));
/// assert_eq!(envelope.raw("next.ids.1"), Some(&b"18446744073709551616"[..]));
/// assert_eq!(envelope.text("next.ids.1").as_deref(), Some("18446744073709551616"));
/// assert_eq!(envelope.get("next.page"), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    text: Vec<u8>,
}

impl Envelope {
    /// The envelope of a text, which should be JSON; of something else, nothing will be found in it.
    #[must_use]
    pub fn new(text: impl Into<Vec<u8>>) -> Self {
        Self { text: text.into() }
    }

    /// The whole text.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// The bytes of the value at a path of names and list indices: `meta.pages.0`; `""` is the whole. Of a key that stands twice, the
    /// last counts. A backslash takes a dot of a name as it is.
    #[must_use]
    pub fn raw(&self, path: &str) -> Option<&[u8]> {
        let mut value = self.text.as_slice();
        if path.contains('\\') {
            for step in steps(path) {
                value = child(value, &step?.0)?;
            }
        } else if !path.is_empty() {
            for step in path.split('.') {
                value = child(value, step)?;
            }
        }
        (!value.is_empty()).then_some(value)
    }

    /// The value at a path, parsed. Numbers beyond 64 bits lose digits; [`raw`](Self::raw) and [`text`](Self::text) keep them.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<serde_json::Value> {
        serde_json::from_slice(self.raw(path)?).ok()
    }

    /// The scalar at a path as it is sent in a request: strings decoded, numbers with all their digits. Nothing for null, lists
    /// and objects.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        match self.raw(path)? {
            [b'"', inner @ .., b'"'] => Some(decode(inner)),
            [b'{' | b'[', ..] | b"null" => None,
            scalar => std::str::from_utf8(scalar).ok().map(str::to_owned),
        }
    }
}

/// The value of a member or element.
fn child<'v>(value: &'v [u8], step: &str) -> Option<&'v [u8]> {
    let text = Text::new(value);
    let object = match text.peek(0) {
        b'{' => true,
        b'[' => false,
        _ => return None,
    };
    let wanted = if object { None } else { Some(step.parse::<usize>().ok()?) };
    let (mut at, mut index, mut found) = (text.blank(1), 0, None);
    while !matches!(text.peek(at), b'}' | b']' | 0) {
        let mut here = wanted == Some(index);
        if object {
            let end = string_end(value, at + 1)?;
            let key = value.get(at + 1..end - 1)?;
            here = if key.contains(&b'\\') { decode(key) == step } else { key == step.as_bytes() };
            at = text.blank(text.blank(end) + 1);
        }
        let end = value_end(&text, at)?;
        if here {
            found = value.get(at..end);
            if !object {
                break;
            }
        }
        index += 1;
        at = text.blank(end);
        if text.peek(at) == b',' {
            at = text.blank(at + 1);
        }
    }
    found
}

/// The place behind a string, from behind its opening quote.
fn string_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let special = at + memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text.get(special) == Some(&b'"') {
            return Some(special + 1);
        }
        at = special + 2;
    }
}

/// The end of a value of a text that is known to be JSON.
fn value_end(text: &Text<'_>, at: usize) -> Option<usize> {
    match text.peek(at) {
        b'"' => string_end(text.bytes, at + 1),
        b'{' | b'[' => SpanScan::default().feed(text.bytes.get(at..)?).map(|len| at + len),
        _ => {
            let rest = text.bytes.get(at..)?;
            let len = rest.iter().take_while(|byte| !matches!(byte, 0..=b' ' | b',' | b'}' | b']')).count();
            (len > 0).then_some(at + len)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_values_by_path() {
        let envelope = Envelope::new(
            &br#"{"a":{"b.c":[[1,{"d":"x\n\"y"}],null]},"a2":true,"n":-1.50,"a":{"b.c":[[2,{"d":"z"}],null]}}"#[..],
        );
        assert_eq!(envelope.text(r"a.b\.c.0.1.d").as_deref(), Some("z"));
        assert_eq!(envelope.text("n").as_deref(), Some("-1.50"));
        assert_eq!(envelope.get("a2"), Some(true.into()));
        assert_eq!(envelope.get(r"a.b\.c.1"), Some(serde_json::Value::Null));
        assert_eq!(envelope.text(r"a.b\.c.1"), None);
        for nothing in ["b", "a.x", r"a.b\.c.2", r"a.b\.c.x", "a2.x", "n.0", r"a\"] {
            assert_eq!(envelope.raw(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn broken_text_has_nothing_in_it() {
        for text in ["", "{", "[", "{\"a\"", "{\"a\":", "[1,", "nonsense", "{a:1}", "[,", "{\"a\":}"] {
            let envelope = Envelope::new(text);
            assert!(envelope.get("a").is_none() && envelope.get("1").is_none(), "{text}");
        }
    }
}
