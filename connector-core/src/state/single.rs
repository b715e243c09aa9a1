//! The state of a stream without partitions: `{"updated_at": <largest value seen>}`.

use super::progress::Progress;
use crate::cursor::{CursorSpec, CursorValue};

#[derive(Debug, Default)]
pub(super) struct Single {
    /// The larger of what came in and what is certain by now.
    pub(super) value: Option<CursorValue>,
    pub(super) progress: Progress,
}

impl Single {
    pub(super) const fn new(value: Option<CursorValue>, progress: Progress) -> Self {
        Self { value, progress }
    }

    /// Raises the value; it never goes back, and an equal one keeps the form it has.
    pub(super) fn raise(&mut self, value: Option<CursorValue>) {
        if value > self.value {
            self.value = value;
        }
    }

    pub(super) fn write_to(&self, spec: &CursorSpec, out: &mut Vec<u8>) {
        match &self.value {
            None => out.extend_from_slice(b"{}"),
            Some(value) => write_cursor(spec, value, out),
        }
    }
}

/// `{"updated_at":<value>}`, of a cursor of two parts `{"updated_at":<value>,"id":<value>}`
pub(super) fn write_cursor(spec: &CursorSpec, value: &CursorValue, out: &mut Vec<u8>) {
    out.push(b'{');
    out.extend_from_slice(serde_json::Value::from(spec.state_key()).to_string().as_bytes());
    out.push(b':');
    out.extend_from_slice(spec.state_text(value).as_bytes());
    if let (Some(part), Some(then)) = (&spec.then, value.then()) {
        out.push(b',');
        out.extend_from_slice(serde_json::Value::from(part.state_key()).to_string().as_bytes());
        out.push(b':');
        out.extend_from_slice(part.state_text(then).as_bytes());
    }
    out.push(b'}');
}

/// Where a read starts that has come to `value`: the look-back before it, but not before the configured start. Nothing:
/// at the beginning, if the look-back leads beyond the calendar's.
pub(super) fn start_after(spec: &CursorSpec, value: &CursorValue) -> Option<CursorValue> {
    let start = match &spec.lookback {
        Some(lookback) if !lookback.is_zero() => spec.before(value, lookback),
        _ => Some(value.clone()),
    };
    start.max(spec.start.clone())
}
