//! Each record of the parents with each of a second parent.

use std::sync::Arc;

use crate::stream::Partition;
use crate::{Error, ErrorKind, Result};

/// The records that came so far. They come as the parents get on, so both sides are kept: whichever waited for the other's end might
/// keep it from getting there.
pub(super) struct Pairs {
    /// The number of the second parent.
    second: usize,
    /// Records of the parents, and of the second.
    sides: [Vec<Arc<Partition>>; 2],
    /// A record that is being paired with those of the other side: its side, and how many of them it was paired with.
    now: Option<(Arc<Partition>, usize, usize)>,
    /// So many records may be held.
    limit: usize,
}

impl Pairs {
    pub(super) fn new(second: usize, limit: usize) -> Self {
        Self { second, sides: [Vec::new(), Vec::new()], now: None, limit }
    }

    /// The next pair of the records that came.
    pub(super) fn next(&mut self) -> Option<Partition> {
        let (record, side, at) = self.now.as_mut()?;
        let Some(other) = self.sides.get(1 - *side).and_then(|others| others.get(*at)) else {
            self.now = None;
            return None;
        };
        *at += 1;
        Some(if *side == 0 { record.paired(other) } else { other.paired(record) })
    }

    /// Takes a record, after all pairs of the one before.
    ///
    /// # Errors
    /// There are more than may be held.
    pub(super) fn take(&mut self, parent: usize, record: Arc<Partition>) -> Result<()> {
        let side = usize::from(parent == self.second);
        let held: usize = self.sides.iter().map(Vec::len).sum();
        if held >= self.limit {
            let text = format!(
                "its parents have more than the {} records that may be held to pair them; ask for less, or raise `Limits::paired_records`",
                self.limit
            );
            return Err(Error::new(ErrorKind::Limit, text));
        }
        if let Some(own) = self.sides.get_mut(side) {
            own.push(Arc::clone(&record));
        }
        self.now = Some((record, side, 0));
        Ok(())
    }
}
