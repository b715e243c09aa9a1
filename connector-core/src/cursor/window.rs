//! Windows: the bounds of one slice, and the cutting of what is left to read.

use chrono::{DateTime, Utc};

use super::{CursorSpec, CursorValue, EndBound, Key};
use crate::state::{OwnState, another_type};

/// The bounds of one slice, as requests send them, and as the client-side filter applies them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Window {
    /// The lower bound, included or not as the stream declares it; nothing: from the beginning.
    pub start: Option<CursorValue>,
    /// The upper bound, included or not as the stream declares it; nothing: whatever there is.
    pub end: Option<CursorValue>,
    /// Whether a state says where it begins.
    pub(crate) from_state: bool,
    /// Its place among the windows of its partition.
    pub(crate) index: u64,
    /// Whether it is the last of its partition.
    pub(crate) last: bool,
    /// The largest value that is covered once this window and all before it are read; nothing: all.
    pub(crate) covers: Option<Key>,
    /// Where the next window begins.
    pub(crate) next: Option<Key>,
    /// Where it begins, if the stream's state is of an author's type.
    pub(crate) state: Option<OwnState>,
}

impl Window {
    /// No bounds: a stream without cursor.
    #[must_use]
    pub const fn whole() -> Self {
        Self::between(None, None)
    }

    /// The only window of its partition.
    #[must_use]
    pub const fn between(start: Option<CursorValue>, end: Option<CursorValue>) -> Self {
        Self { start, end, from_state: false, index: 0, last: true, covers: None, next: None, state: None }
    }

    /// The stream's state as it was when the slice began, where it is of an author's type.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal): the stream's descriptor names another type, or none.
    pub fn state<T: std::any::Any>(&self) -> crate::Result<&T> {
        self.state.as_ref().and_then(OwnState::get).ok_or_else(another_type)
    }

    /// Whether the stream's state is of an author's type.
    #[must_use]
    pub const fn has_state(&self) -> bool {
        self.state.is_some()
    }

    /// The same, begun without a state: what the API said of it is gone.
    #[must_use]
    pub fn without_state(mut self) -> Self {
        self.state = self.state.map(|state| state.first());
        self.from_state = false;
        self
    }

    /// Its place among the windows of its partition, from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Whether its partition is read from where a state says, not from the beginning.
    #[must_use]
    pub const fn is_from_state(&self) -> bool {
        self.from_state
    }

    /// Whether it is the last of its partition.
    #[must_use]
    pub const fn is_last(&self) -> bool {
        self.last
    }
}

/// The windows of a partition, oldest first, cut one at a time: ten years of hours are never a list.
#[derive(Debug, Clone)]
pub struct Windows {
    spec: Option<CursorSpec>,
    start: Option<CursorValue>,
    last: Option<Key>,
    from_state: bool,
    index: u64,
    done: bool,
    state: Option<OwnState>,
}

impl CursorSpec {
    /// The windows from `start` (included; nothing: from the beginning) to the sync's end. None if the start lies
    /// behind the end.
    #[must_use]
    pub fn windows(&self, start: Option<CursorValue>, now: DateTime<Utc>) -> Windows {
        let start = start.map(|start| self.first(start));
        let last = self.last(now).map(|last| self.on_grain(last));
        let done = matches!((&start, &last), (Some(start), Some(last)) if start.key > *last);
        Windows { spec: Some(self.clone()), start, last, from_state: false, index: 0, done, state: None }
    }
}

impl Windows {
    /// The one window of a stream without cursor.
    pub(crate) const fn whole() -> Self {
        Self { spec: None, start: None, last: None, from_state: false, index: 0, done: false, state: None }
    }

    /// No windows.
    pub(crate) const fn none() -> Self {
        Self { spec: None, start: None, last: None, from_state: false, index: 0, done: true, state: None }
    }

    /// The same, begun where a state says.
    pub(crate) const fn begun_by_state(mut self, from_state: bool) -> Self {
        self.from_state = from_state;
        self
    }

    /// The same, begun with a state of an author's type.
    pub(crate) fn with_state(mut self, state: OwnState) -> Self {
        self.state = Some(state);
        self
    }

    /// Whether there is nothing left.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.done
    }

    /// Where the window after this one begins, and where this one ends; nothing if this is the final one.
    fn cut(&self) -> Option<(Key, Key)> {
        let spec = self.spec.as_ref()?;
        let (start, last) = (&self.start.as_ref()?.key, self.last.as_ref()?);
        let (next, grain) = (spec.border_after(start, &spec.step?)?, spec.grain());
        // A last window of one point is worth a request only where that point is in no other.
        let alone = grain.is_some() || spec.end_bound == EndBound::Exclusive;
        let goes_on = next < *last || (alone && next == *last);
        if !goes_on || next <= *start {
            return None;
        }
        let end = match (spec.end_bound, grain) {
            (EndBound::Inclusive, Some(grain)) => spec.upper(spec.key_before(&next, &grain)?),
            _ => next.clone(),
        };
        Some((next, end))
    }

    /// The lower bound of a window that begins here, as requests send it.
    fn sent(&self, start: Option<CursorValue>) -> Option<CursorValue> {
        match &self.spec {
            Some(spec) => start.map(|start| spec.sent_start(start)),
            None => start,
        }
    }

    /// The final window, up to the end of the sync.
    fn final_window(&mut self) -> Window {
        self.done = true;
        let end = self.last.clone().map(|last| match &self.spec {
            Some(spec) if spec.end_bound == EndBound::Exclusive => last.plus(&spec.sent_grain()).unwrap_or(last),
            _ => last,
        });
        let end = end.map(|end| CursorValue::of(self.spec.as_ref().map_or(end.clone(), |spec| spec.upper(end))));
        let (start, from_state) = (self.start.take(), self.from_state);
        let start = self.sent(start);
        Window {
            start,
            from_state,
            index: self.index,
            last: true,
            // A record beyond it, of whichever window (one that the API returns with each), does not cover what lies between.
            covers: end.as_ref().map(|end| end.key.clone()),
            end,
            next: None,
            state: self.state.take(),
        }
    }
}

impl Iterator for Windows {
    type Item = Window;

    fn next(&mut self) -> Option<Window> {
        if self.done {
            return None;
        }
        let Some((next, end)) = self.cut() else { return Some(self.final_window()) };
        let start = self.start.replace(CursorValue::of(next.clone()));
        let index = self.index;
        self.index += 1;
        Some(Window {
            start: self.sent(start),
            end: Some(CursorValue::of(end.clone())),
            from_state: self.from_state,
            index,
            last: false,
            covers: Some(end),
            next: Some(next),
            state: None,
        })
    }
}
