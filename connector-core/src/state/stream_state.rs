//! The state of one stream: what came in, what is certain by now, what is left to read.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::document;
use super::incoming;
use super::key::{PartitionKey, SliceKey};
use super::note::{Note, shown};
use super::own::{Own, OwnState, StateCodec};
use super::partitioned::{Listed, Partitioned};
use super::progress::Progress;
use super::single::{Single, start_after};
use super::snapshot::{Snapshot, is_snapshot};
use crate::Result;
use crate::cursor::{CursorFold, CursorSpec, Windows};
use crate::stream::{Ascending, EndOfSlice};

/// The state of one stream. A pure state machine: no I/O, no clock of its own.
///
/// The engine opens it with the incoming document, asks for the [`windows`](Self::windows) of each partition, tells it
/// which slices ended well ([`close`](Self::close)), and writes its [`document`](Self::document) after their records. The
/// document never covers a record that is not in a slice that ended well, or before a checkpoint in declared order.
///
/// ```
/// use connector_core::cursor::{CursorKind, CursorSpec};
/// use connector_core::state::{PartitionKey, StreamState};
/// use connector_core::stream::CursorField;
/// use serde_json::json;
/// # fn main() -> connector_core::Result<()> {
/// let spec = CursorSpec::new(CursorField { path: &["updated_at"], kind: CursorKind::DateTime });
/// let incoming = json!({"updated_at": "2024-05-01T00:00:00Z"});
/// let mut state = StreamState::open(Some(spec), Some(&incoming), Default::default())?;
/// let windows: Vec<_> = state.windows(&PartitionKey::root()).collect();
/// assert_eq!(windows[0].start.as_ref().map(|start| start.to_text()).as_deref(), Some("2024-05-01T00:00:00Z"));
/// assert_eq!(state.document(), incoming);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct StreamState {
    spec: Option<CursorSpec>,
    now: DateTime<Utc>,
    body: Body,
    parents: Option<Value>,
    notes: Vec<Note>,
}

#[derive(Debug)]
enum Body {
    NoCursor,
    Single(Box<Single>),
    Partitioned(Box<Partitioned>),
    Snapshot(Box<Snapshot>),
    Own(Box<Own>),
}

impl StreamState {
    /// The state of a stream without partitions. `now` is the sync's start.
    ///
    /// # Errors
    /// [`ErrorKind::State`](crate::ErrorKind::State) for a document that is not understood, saying what was found; never a
    /// silent full read. [`ErrorKind::Config`](crate::ErrorKind::Config) for a cursor whose parts do not fit together.
    pub fn open(cursor: Option<CursorSpec>, incoming: Option<&Value>, now: DateTime<Utc>) -> Result<Self> {
        Self::open_with(cursor, incoming, now, false)
    }

