//! From the bytes of a JSON value to a cursor value.

use std::borrow::Cow;

use super::rfc3339::{self, Stamp};
use super::{CursorFormat, CursorKind, CursorValue, Key, TimeZone};
use crate::{Error, ErrorKind, Result};

/// How many characters of a bad value an error shows.
const SHOWN: usize = 80;

impl CursorValue {
    /// Reads a JSON value by the formats that are accepted, the first that fits; without any, a date-time is RFC 3339,
    /// a date `YYYY-MM-DD`. Integers may stand in a string.
    ///
    /// # Errors
    /// [`ErrorKind::Record`] with the value and what is accepted.
    pub fn from_json(kind: CursorKind, json: &[u8], formats: &[CursorFormat]) -> Result<Self> {
        let key = read(kind, json, formats, None).ok_or_else(|| {
            let message = format!("{} is no {}", shown(json), accepted(kind, formats));
            Error::new(ErrorKind::Record, message)
        })?;
        Ok(Self::read(key, json))
    }

    /// Reads a plain text (a config value), as [`from_json`](Self::from_json) reads a string.
    ///
    /// # Errors
    /// As there.
    pub fn from_text(kind: CursorKind, text: &str, formats: &[CursorFormat]) -> Result<Self> {
        let json = serde_json::Value::String(text.to_owned()).to_string();
        Self::from_json(kind, json.as_bytes(), formats).map(|mut value| {
            value.json = None;
            value
        })
    }
}

impl CursorValue {
    /// A value that was read, and its text.
    pub(super) fn read(key: Key, json: &[u8]) -> Self {
        Self { key, json: std::str::from_utf8(json).ok().map(|json| json.trim().into()), then: None }
    }
}

/// What is compared of a JSON value; nothing if it has none of the formats.
pub(super) fn read(kind: CursorKind, json: &[u8], formats: &[CursorFormat], zone: Option<&TimeZone>) -> Option<Key> {
    let json = json.trim_ascii();
    match kind {
        CursorKind::DateTime => {
            let stamp = read_stamp(json, formats)?;
            Some(match (stamp.offset, zone) {
                (None, Some(zone)) => Key::Moment(zone.moment(stamp.wall), stamp.nanos),
                _ => Key::Moment(stamp.moment().0, stamp.nanos),
            })
        }
        CursorKind::NaiveDateTime => {
            let stamp = read_stamp(json, formats)?;
            Some(Key::Naive(wall(stamp, zone), stamp.nanos))
        }
        CursorKind::Date => Some(Key::Day(wall(read_stamp(json, formats)?, zone).div_euclid(86_400))),
        CursorKind::Integer => read_integer(&scalar(json)?).map(Key::Integer),
        CursorKind::Text => string(json).map(|text| Key::Text(text.into())),
    }
}

/// What a clock in the zone shows; in UTC without a zone.
fn wall(stamp: Stamp, zone: Option<&TimeZone>) -> i64 {
    match (stamp.offset, zone) {
        (None, _) => stamp.wall,
        (Some(offset), None) => stamp.wall - offset,
        (Some(offset), Some(zone)) => zone.wall(stamp.wall - offset),
    }
}

fn read_stamp(json: &[u8], formats: &[CursorFormat]) -> Option<Stamp> {
    match formats {
        [] | [CursorFormat::Rfc3339] => match json {
            [b'"', text @ .., b'"'] => rfc3339::stamp(text),
            _ => None,
        },
        formats => {
            let text = scalar(json)?;
            formats.iter().find_map(|format| format.read(&text))
        }
    }
}

fn read_integer(text: &str) -> Option<i128> {
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

/// The content of a string, or the text of a number.
fn scalar(json: &[u8]) -> Option<Cow<'_, str>> {
    match json {
        [b'"', ..] => string(json),
        [b'-' | b'0'..=b'9', ..] => std::str::from_utf8(json).ok().map(Cow::Borrowed),
        _ => None,
    }
}

fn string(json: &[u8]) -> Option<Cow<'_, str>> {
    let [b'"', inner @ .., b'"'] = json else { return None };
    if memchr::memchr2(b'\\', b'"', inner).is_none() {
        return std::str::from_utf8(inner).ok().map(Cow::Borrowed);
    }
    serde_json::from_slice(json).ok().map(Cow::Owned)
}

/// The accepted forms, for an error.
pub(super) fn accepted(kind: CursorKind, formats: &[CursorFormat]) -> String {
    let name = match kind {
        CursorKind::DateTime => "date-time",
        CursorKind::NaiveDateTime => "date-time without zone",
        CursorKind::Date => "date",
        CursorKind::Integer => return "integer".to_owned(),
        CursorKind::Text => return "string".to_owned(),
    };
    let formats = match (formats, kind) {
        ([], CursorKind::Date) => "YYYY-MM-DD".to_owned(),
        ([], _) => CursorFormat::Rfc3339.to_string(),
        (formats, _) => formats.iter().map(ToString::to_string).collect::<Vec<_>>().join(", or "),
    };
    format!("{name} of the form {formats}")
}

/// A value as an error shows it: cut, and never invalid UTF-8.
pub(super) fn shown(json: &[u8]) -> String {
    let text = String::from_utf8_lossy(&json[..json.len().min(SHOWN * 4)]);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
