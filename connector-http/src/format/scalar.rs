//! Values of formats that know only text: each takes the type that the struct declares.

use connector_core::record::Shape;

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Bool,
    /// JSON as it stands, where it is JSON.
    Json,
}

impl Kind {
    pub(super) fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Bool => Self::Bool,
            Shape::Int { .. } | Shape::Number | Shape::Decimal => Self::Number,
            Shape::Option(inner) => Self::of(inner),
            Shape::Any | Shape::Str | Shape::Format(_) | Shape::Choice(_) | Shape::Typed(_) => Self::Text,
            Shape::List(_) | Shape::Map(_) | Shape::Struct(_) => Self::Json,
        }
    }
}

/// Whether an empty value of this shape is null: an option is, and so is what is no text.
pub(super) fn nullable(shape: &Shape) -> bool {
    matches!(shape, Shape::Option(_)) || Kind::of(shape) != Kind::Text
}

/// Writes a value as JSON. What does not fit its type stays text, and the record's check tells of it.
pub(super) fn write(kind: Kind, nullable: bool, value: &[u8], out: &mut Vec<u8>) {
    let trimmed = value.trim_ascii();
    match kind {
        _ if nullable && trimmed.is_empty() => out.extend_from_slice(b"null"),
        Kind::Number if is_number(trimmed) => out.extend_from_slice(trimmed),
        Kind::Bool if trimmed.eq_ignore_ascii_case(b"true") || trimmed == b"1" => out.extend_from_slice(b"true"),
        Kind::Bool if trimmed.eq_ignore_ascii_case(b"false") || trimmed == b"0" => out.extend_from_slice(b"false"),
        Kind::Json if serde_json::from_slice::<serde::de::IgnoredAny>(trimmed).is_ok() => {
            out.extend_from_slice(trimmed)
        }
        _ => match std::str::from_utf8(value) {
            Ok(text) => write_text(text, out),
            // Not UTF-8: between quotes as it is, for the record's walk to refuse with its place.
            Err(_) => {
                out.push(b'"');
                out.extend_from_slice(value);
                out.push(b'"');
            }
        },
    }
}

/// Writes a text as a JSON string.
pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, text); // writing to memory cannot fail
}

/// Whether a text is a number of JSON.
fn is_number(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'-' | b'0'..=b'9')) && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}