    /// The state of a stream with partitions: its own, or its parents' records.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_partitioned(cursor: Option<CursorSpec>, incoming: Option<&Value>, now: DateTime<Utc>) -> Result<Self> {
        Self::open_with(cursor, incoming, now, true)
    }

    /// The same, whose partitions begin with so many texts of their parents ([`ParentLink::named`](crate::stream::ParentLink::named)).
    pub(crate) fn with_texts(mut self, texts: usize) -> Self {
        if let Body::Partitioned(state) = &mut self.body {
            state.imported.set_texts(texts);
        }
        self
    }

    /// The state of a stream without a cursor that tells what was deleted: at most `limit` keys.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_snapshot(incoming: Option<&Value>, now: DateTime<Utc>, limit: usize) -> Result<Self> {
        let mut state = Self::open_with(None, None, now, false)?;
        let snapshot = match Snapshot::open(incoming, limit)? {
            Some(snapshot) => snapshot,
            None => {
                no_cursor(incoming, &mut state.notes);
                Snapshot::open(None, limit)?.unwrap_or_default()
            }
        };
        state.body = Body::Snapshot(Box::new(snapshot));
        Ok(state)
    }

    /// The state of a stream whose state is of an author's type.
    ///
    /// # Errors
    /// [`ErrorKind::State`](crate::ErrorKind::State) for a document that is not understood, or of a version that is not known.
    pub fn open_own(codec: StateCodec, incoming: Option<&Value>, now: DateTime<Utc>) -> Result<Self> {
        let mut state = Self::open_with(None, None, now, false)?;
        state.body = Body::Own(Box::new(Own::open(codec, incoming, &mut state.notes)?));
        Ok(state)
    }

    /// Whether it is of an author's type.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        matches!(self.body, Body::Own(_))
    }

    /// What the state of an author's type has become with a slice that was read to its end: the proof says so.
    pub(crate) fn close_own(&mut self, state: OwnState, text: String, end: EndOfSlice) {
        let EndOfSlice { .. } = end;
        if let Body::Own(own) = &mut self.body {
            own.set(state, text);
        }
    }

    /// The same with a page, where the stream declares that its state counts after each.
    pub(crate) fn checkpoint_own(&mut self, state: OwnState, text: String, _order: Ascending) {
        if let Body::Own(own) = &mut self.body {
            own.set(state, text);
        }
    }

    /// Records with these keys were put out, one key each (nothing: the record has none). Of no use but to a stream that tells
    /// what was deleted.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`](crate::ErrorKind::Limit): there are more keys than may be remembered.
    pub fn saw<'k>(&mut self, keys: impl Iterator<Item = Option<&'k str>>) -> Result<()> {
        match &mut self.body {
            Body::Snapshot(snapshot) => snapshot.saw(keys),
            _ => Ok(()),
        }
    }

    /// Whether it remembers keys, to tell what was deleted.
    #[must_use]
    pub const fn is_snapshot(&self) -> bool {
        matches!(self.body, Body::Snapshot(_))
    }

    /// How many records had no key.
    #[must_use]
    pub fn without_key(&self) -> u64 {
        match &self.body {
            Body::Snapshot(snapshot) => snapshot.without_key(),
            _ => 0,
        }
    }

    /// The keys of records that were there before and were not seen in this sync, from the `from`-th on, at most `most`. To be asked
    /// when everything was read, and not before.
    #[must_use]
    pub fn gone(&self, from: usize, most: usize) -> Vec<String> {
        match &self.body {
            Body::Snapshot(snapshot) => snapshot.gone(from, most),
            _ => Vec::new(),
        }
    }

    /// The deletions of all [`gone`](Self::gone) records were put out.
    pub fn forget_gone(&mut self) {
        if let Body::Snapshot(snapshot) = &mut self.body {
            snapshot.forget_gone();
        }
    }

    fn open_with(
        cursor: Option<CursorSpec>,
        incoming: Option<&Value>,
        now: DateTime<Utc>,
        partitioned: bool,
    ) -> Result<Self> {
        let spec = cursor.map(CursorSpec::checked).transpose()?;
        let mut notes = Vec::new();
        let body = match &spec {
            None => {
                no_cursor(incoming, &mut notes);
                Body::NoCursor
            }
            Some(spec) if partitioned => Body::Partitioned(Box::new(document::read(spec, incoming, now, &mut notes)?)),
            Some(spec) => {
                let value = incoming::single(spec, incoming, &mut notes)?;
                Body::Single(Box::new(Single::new(value, Progress::default())))
            }
        };
        let parents = incoming.and_then(|incoming| incoming.get("parent_state"));
        let parents = parents.filter(|parents| parents.as_object().is_some_and(|parents| !parents.is_empty()));
        Ok(Self { spec, now, body, parents: parents.cloned(), notes })
    }

    /// What the operator should know of the incoming state; to be logged once.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The cursor, checked, with start and end of the field's kind.
    #[must_use]
    pub const fn spec(&self) -> Option<&CursorSpec> {
        self.spec.as_ref()
    }

    /// What is left to read of a partition, oldest first; begins the partition. To be asked once for each. None if there is
    /// nothing, because the state lies behind the end, or because the partition was begun before (a parent that came twice).
    pub fn windows(&mut self, partition: &PartitionKey) -> Windows {
        if let Body::Own(own) = &self.body {
            return Windows::whole().with_state(own.start()).begun_by_state(own.state.is_some());
        }
        let Some(spec) = &self.spec else { return Windows::whole() };
        match &mut self.body {
            Body::NoCursor | Body::Snapshot(_) | Body::Own(_) => Windows::whole(),
            Body::Single(single) => {
                let start = match &single.value {
                    Some(value) => start_after(spec, value),
                    None => spec.start.clone(),
                };
                spec.windows(start, self.now).begun_by_state(single.value.is_some())
            }
            Body::Partitioned(state) => {
                let known = state.knows(partition);
                let Some(start) = state.begin(spec, partition) else { return Windows::none() };
                let windows = spec.windows(start, self.now).begun_by_state(known);
                if windows.is_empty() {
                    state.nothing_to_read(partition);
                }
                windows
            }
        }
    }

    /// Whether it knows which partitions this sync has begun, so that none is read twice.
    pub(crate) const fn knows_what_it_began(&self) -> bool {
        matches!(&self.body, Body::Partitioned(state) if state.is_asked_up_to())
    }

    /// The fold for the records of a slice; nothing for a stream without cursor.
    #[must_use]
    pub fn fold(&self, slice: &SliceKey<'_>) -> Option<CursorFold> {
        self.spec.as_ref().map(|spec| CursorFold::of_window(spec, slice.window, self.now))
    }

    /// A slice was read to its end: the proof says so. Slices may end in any order; the state covers only what has no gap
    /// before it.
    pub fn close(&mut self, slice: &SliceKey<'_>, fold: CursorFold, end: EndOfSlice) {
        let EndOfSlice { .. } = end;
        match (&self.spec, &mut self.body) {
            (Some(_), Body::Single(single)) => {
                if let Some(certain) = single.progress.end(slice.window, fold.max().cloned()) {
                    single.raise(certain.value);
                }
            }
            (Some(spec), Body::Partitioned(state)) => state.end(spec, slice, &fold),
            _ => {}
        }
    }

    /// Inside a slice whose records come in declared ascending order, after those that the fold (of the whole slice so
    /// far) has seen. Tells whether the state can have moved: it does not while an earlier window is open, nor if the
    /// records were not in order after all ([`CursorFold::is_ascending`]).
    pub fn checkpoint(&mut self, slice: &SliceKey<'_>, fold: &CursorFold, _order: Ascending) -> bool {
        if !fold.is_ascending() {
            return false;
        }
        match (&self.spec, &mut self.body) {
            (Some(_), Body::Single(single)) => {
                let value = single.progress.inside(slice.window, fold.max());
                let moves = value > single.value;
                single.raise(value);
                moves
            }
            (Some(spec), Body::Partitioned(state)) => state.inside(spec, slice, fold),
            _ => false,
        }
    }

    /// A partition failed; what its ended slices and checkpoints brought is kept, the rest is read next time.
    pub fn abandon(&mut self, partition: &PartitionKey) {
        if let Body::Partitioned(state) = &mut self.body {
            state.abandon(partition);
        }
    }

    /// The stream was read: all its partitions were listed as `listed` says, and no more slices will come. Folds what the
    /// sync has finished, unless a partition is open or was abandoned.
    pub fn finish(&mut self, listed: Listed) {
        if let (Some(spec), Body::Partitioned(state)) = (&self.spec, &mut self.body) {
            state.finish(spec, listed);
        }
    }

    /// How many times a partition came again within this sync, and was not read again.
    #[must_use]
    pub fn duplicates(&self) -> u64 {
        match &self.body {
            Body::Partitioned(state) => state.duplicates(),
            _ => 0,
        }
    }

    /// The states of the parents that are read incrementally for this stream, by stream name, as they came in or were set.
    #[must_use]
    pub const fn parents(&self) -> Option<&Value> {
        self.parents.as_ref()
    }

    /// Sets the parents' states. To be called only when every partition that the parents' records up to that state are
    /// has ended, else these are not read next time.
    pub fn set_parents(&mut self, parents: Value) {
        self.parents = Some(parents);
    }

    /// About how many bytes [`write_to`](Self::write_to) writes, without writing them.
    #[must_use]
    pub fn document_bytes(&self) -> u64 {
        let body = match &self.body {
            Body::NoCursor => 2,
            Body::Single(_) => 64,
            Body::Snapshot(snapshot) => snapshot.bytes(),
            Body::Own(own) => own.text().len(),
            Body::Partitioned(state) => state.known.bytes() + state.imported.bytes() + 256,
        };
        body as u64
    }

    /// Writes the document: compact JSON, no line end.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        if let Body::Own(own) = &self.body {
            return out.extend_from_slice(own.text().as_bytes());
        }
        match (&self.spec, &self.body) {
            (Some(spec), Body::Single(single)) => single.write_to(spec, out),
            (Some(spec), Body::Partitioned(state)) => document::write_to(spec, state, out),
            (_, Body::Snapshot(snapshot)) => snapshot.write_to(out),
            _ => out.extend_from_slice(b"{"),
        }
        if let Some(parents) = &self.parents {
            if out.last() == Some(&b'}') && matches!(self.body, Body::Single(_)) {
                out.pop();
            }
            let separator = if out.last() == Some(&b'{') { "" } else { "," };
            out.extend_from_slice(format!("{separator}\"parent_state\":{parents}").as_bytes());
            out.push(b'}');
        } else if !matches!(self.body, Body::Single(_)) {
            out.push(b'}');
        }
    }

    /// The document: `{}` for a stream without cursor, `{"updated_at": <largest value seen>}` without partitions.
    #[must_use]
    pub fn document(&self) -> Value {
        let mut out = Vec::new();
        self.write_to(&mut out);
        serde_json::from_slice(&out).unwrap_or_default()
    }
}

/// A stream without cursor has no use for a state; its own empty one and that of a full refresh are no news.
fn no_cursor(incoming: Option<&Value>, notes: &mut Vec<Note>) {
    let Some(Value::Object(object)) = incoming else { return };
    let known = object.is_empty() || object.contains_key("parent_state") || is_snapshot(object);
    if let Some(note) = incoming::full_refresh(None, object) {
        notes.push(note);
    } else if !known {
        notes.push(Note::Unused { found: shown(&Value::Object(object.clone())) });
    }
}
