//! The document of a stream with partitions: `docs/state.md` describes the form.

use chrono::{DateTime, Utc};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::front::{Reader, Writer};
use super::groups::{Group, Groups, number, place_of};
use super::incoming;
use super::note::Note;
use super::partitioned::Partitioned;
use super::python;
use super::runs::RunMap;
use super::single::write_cursor;
use crate::cursor::{CursorSpec, CursorValue};
use crate::{Error, ErrorKind, Result};

/// The form that is written.
const VERSION: u64 = 1;

/// Reads a document of ours or of the Python framework.
///
/// # Errors
/// [`ErrorKind::State`] for one that is neither.
pub(super) fn read(
    spec: &CursorSpec,
    document: Option<&Value>,
    now: DateTime<Utc>,
    notes: &mut Vec<Note>,
) -> Result<Partitioned> {
    let mut state = Partitioned::new(spec, now);
    let Some(object) = incoming::object(document)? else { return Ok(state) };
    if let Some(note) = incoming::full_refresh(Some(spec), object) {
        notes.push(note);
        return Ok(state);
    }
    match object.get("version").filter(|_| object.contains_key("partitions")) {
        None => {
            let parts = python::read(spec, object, notes)?;
            (state.imported, state.others, state.global) = (parts.imported, parts.others, parts.global);
        }
        Some(version) if version.as_u64() == Some(VERSION) => read_ours(spec, object, &mut state, notes)?,
        Some(version) => {
            let reason = format!("it has version {version}, this connector writes version {VERSION}");
            return Err(incoming::refused(spec, object, &reason));
        }
    }
    Ok(state)
}

fn read_ours(
    spec: &CursorSpec,
    object: &Map<String, Value>,
    state: &mut Partitioned,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let damaged = |what: &str| incoming::refused(spec, object, what);
    let Some(Value::Object(partitions)) = object.get("partitions") else {
        return Err(damaged("`partitions` is no object"));
    };
    state.complete = partitions.get("complete") == Some(&Value::Bool(true));
    if object.contains_key("states") || object.contains_key("state") {
        let mut ignored = Vec::new();
        let parts = python::read(spec, object, &mut ignored)?;
        notes.extend(ignored.into_iter().filter(|note| *note == Note::EarlierStart));
        state.imported = parts.imported;
        // Once complete, `state` is the lowest value, and only there for the Python framework.
        state.global = parts.global.filter(|_| !state.complete);
    }
    if let Some(others) = partitions.get("others") {
        let value = incoming::read(spec, others).ok_or_else(|| damaged("`others` is no value of the cursor"))?;
        state.others = Some(value);
    }
    let (mut groups, mut lists) = (Vec::new(), Vec::new());
    for group in partitions.get("groups").and_then(Value::as_array).into_iter().flatten() {
        let asked = group.get("asked").and_then(|asked| incoming::read(spec, asked));
        let keys = group.get("keys").and_then(Value::as_str);
        let (Some(asked), Some(keys)) = (asked, keys) else {
            return Err(damaged("a group of `partitions` has no `asked` and `keys`"));
        };
        let missed = group.get("missed").and_then(Value::as_u64).unwrap_or(0);
        groups.push(Group { asked, missed });
        lists.push(Reader::new(keys, false));
    }
    let (groups, numbers) = Groups::load(groups);
    let mut lists: Vec<_> = lists.into_iter().zip(numbers.into_iter().map(place_of)).collect();
    if let Some(own) = partitions.get("own") {
        let own = own.as_str().ok_or_else(|| damaged("`own` is no string"))?;
        lists.push((Reader::new(own, true), String::new()));
    }
    state.known = join(spec, &groups, lists)?;
    state.groups = groups;
    Ok(())
}

