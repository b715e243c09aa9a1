//! The request to stop a sync, seen by everything that waits.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{Error, ErrorKind};

/// Whether a sync is to stop, and why. Clones share it.
#[derive(Debug, Clone)]
pub struct Cancel {
    reason: Arc<watch::Sender<Option<&'static str>>>,
}

impl Cancel {
    /// Not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self { reason: Arc::new(watch::Sender::new(None)) }
    }

    /// Asks everything to stop. The first reason stays.
    pub fn cancel(&self, reason: &'static str) {
        self.reason.send_if_modified(|current| {
            let first = current.is_none();
            current.get_or_insert(reason);
            first
        });
    }

    /// Whether it was asked for.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.reason.borrow().is_some()
    }

    /// Ends when it is asked for.
    pub async fn cancelled(&self) {
        let mut reason = self.reason.subscribe();
        let _ = reason.wait_for(Option::is_some).await;
    }

    /// The failure of work that was stopped.
    #[must_use]
    pub fn error(&self) -> Error {
        let reason = self.reason.borrow().unwrap_or("the sync was stopped");
        Error::new(
            ErrorKind::Cancelled,
            format!("{reason} before all was read; the next sync goes on from the last state"),
        )
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}
