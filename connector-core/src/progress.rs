//! What a person at a terminal sees while a sync runs.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::stream::StreamTask;

/// The streams that are being read.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<Mutex<Vec<Weak<StreamTask>>>>);

impl Progress {
    pub(crate) fn watch(&self, task: &Arc<StreamTask>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(task));
    }

    /// The streams that are read, or will be.
    pub(crate) fn tasks(&self) -> Vec<Arc<StreamTask>> {
        let tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.iter().filter_map(Weak::upgrade).collect()
    }

    /// One line about the streams that are being read, short enough for a terminal.
    pub(crate) fn line(&self, seconds: f64) -> String {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|task| task.strong_count() > 0);
        let parts = tasks.iter().filter_map(Weak::upgrade).filter(|task| task.report.is_selected()).map(|task| {
            let totals = task.report.totals();
            let waiting = if task.report.is_waiting() { ", waiting for a rate limit" } else { "" };
            format!("{} {} records, {} pages{waiting}", task.report.name(), totals.emitted, totals.pages)
        });
        let parts: Vec<_> = parts.collect();
        format!("{seconds:.0} s · {}", parts.join(" · "))
    }
}
