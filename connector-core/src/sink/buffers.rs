//! Used buffers of written pages, for pages to come.
//!
//! A fresh buffer of a page's size costs more than the walk over the page: the system hands out cleared memory, a fault for each
//! 4 KiB of it, and takes it back when the page is written.

use std::sync::{Mutex, PoisonError};

/// How much memory waits here at most, in bytes.
const KEPT: usize = 4 << 20;

/// Emptied buffers, the one used last on top: it is still in the processor's cache.
#[derive(Debug, Default)]
pub(super) struct Buffers(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    free: Vec<Vec<u8>>,
    bytes: usize,
}

impl Buffers {
    /// An empty buffer, a used one if there is any.
    pub(super) fn take(&self) -> Vec<u8> {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let buffer = shelf.free.pop().unwrap_or_default();
        shelf.bytes -= buffer.capacity();
        buffer
    }

    /// Keeps a buffer that is not needed any more, if there is room.
    pub(super) fn give(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buffer.capacity() > 0 && shelf.bytes + buffer.capacity() <= KEPT {
            shelf.bytes += buffer.capacity();
            shelf.free.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_given_is_taken_first_and_empty() {
        let buffers = Buffers::default();
        buffers.give(vec![1; 100]);
        buffers.give(vec![2; 200]);
        let taken = buffers.take();
        assert!(taken.is_empty());
        assert_eq!(taken.capacity(), 200);
        assert_eq!(buffers.take().capacity(), 100);
        assert_eq!(buffers.take().capacity(), 0);
    }

    #[test]
    fn no_more_than_a_little_memory_is_kept() {
        let buffers = Buffers::default();
        for _ in 0..100 {
            buffers.give(Vec::with_capacity(100 << 10));
        }
        buffers.give(Vec::with_capacity(KEPT + 1));
        let mut kept = 0;
        while let size @ 1.. = buffers.take().capacity() {
            kept += size;
        }
        assert!(kept > KEPT / 2 && kept <= KEPT, "{kept} bytes");
    }
}
