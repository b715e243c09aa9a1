//! What may not leave as it came: a key given twice in one object (the last wins), half a surrogate pair (U+FFFD).
//!
//! This is the slow way, for the few records in which the walk has seen or suspects such a thing.

use super::token::{Text, decode};
use std::collections::HashMap;

/// What was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mend {
    /// A key stood twice in one object; the last was kept.
    DoubleKey,
    /// Half of a surrogate pair stood alone in a string; it became U+FFFD.
    LoneSurrogate,
}

/// A mended text, and what was mended where: one entry for each place, with the path of the field in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mended {
    /// Without whitespace between tokens.
    pub(crate) text: Vec<u8>,
    pub(crate) places: Vec<(String, Mend)>,
}

/// Mends a text that is known to be one valid JSON value nested no deeper than the walk allows; nothing if nothing is to be done.
pub(crate) fn mend(bytes: &[u8]) -> Option<Mended> {
    let mut mender =
        Mender { text: Text::new(bytes), out: Vec::with_capacity(bytes.len()), path: Vec::new(), places: Vec::new() };
    mender.value(mender.text.blank(0));
    if mender.places.is_empty() { None } else { Some(Mended { text: mender.out, places: mender.places }) }
}

/// More places than this are mended all the same, but not told apart.
const MOST: usize = 256;

struct Mender<'b> {
    text: Text<'b>,
    out: Vec<u8>,
    /// Keys on the way to here; `None` for the elements of a list.
    path: Vec<Option<String>>,
    places: Vec<(String, Mend)>,
}

/// A member as it was copied.
struct Copied {
    key: String,
    from: usize,
    to: usize,
}

impl Mender<'_> {
    fn note(&mut self, mend: Mend) {
        if self.places.len() < MOST {
            let mut words = String::new();
            for step in &self.path {
                match step {
                    Some(key) if words.is_empty() => words.push_str(key),
                    Some(key) => {
                        words.push('.');
                        words.push_str(key);
                    }
                    None => words.push_str("[]"),
                }
            }
            self.places.push((words, mend));
        }
    }

    /// Copies a value from its first byte; what comes behind it.
    fn value(&mut self, at: usize) -> usize {
        match self.text.peek(at) {
            b'"' => self.string(at),
            b'{' => self.object(at + 1),
            b'[' => self.list(at + 1),
            _ => {
                let mut end = at;
                while !matches!(self.text.peek(end), 0..=b' ' | b',' | b'}' | b']' | b':') {
                    end += 1;
                }
                self.copy(at, end);
                end
            }
        }
    }

    fn copy(&mut self, from: usize, to: usize) {
        self.out.extend_from_slice(self.text.bytes.get(from..to).unwrap_or_default());
    }

    fn string(&mut self, at: usize) -> usize {
        self.text.lone_surrogate = false;
        let end = self.text.string(at + 1).unwrap_or(self.text.bytes.len());
        if self.text.lone_surrogate {
            self.note(Mend::LoneSurrogate);
            let mended = without_lone_surrogates(self.text.bytes.get(at..end).unwrap_or_default());
            self.out.extend_from_slice(&mended);
        } else {
            self.copy(at, end);
        }
        end
    }

    fn list(&mut self, at: usize) -> usize {
        self.out.push(b'[');
        self.path.push(None);
        let mut at = self.text.blank(at);
        while !matches!(self.text.peek(at), b']' | 0) {
            at = self.value(at);
            at = self.text.blank(at);
            if self.text.peek(at) == b',' {
                self.out.push(b',');
                at = self.text.blank(at + 1);
            }
        }
        self.path.pop();
        self.out.push(b']');
        at + 1
    }

    fn object(&mut self, at: usize) -> usize {
        self.out.push(b'{');
        let begin = self.out.len();
        let mut members: Vec<Copied> = Vec::new();
        let mut at = self.text.blank(at);
        while !matches!(self.text.peek(at), b'}' | 0) {
            let from = self.out.len();
            let key_end = self.text.string(at + 1).unwrap_or(self.text.bytes.len());
            let key = decode(self.text.bytes.get(at + 1..key_end.saturating_sub(1)).unwrap_or_default());
            self.path.push(Some(key.clone()));
            let end = self.string(at);
            self.out.push(b':');
            at = self.text.blank(end);
            at = self.text.blank(at + 1);
            at = self.value(at);
            self.path.pop();
            members.push(Copied { key, from, to: self.out.len() });
            at = self.text.blank(at);
            if self.text.peek(at) == b',' {
                at = self.text.blank(at + 1);
            }
        }
        self.keep_last(begin, &members);
        self.out.push(b'}');
        at + 1
    }

    /// Puts commas between the members that were copied one behind the other, leaving out those whose key comes again.
    fn keep_last(&mut self, begin: usize, members: &[Copied]) {
        let last: HashMap<&str, usize> =
            members.iter().enumerate().map(|(at, member)| (member.key.as_str(), at)).collect();
        let copied = self.out.split_off(begin);
        for (at, member) in members.iter().enumerate() {
            if last.get(member.key.as_str()).is_some_and(|last| *last != at) {
                self.path.push(Some(member.key.clone()));
                self.note(Mend::DoubleKey);
                self.path.pop();
                continue;
            }
            if self.out.len() > begin {
                self.out.push(b',');
            }
            self.out.extend_from_slice(copied.get(member.from - begin..member.to - begin).unwrap_or_default());
        }
    }
}

/// A string with its quotes, in which each lone surrogate is the escape of U+FFFD; every other byte stays.
fn without_lone_surrogates(string: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(string.len());
    let mut rest = string;
    while let Some(slash) = memchr::memchr(b'\\', rest) {
        let (plain, escape) = rest.split_at(slash);
        out.extend_from_slice(plain);
        let unit = |at: usize| {
            let escape = escape.get(at..at + 6)?.strip_prefix(b"\\u")?;
            u16::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok()
        };
        let len = match (unit(0), unit(6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.extend_from_slice(b"\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
        out.extend_from_slice(escape.get(..len).unwrap_or(escape));
        rest = escape.get(len..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn mended(text: &str) -> (String, Vec<(String, Mend)>) {
        let mended = mend(text.as_bytes()).unwrap();
        (String::from_utf8(mended.text).unwrap(), mended.places)
    }

    #[test]
    fn the_last_of_a_key_wins_at_any_depth() {
        let (text, places) = mended(r#"{"a": 1, "b": [{"c":1,"c": 2, "d":{"e":1,"\u0065":2}}], "a": {"x": 1.50}}"#);
        assert_eq!(text, r#"{"b":[{"c":2,"d":{"\u0065":2}}],"a":{"x":1.50}}"#);
        let expected = ["b[].d.e", "b[].c", "a"].map(|path| (path.to_owned(), Mend::DoubleKey));
        assert_eq!(places, expected);
    }

    #[test]
    fn half_a_pair_becomes_the_replacement_character() {
        let (text, places) = mended(r#"{"a":"x\ud83d\"\ud83d\ude00\\ud83d","\ude00":[ "\ud83d\ud83d\ude00" ]}"#);
        assert_eq!(text, r#"{"a":"x\ufffd\"\ud83d\ude00\\ud83d","\ufffd":["\ufffd\ud83d\ude00"]}"#);
        assert_eq!(places.len(), 3);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn what_is_whole_is_left_alone() {
        assert_eq!(mend(br#"{"a":{"a":{"a":[1,"\ud83d\ude00"]}},"b":{}}"#), None);
    }
}
