//! How far the windows of one partition have got: only an unbroken row of ended windows counts.

use std::collections::BTreeMap;

use crate::cursor::{CursorValue, Key, Window};

/// The windows of a partition that have ended. Windows may end in any order; those behind a gap wait for it to close.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// How many windows have ended, without a gap.
    ended: u64,
    /// The largest value seen in them.
    max: Option<CursorValue>,
    /// What they made certain: no value beyond what the last of them was asked for.
    certain: Option<CursorValue>,
    /// Ended windows behind a gap.
    ahead: BTreeMap<u64, Ended>,
}

#[derive(Debug)]
struct Ended {
    max: Option<CursorValue>,
    covers: Option<Key>,
    last: bool,
}

/// What an ended window makes certain.
#[derive(Debug)]
pub(super) struct Certain {
    /// The largest value up to which everything was read and of which a record was seen; nothing: no record yet.
    pub(super) value: Option<CursorValue>,
    /// Whether all windows have ended.
    pub(super) done: bool,
}

impl Progress {
    /// Takes note of an ended window; tells what is certain now, if that is more than before.
    pub(super) fn end(&mut self, window: &Window, max: Option<CursorValue>) -> Option<Certain> {
        if window.index < self.ended {
            return None;
        }
        let ended = Ended { max, covers: window.covers.clone(), last: window.last };
        self.ahead.insert(window.index, ended);
        let mut certain = None;
        while let Some(ended) = self.ahead.remove(&self.ended) {
            self.ended += 1;
            self.max = self.max.take().max(ended.max);
            let value = capped(self.max.clone(), ended.covers.as_ref(), ended.last);
            self.certain.clone_from(&value);
            certain = Some(Certain { value, done: ended.last });
        }
        certain
    }

    /// What is certain inside a window whose records come in ascending order, after those that the fold has seen;
    /// nothing if an earlier window has not ended.
    pub(super) fn inside(&self, window: &Window, max: Option<&CursorValue>) -> Option<CursorValue> {
        if window.index != self.ended {
            return None;
        }
        capped(self.certain.clone().max(max.cloned()), window.covers.as_ref(), window.last)
    }
}

/// A value beyond what was asked for (an API that ignores the upper bound) says nothing about what lies between, be it in the
/// windows to come or, of the last window, in the next sync.
fn capped(value: Option<CursorValue>, covers: Option<&Key>, last: bool) -> Option<CursorValue> {
    let value = value?;
    match covers {
        Some(covers) if value.key > *covers => Some(CursorValue::of(covers.clone())),
        // The border may be the next window's: what it has there is not read up to the second part.
        Some(covers) if !last && value.key == *covers && value.then.is_some() => {
            Some(CursorValue { then: None, ..value })
        }
        _ => Some(value),
    }
}