/// The lists as one map. A key that stands in several starts where the lowest says.
fn join(spec: &CursorSpec, groups: &Groups, lists: Vec<(Reader<'_>, String)>) -> Result<RunMap> {
    let mut open = Vec::new();
    for (mut reader, place) in lists {
        if reader.advance()? {
            open.push((reader, place));
        }
    }
    let (mut key, mut previous) = (String::new(), None::<String>);
    RunMap::load(|push| {
        let Some(smallest) = open.iter().map(|(reader, _)| reader.key.as_str()).min() else { return Ok(false) };
        key.clear();
        key.push_str(smallest);
        // Front coding can write any order; a list that is out of order would not be found again.
        if previous.as_ref().is_some_and(|previous| *previous >= key) {
            return Err(unordered());
        }
        let mut lowest: Option<String> = None;
        let mut at = 0;
        while let Some((reader, place)) = open.get_mut(at) {
            if reader.key != key {
                at += 1;
                continue;
            }
            let place = if place.is_empty() { reader.payload } else { place.as_str() };
            if lowest.as_ref().is_none_or(|lowest| value_of(spec, groups, place) < value_of(spec, groups, lowest)) {
                lowest = Some(place.to_owned());
            }
            if reader.advance()? {
                at += 1;
            } else {
                open.remove(at);
            }
        }
        let place = lowest.unwrap_or_default();
        // A value of its own is written back as it is: it has to be JSON, which a cursor's reading alone does not promise (`007`).
        let is_own = groups.asked(&place).is_none();
        if value_of(spec, groups, &place).is_none() || is_own && serde_json::from_str::<IgnoredAny>(&place).is_err() {
            return Err(unordered());
        }
        push(&key, &place);
        previous.get_or_insert_default().clone_from(&key);
        Ok(true)
    })
}

fn value_of(spec: &CursorSpec, groups: &Groups, place: &str) -> Option<CursorValue> {
    groups.asked(place).cloned().or_else(|| groups.own(spec, place))
}

fn unordered() -> Error {
    Error::new(ErrorKind::State, "the list of partitions in the state is damaged; reset the stream's state")
}

/// Writes the document, without the closing brace (the parent's state may follow).
pub(super) fn write_to(spec: &CursorSpec, state: &Partitioned, out: &mut Vec<u8>) {
    let pending: Vec<&Value> = state.imported.states().collect();
    let global = match &state.global {
        Some((value, lookback)) => Some((value.clone(), *lookback)),
        None => state.lowest(spec).map(|value| (value, 0)),
    };
    out.extend_from_slice(format!("{{\"version\":{VERSION},\"use_global_cursor\":{}", pending.is_empty()).as_bytes());
    if let Some((value, lookback)) = global {
        out.extend_from_slice(b",\"state\":");
        write_cursor(spec, &value, out);
        out.extend_from_slice(format!(",\"lookback_window\":{lookback}").as_bytes());
    }
    if !pending.is_empty() {
        out.extend_from_slice(b",\"states\":");
        out.extend_from_slice(json_list(&pending).as_bytes());
    }
    out.extend_from_slice(format!(",\"partitions\":{{\"complete\":{}", state.complete).as_bytes());
    if let Some(others) = &state.others {
        out.extend_from_slice(format!(",\"others\":{}", spec.state_text(others)).as_bytes());
    }
    write_lists(spec, state, out);
    out.push(b'}');
}

fn json_list(values: &[&Value]) -> String {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    format!("[{}]", texts.join(","))
}

fn write_lists(spec: &CursorSpec, state: &Partitioned, out: &mut Vec<u8>) {
    let mut groups: Vec<(&Group, Writer)> =
        state.groups.each().iter().map(|group| (group, Writer::default())).collect();
    let mut own = Writer::default();
    state.known.for_each(|key, place| match number(place).map(|number| groups.get_mut(number)) {
        Some(Some((_, keys))) => keys.key(key),
        Some(None) => {}
        None => own.entry(key, place),
    });
    groups.retain(|(_, keys)| !keys.text.is_empty());
    let mut separator = ",\"groups\":[";
    for (group, keys) in &groups {
        let asked = spec.state_text(&group.asked);
        out.extend_from_slice(
            format!("{separator}{{\"asked\":{asked},\"missed\":{},\"keys\":", group.missed).as_bytes(),
        );
        write_string(&keys.text, out);
        out.push(b'}');
        separator = ",";
    }
    if !groups.is_empty() {
        out.push(b']');
    }
    if !own.text.is_empty() {
        out.extend_from_slice(b",\"own\":");
        write_string(&own.text, out);
    }
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    // Writing a string into a vector cannot fail.
    let written = serde_json::to_writer(&mut *out, text);
    debug_assert_eq!(written.as_ref().err().map(ToString::to_string), None);
}
