//! The engine's part, shortened: folds values, closes slices.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::cursor::{CursorFold, CursorKind, CursorSpec, CursorValue, Window};
use crate::state::{PartitionKey, SliceKey, StreamState};
use crate::stream::{CursorField, EndOfSlice};

pub(super) const UPDATED_AT: CursorField = CursorField { path: &["updated_at"], kind: CursorKind::DateTime };
pub(super) const ID: CursorField = CursorField { path: &["id"], kind: CursorKind::Integer };

pub(super) fn spec() -> CursorSpec {
    CursorSpec::new(UPDATED_AT)
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn moment(text: &str) -> CursorValue {
    CursorValue::from_text(CursorKind::DateTime, text, &[]).unwrap()
}

pub(super) fn partition(id: i64) -> PartitionKey {
    PartitionKey::new([[id.to_string().as_bytes()]])
}

pub(super) fn folded(state: &StreamState, slice: &SliceKey<'_>, values: &[&str]) -> CursorFold {
    let mut fold = state.fold(slice).unwrap();
    for value in values {
        fold.push(Some(value.as_bytes())).unwrap();
    }
    fold
}

/// Ends a slice in which records with these cursor values (as JSON) were seen.
pub(super) fn close(state: &mut StreamState, partition: &PartitionKey, window: &Window, values: &[&str]) {
    let slice = SliceKey { partition, window };
    let fold = folded(state, &slice, values);
    state.close(&slice, fold, EndOfSlice::new());
}

/// The lower bounds of what is left to read of a partition.
pub(super) fn starts(state: &mut StreamState, partition: &PartitionKey) -> Vec<Option<String>> {
    state.windows(partition).map(|window| window.start.map(|start| start.to_text())).collect()
}

pub(super) fn reopened(spec: CursorSpec, document: &Value, now: &str) -> StreamState {
    StreamState::open_partitioned(Some(spec), Some(document), at(now)).unwrap()
}
