//! Telling the documents apart that a stream may be given: ours, the Python framework's, and what neither wrote.

use serde_json::{Map, Value};

use super::note::{Note, shown};
use super::resume::ResumePoint;
use crate::cursor::{CursorFormat, CursorSpec, CursorValue, Span};
use crate::{Error, ErrorKind, Result};

/// Single keys that the Python framework's resumable full refresh uses for the next page.
const PAGE_KEYS: [&str; 4] = ["page", "next_page_token", "page_token", "offset"];

/// A document that is an object with something in it; nothing for null and `{}`.
///
/// # Errors
/// [`ErrorKind::State`] if it is no object, or the state of a file-based connector.
pub(super) fn object(document: Option<&Value>) -> Result<Option<&Map<String, Value>>> {
    let Some(document) = document else { return Ok(None) };
    match document {
        Value::Null => Ok(None),
        Value::Object(object) if object.is_empty() => Ok(None),
        Value::Object(object)
            if object.contains_key("history") || object.contains_key("_ab_source_file_last_modified") =>
        {
            Err(Error::new(
                ErrorKind::State,
                format!("the state {} is that of a file-based connector; reset the stream's state", shown(document)),
            ))
        }
        Value::Object(object) => Ok(Some(object)),
        other => Err(Error::new(
            ErrorKind::State,
            format!("the state {} is no object; reset the stream's state", shown(other)),
        )),
    }
}

/// The note for a document that a full refresh left behind.
pub(super) fn full_refresh(spec: Option<&CursorSpec>, object: &Map<String, Value>) -> Option<Note> {
    if spec.is_some_and(|spec| object.contains_key(spec.state_key())) {
        return None;
    }
    let marked = is_page(object)
        || object.get("states").and_then(Value::as_array).is_some_and(|states| {
            let cursors = states.iter().filter_map(|state| state.get("cursor")?.as_object());
            !states.is_empty() && cursors.clone().count() == states.len() && cursors.clone().any(is_page)
        });
    marked.then(|| Note::FullRefresh { found: shown(&Value::Object(object.clone())) })
}

fn is_page(object: &Map<String, Value>) -> bool {
    object.contains_key("__ab_no_cursor_state_message")
        || object.contains_key("__ab_full_refresh_sync_complete")
        || ResumePoint::is_document(object)
        || (object.len() == 1 && PAGE_KEYS.iter().any(|key| object.contains_key(*key)))
}

/// The state of a stream without partitions.
///
/// # Errors
/// [`ErrorKind::State`] saying what was found and what is expected.
pub(super) fn single(
    spec: &CursorSpec,
    document: Option<&Value>,
    notes: &mut Vec<Note>,
) -> Result<Option<CursorValue>> {
    let Some(object) = object(document)? else { return Ok(None) };
    if let Some(note) = full_refresh(Some(spec), object) {
        notes.push(note);
        return Ok(None);
    }
    if object.contains_key("states") || object.contains_key("partitions") || object.contains_key("use_global_cursor") {
        return Err(refused(spec, object, "it is that of a stream with partitions, which this one has not"));
    }
    cursor(spec, object, notes)
}

/// The value in `{"updated_at": …}` or `{"slices": […], "state_type": …}`.
pub(super) fn cursor(
    spec: &CursorSpec,
    object: &Map<String, Value>,
    notes: &mut Vec<Note>,
) -> Result<Option<CursorValue>> {
    let dotted = spec.path();
    match object.get(spec.state_key()).or_else(|| object.get(&dotted)) {
        Some(Value::Null) => {
            notes.push(Note::Empty { found: shown(&Value::Object(object.clone())) });
            Ok(None)
        }
        Some(value) => {
            let first = read(spec, value).ok_or_else(|| unreadable(spec, object, value))?;
            with_second(spec, object, first).map(Some)
        }
        None if object.get("slices").is_some_and(Value::is_array) => slices(spec, object, notes),
        None if object.keys().all(|key| key == "parent_state") => Ok(None),
        None => {
            let expected = format!("expected {{\"{}\": <{}>}}", spec.state_key(), spec.accepted());
            Err(refused(spec, object, &expected))
        }
    }
}

/// The second part beside the first. Without it, all records of the first part's value are read again.
fn with_second(spec: &CursorSpec, object: &Map<String, Value>, first: CursorValue) -> Result<CursorValue> {
    let Some(part) = &spec.then else { return Ok(first) };
    match object.get(part.state_key()).or_else(|| object.get(&part.path())) {
        None | Some(Value::Null) => Ok(first),
        Some(value) => {
            read(part, value).map(|then| first.with_then(then)).ok_or_else(|| unreadable(part, object, value))
        }
    }
}

/// A JSON value of the state as a cursor value.
pub(super) fn read(spec: &CursorSpec, value: &Value) -> Option<CursorValue> {
    spec.read_lenient(value.to_string().as_bytes())
}

/// The lowest value up to which everything was read, out of ranges that the Python framework wrote for slices that were
/// read side by side.
fn slices(spec: &CursorSpec, object: &Map<String, Value>, notes: &mut Vec<Note>) -> Result<Option<CursorValue>> {
    let mut ranges = Vec::new();
    for slice in object.get("slices").and_then(Value::as_array).into_iter().flatten() {
        let bound = |name: &str| {
            let value = slice.get(name).unwrap_or(&Value::Null);
            read(spec, value).ok_or_else(|| unreadable(spec, object, value))
        };
        let seen = match slice.get("most_recent_cursor_value") {
            None | Some(Value::Null) => None,
            Some(value) => Some(read(spec, value).ok_or_else(|| unreadable(spec, object, value))?),
        };
        ranges.push((bound("start")?, bound("end")?, seen));
    }
    ranges.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let mut ranges = ranges.into_iter();
    let Some((start, mut end, mut seen)) = ranges.next() else {
        notes.push(Note::Empty { found: shown(&Value::Object(object.clone())) });
        return Ok(None);
    };
    notes.push(Note::Python { form: "date-range" });
    if spec.start.as_ref().is_some_and(|configured| *configured < start) {
        notes.push(Note::EarlierStart);
        return Ok(None);
    }
    let mut gap = false;
    for (next_start, next_end, next_seen) in ranges {
        gap = next_start > end.plus(&smallest(spec)).unwrap_or_else(|| end.clone());
        if gap {
            break;
        }
        end = end.max(next_end);
        seen = seen.max(next_seen);
    }
    Ok(Some(match seen {
        Some(seen) if gap => seen.min(end),
        Some(seen) => seen,
        None => end,
    }))
}

/// How far apart two ranges may be that have nothing between them.
fn smallest(spec: &CursorSpec) -> Span {
    spec.grain().unwrap_or_else(|| match spec.formats.first() {
        Some(CursorFormat::EpochSeconds) => Span::seconds(1),
        _ => Span::millis(1),
    })
}

fn unreadable(spec: &CursorSpec, object: &Map<String, Value>, value: &Value) -> Error {
    refused(spec, object, &format!("{} is no {}", shown(value), spec.accepted()))
}

/// The error for a document that is not understood.
pub(super) fn refused(spec: &CursorSpec, object: &Map<String, Value>, reason: &str) -> Error {
    let found = shown(&Value::Object(object.clone()));
    let message = format!(
        "the state {found} does not fit the cursor field `{}`: {reason}; correct the state, or reset it to read everything again",
        spec.path()
    );
    Error::new(ErrorKind::State, message)
}
