//! The per-partition and global states that the Python framework wrote for sub-streams.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::incoming;
use super::key::{PartitionKey, canonical};
use super::note::Note;
use super::single::start_after;
use crate::Result;
use crate::cursor::{CursorSpec, CursorValue, Span};

/// Partitions of the Python framework that this connector has not met yet.
///
/// Its partition is an object with names of the author's choice, ours is a list of values, so they are matched by their
/// values: level by level, sorted within a level. Where it has more levels than ours, the nearest decides.
#[derive(Debug, Default)]
pub(super) struct Imported {
    entries: Vec<Entry>,
    by_levels: HashMap<String, usize>,
    by_nearest: HashMap<String, usize>,
    /// How many values of ours, from the first, tell its parent from others. Its partition has none: there its names differ.
    texts: usize,
}

#[derive(Debug)]
struct Entry {
    state: Value,
    /// Nothing: the partition is known to start anew.
    value: Option<CursorValue>,
    levels: usize,
    superseded: bool,
}

/// What a document of several parts says.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) imported: Imported,
    /// Where partitions start that are not in the list.
    pub(super) others: Option<CursorValue>,
    /// The global value and its look-back as they came.
    pub(super) global: Option<(CursorValue, u64)>,
}

/// Reads `use_global_cursor`, `states`, `state` and `lookback_window`, or the global form `{"updated_at": …}`.
///
/// # Errors
/// [`ErrorKind::State`](crate::ErrorKind::State) for a part that is not understood.
pub(super) fn read(spec: &CursorSpec, object: &Map<String, Value>, notes: &mut Vec<Note>) -> Result<Parts> {
    let mut parts = Parts::default();
    let known = ["use_global_cursor", "states", "state", "lookback_window", "parent_state"];
    let is_parts = object.keys().any(|key| known.contains(&key.as_str())) && !object.contains_key(spec.state_key());
    if !is_parts {
        if let Some(value) = incoming::cursor(spec, object, notes)? {
            parts.others = start_after(spec, &value);
            parts.global = Some((value, 0));
        }
        return Ok(parts);
    }
    let states = match object.get("states") {
        None | Some(Value::Null) => [].as_slice(),
        Some(Value::Array(states)) => states,
        Some(_) => return Err(incoming::refused(spec, object, "`states` is no list")),
    };
    for state in states {
        parts.imported.push(spec, object, state, notes)?;
    }
    let lookback = object.get("lookback_window").and_then(Value::as_u64).unwrap_or(0);
    if let Some(Value::Object(global)) = object.get("state")
        && !global.is_empty()
        && let Some(value) = incoming::cursor(spec, global, notes)?
    {
        let is_list = object.get("use_global_cursor") != Some(&Value::Bool(true)) && !states.is_empty();
        if !is_list {
            parts.others = earlier(spec, &value, lookback);
        }
        parts.global = Some((value, lookback));
    }
    let form = if states.is_empty() { "global" } else { "per-partition" };
    notes.push(Note::Python { form });
    Ok(parts)
}

/// The value less the longer of the two look-backs.
fn earlier(spec: &CursorSpec, value: &CursorValue, lookback: u64) -> Option<CursorValue> {
    let ours = start_after(spec, value)?;
    let theirs = spec.before(value, &Span::seconds(lookback)).unwrap_or_else(|| value.clone());
    Some(ours.min(theirs)).max(spec.start.clone())
}

impl Imported {
    fn push(
        &mut self,
        spec: &CursorSpec,
        object: &Map<String, Value>,
        state: &Value,
        notes: &mut Vec<Note>,
    ) -> Result<()> {
        let (Some(Value::Object(partition)), Some(Value::Object(cursor))) =
            (state.get("partition"), state.get("cursor"))
        else {
            return Err(incoming::refused(spec, object, "an entry of `states` has no `partition` and `cursor`"));
        };
        let mut ignored = Vec::new();
        let value = if cursor.is_empty() { None } else { incoming::cursor(spec, cursor, &mut ignored)? };
        notes.extend(ignored.into_iter().find(|note| matches!(note, Note::EarlierStart)));
        let levels = levels(partition);
        let nearest = levels.first().cloned().unwrap_or_default();
        let entry = Entry { state: state.clone(), value, levels: levels.len(), superseded: false };
        let index = self.entries.len();
        let all = levels.join("/");
        // Of several that look alike the lowest value is safe.
        for (map, key) in [(&mut self.by_levels, all), (&mut self.by_nearest, nearest)] {
            let known = map.entry(key).or_insert(index);
            if self.entries.get(*known).is_some_and(|known| entry.value < known.value) {
                *known = index;
            }
        }
        self.entries.push(entry);
        Ok(())
    }

    fn find(&self, key: &PartitionKey) -> Option<usize> {
        if self.entries.is_empty() {
            return None;
        }
        let mut levels = key.levels();
        if let Some(nearest) = levels.first_mut() {
            nearest.drain(..self.texts.min(nearest.len()));
        }
        let levels: Vec<String> = levels.into_iter().map(sorted).collect();
        let index = self.by_levels.get(&levels.join("/")).copied().or_else(|| {
            let index = *self.by_nearest.get(levels.first()?)?;
            (self.entries.get(index)?.levels > levels.len()).then_some(index)
        })?;
        self.entries.get(index).filter(|entry| !entry.superseded).map(|_| index)
    }

    /// The same for partitions that begin with so many texts of their parents. What two parents give alike goes on at the lower value.
    pub(super) fn set_texts(&mut self, texts: usize) {
        self.texts = texts;
    }

    /// Where a partition has got to: nothing if it is not in the list, `Some(None)` if it is and starts anew.
    pub(super) fn get(&self, key: &PartitionKey) -> Option<Option<&CursorValue>> {
        self.find(key).and_then(|index| self.entries.get(index)).map(|entry| entry.value.as_ref())
    }

    /// The partition has an entry of ours now.
    pub(super) fn supersede(&mut self, key: &PartitionKey) {
        if let Some(index) = self.find(key)
            && let Some(entry) = self.entries.get_mut(index)
        {
            entry.superseded = true;
        }
    }

    /// About how many bytes they are as JSON.
    pub(super) const fn bytes(&self) -> usize {
        self.entries.len() * 128
    }

    /// The entries that still count, as they came.
    pub(super) fn states(&self) -> impl Iterator<Item = &Value> {
        self.entries.iter().filter(|entry| !entry.superseded).map(|entry| &entry.state)
    }
}

/// The values of a partition object, one text a level.
fn levels(partition: &Map<String, Value>) -> Vec<String> {
    let (mut levels, mut next) = (Vec::new(), Some(partition));
    while let Some(level) = next {
        let values: Vec<String> =
            level.iter().filter(|(name, _)| *name != "parent_slice").map(|(_, value)| value.to_string()).collect();
        if !values.is_empty() {
            levels.push(sorted(values.iter().map(|value| canonical(value.as_bytes())).collect::<Vec<_>>()));
        }
        next = level.get("parent_slice").and_then(Value::as_object);
    }
    levels
}

fn sorted<S: AsRef<str> + Ord>(mut values: Vec<S>) -> String {
    values.sort();
    values.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(",")
}
