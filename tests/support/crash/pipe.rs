//! A reader of stdout that goes away at a byte.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Takes so many bytes, then breaks, in the middle of a line if need be. Clones share what it took.
#[derive(Debug, Clone)]
pub struct Pipe {
    taken: Arc<Mutex<Vec<u8>>>,
    room: usize,
}

impl Pipe {
    /// Breaks after so many bytes.
    #[must_use]
    pub fn breaking_after(room: usize) -> Self {
        Self { taken: Arc::default(), room }
    }

    /// What it took.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = bytes.len().min(self.room.saturating_sub(taken.len()));
        if fits == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        taken.extend_from_slice(&bytes[..fits]);
        Ok(fits)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
