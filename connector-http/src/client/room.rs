//! Room for answers that came before their turn.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The unit in which room is counted.
const UNIT: usize = 1 << 10;

/// Bytes of bodies that may wait, for all streams of a source together.
pub(crate) struct Room(Arc<Semaphore>);

/// A part of the room; dropping it gives it back.
pub(crate) struct Part(OwnedSemaphorePermit);

impl Room {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / UNIT).min(Semaphore::MAX_PERMITS))))
    }

    /// A part of so many bytes, if there is one now. Nobody waits for it.
    pub(crate) fn reserve(&self, bytes: usize) -> Option<Part> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).ok()?;
        Arc::clone(&self.0).try_acquire_many_owned(units).ok().map(Part)
    }
}

impl Part {
    /// Gives back what is not needed.
    pub(crate) fn shrink(&mut self, bytes: usize) {
        let spare = self.0.num_permits().saturating_sub(bytes.div_ceil(UNIT));
        drop(self.0.split(spare));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_not_needed_is_free_again() {
        let room = Room::new(4 << 10);
        let mut first = room.reserve(3 << 10).unwrap();
        assert!(room.reserve(2 << 10).is_none());
        first.shrink(100);
        let second = room.reserve(3 << 10).unwrap();
        assert!(room.reserve(1).is_none());
        drop((first, second));
        assert!(room.reserve(4 << 10).is_some());
        assert!(Room::new(0).reserve(1).is_none());
    }
}
