//! The place at which a full refresh goes on, page by page.

use serde_json::Value;

use super::Slice;
use crate::state::ResumePoint;

/// A full refresh that can go on at a page: within one job, and only where the whole stream is one slice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resume {
    /// The job.
    pub(crate) sync_id: i64,
    /// Where an earlier attempt of the job was cut off.
    pub(crate) page: Option<Value>,
}

/// How far a full refresh has got.
#[derive(Debug)]
pub(super) struct Position {
    resume: Resume,
    /// After the pages that were committed. None before the first and after the last: that is no resume point.
    next: Option<Value>,
}

impl Position {
    /// An attempt that ends before its first page leaves the place where it was.
    pub(super) fn new(resume: Resume) -> Self {
        Self { next: resume.page.clone(), resume }
    }

    /// Where to begin.
    pub(super) fn first(&self) -> Option<&Value> {
        self.resume.page.as_ref()
    }

    /// A page was committed.
    pub(super) fn advance(&mut self, next: Value) {
        self.next = Some(next);
    }

    /// All was read.
    pub(super) fn end(&mut self) {
        self.next = None;
    }

    /// The document to emit, if it is a resume point.
    pub(super) fn document(&self) -> Option<String> {
        let page = self.next.clone()?;
        Some(ResumePoint { page, sync_id: self.resume.sync_id }.document().to_string())
    }
}

/// Whether a slice is the whole stream, so that a page of it is a place in the stream.
pub(super) fn is_whole(slice: &Slice) -> bool {
    slice.partition.is_root() && slice.window.index() == 0 && slice.window.is_last()
}
