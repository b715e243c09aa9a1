//! Where the pages of one slice go.

use std::sync::Arc;
use std::time::SystemTime;

use super::flushed::Flushed;
use super::waits::{OUTPUT, Waiting};
use super::{EndOfSlice, Purpose, Slice, StreamTask};
use crate::Result;
use crate::cancel::Cancel;
use crate::cursor::CursorFold;
use crate::log::Log;
use crate::record::Batch;
use crate::state::{OwnState, StateDraft};

/// Whether a stream goes on after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Flow {
    /// Read the next page.
    Continue,
    /// Enough was read: return [`SliceWriter::stop`].
    Stop,
}

/// How a slice was left: ended, or stopped on purpose before its end.
///
/// Only [`SliceWriter::end`] and [`SliceWriter::stop`] make one.
#[derive(Debug)]
#[must_use]
pub struct SliceEnd {
    /// What a slice that was read to its end brings: its cursor values and the proof. None if it was stopped.
    pub(crate) ended: Option<(Option<CursorFold>, EndOfSlice)>,
    /// What the slice made of a state of an author's type.
    pub(crate) draft: Option<StateDraft>,
}

impl SliceEnd {
    pub(crate) fn is_stopped(&self) -> bool {
        self.ended.is_none()
    }
}

/// What a slice waits for unless it says something better.
const SOURCE: &str = "the source";

/// Where the pages of one slice go; see the [module](crate::stream) for the way of using it.
pub struct SliceWriter {
    task: Arc<StreamTask>,
    slice: Slice,
    waiting: Waiting,
    fold: Option<CursorFold>,
    flushed: Flushed,
    /// `emitted_at` of the current page: a repeated page has the same, so that its lines can be compared.
    emitted_at: Option<i64>,
    /// What the slice's estimate was so far.
    estimated: u64,
    /// What becomes of a state of an author's type.
    draft: Option<StateDraft>,
}

impl SliceWriter {
    pub(crate) fn new(task: Arc<StreamTask>, slice: Slice) -> Self {
        let fold = task.fold(&slice);
        let waiting = task.waits.begin(Some(&slice));
        waiting.set(Some(SOURCE));
        let draft = slice.window.state.as_ref().map(OwnState::draft);
        Self { task, slice, waiting, fold, flushed: Flushed::default(), emitted_at: None, estimated: 0, draft }
    }

    /// Begins a page.
    #[must_use]
    pub fn batch(&mut self) -> Batch {
        let emitted_at = *self.emitted_at.get_or_insert_with(|| self.task.report.now_ms());
        let batch = self.task.batch(emitted_at);
        match &self.fold {
            Some(fold) => batch.with_fold(fold.fresh()),
            None => batch,
        }
    }

    /// The page is whole, well-formed and classified: emits its records and hands them to the sub-streams.
    ///
    /// # Errors
    /// [`Output`](crate::ErrorKind::Output) if the reader of the output went away, [`Cancelled`](crate::ErrorKind::Cancelled) if the sync is to stop.
    pub async fn commit(&mut self, mut batch: Batch) -> Result<Flow> {
        // A page that leaves whole was not flushed: nothing to compare, no need to fingerprint it.
        let compare = self.flushed.any();
        let flow = self.emit(&mut batch, compare).await?;
        if let (Some(fold), Some(page)) = (&mut self.fold, batch.take_fold()) {
            fold.merge(page);
        }
        self.task.report.update(|totals| {
            totals.pages += 1;
            totals.records.merge(batch.accounts());
        });
        self.flushed = Flushed::default();
        self.emitted_at = None;
        match (&self.fold, &self.draft) {
            (Some(fold), _) => self.task.checkpoint(&self.slice, fold).await?,
            (None, Some(draft)) => self.task.checkpoint_own(draft).await?,
            (None, None) => self.task.remember().await?,
        }
        Ok(flow)
    }

    /// The same for a page that a full refresh can go on after: `next` is what the stream needs to ask for the page behind
    /// it. Where the stream is one slice and the catalog names the job, it is emitted as a resume point from time to time,
    /// and an attempt of the same job that follows a failure finds it in [`resume_at`](Self::resume_at). Elsewhere it is
    /// not used.
    ///
    /// # Errors
    /// As [`commit`](Self::commit).
    pub async fn commit_at(&mut self, batch: Batch, next: serde_json::Value) -> Result<Flow> {
        let flow = self.commit(batch).await?;
        if flow == Flow::Continue {
            self.task.advance(&self.slice, next).await?;
        }
        Ok(flow)
    }

    /// Whether a place given to [`commit_at`](Self::commit_at) is used: the stream is a full refresh of one slice, in a job that has a name.
    #[must_use]
    pub fn is_resumable(&self) -> bool {
        self.task.is_resumable(&self.slice)
    }

    /// Where the slice is to begin: what [`commit_at`](Self::commit_at) was given in the attempt that was cut off. None: with
    /// its first page.
    #[must_use]
    pub fn resume_at(&self) -> Option<serde_json::Value> {
        self.task.resume_at(&self.slice)
    }

    /// A body larger than a page may be: emits what is rendered so far.
    ///
    /// # Errors
    /// As [`commit`](Self::commit).
    pub async fn flush(&mut self, batch: &mut Batch) -> Result<Flow> {
        let flow = self.emit(batch, true).await?;
        batch.reuse(self.task.report.buffer());
        Ok(flow)
    }

    /// The page failed and is asked again: records of it that have left are skipped while they are the same.
    pub fn retry_page(&mut self) {
        let left = self.flushed.repeat();
        self.task.report.update(|totals| totals.left_before += left as u64);
    }

    /// What the stream's state becomes when the slice has ended, where it is of an author's type: as it was when the slice began, to be
    /// changed page by page, before each is committed.
    pub fn draft(&mut self) -> Option<&mut StateDraft> {
        self.draft.as_mut()
    }

    /// The same, to be handed back by [`set_draft`](Self::set_draft): a slice that ends without it leaves the state where it is.
    pub fn take_draft(&mut self) -> Option<StateDraft> {
        self.draft.take()
    }

    /// Hands back what [`take_draft`](Self::take_draft) gave.
    pub fn set_draft(&mut self, draft: StateDraft) {
        self.draft = Some(draft);
    }

    /// The slice begins anew, without the state that came in.
    pub fn forget_state(&mut self) {
        self.slice.window = self.slice.window.clone().without_state();
        self.draft = self.slice.window.state.as_ref().map(OwnState::draft);
    }

    /// The slice was read to its end.
    pub fn end(self) -> SliceEnd {
        SliceEnd { ended: Some((self.fold, EndOfSlice::new())), draft: self.draft }
    }

    /// Enough was read: the slice was left before its end, and the state stays where it is.
    pub fn stop(self) -> SliceEnd {
        SliceEnd { ended: None, draft: None }
    }

    /// A rate limit makes the stream wait, until a moment if that is known: tells the platform.
    ///
    /// # Errors
    /// [`Output`](crate::ErrorKind::Output) if the reader of the output went away.
    pub async fn rate_limited(&self, until: Option<SystemTime>) -> Result<()> {
        self.task.report.rate_limited(until).await
    }

    /// How many records the slice has, where the API tells; a later estimate of the same slice takes the place of an earlier
    /// one. The sum over the stream's slices is told as TRACE ESTIMATE when it has grown by a tenth.
    ///
    /// # Errors
    /// [`Output`](crate::ErrorKind::Output) if the reader of the output went away.
    pub async fn estimate(&mut self, rows: u64) -> Result<()> {
        let before = std::mem::replace(&mut self.estimated, rows);
        if self.task.purpose == Purpose::Probe {
            return Ok(());
        }
        self.task.report.estimate(before, rows).await
    }

    /// A wait that has gone on for long: repeats the last safe state, which the platform takes as a sign of life, if the stream has said
    /// nothing for that long. Several waiting slices, and the watchdog that looks after all waits, repeat it once together.
    ///
    /// # Errors
    /// [`Output`](crate::ErrorKind::Output) if the reader of the output went away.
    pub async fn alive(&self, silence: std::time::Duration) -> Result<()> {
        self.task.sign_of_life(silence).await
    }

    /// Whether `check` only looks whether the stream can be read: a stream whose first page costs much (a report that is made
    /// on request) may stop as soon as it knows.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        self.task.purpose == Purpose::Probe
    }

    /// What the slice waits for from now on, for the log of a sync in which nothing moves: `"the server's answer"`. Handing on a
    /// page says so itself, and is followed by the wait for the source.
    pub fn waiting_for(&self, what: &'static str) {
        self.waiting.set(Some(what));
    }

    /// Counts a request that was sent, and whether it repeated one.
    pub fn count_request(&self, repeated: bool) {
        self.waiting.moved();
        self.task.report.update(|totals| {
            totals.requests += 1;
            totals.retries += u64::from(repeated);
        });
    }

    /// Whether, and when, the sync is to stop.
    #[must_use]
    pub fn cancel(&self) -> &Cancel {
        &self.task.cancel
    }

    /// Where to log.
    #[must_use]
    pub fn log(&self) -> &Log {
        self.task.report.log()
    }

    async fn emit(&mut self, batch: &mut Batch, compare: bool) -> Result<Flow> {
        if self.task.purpose == Purpose::Probe {
            // A sub-stream that is probed needs a partition to look at.
            self.task.fan_out.send(batch, 0, &self.slice.partition).await;
            return Ok(Flow::Stop);
        }
        let (mut bytes, mut count) = batch.take_rendered();
        let keys = batch.take_keys();
        let mut repeats = 0;
        if compare {
            let (lines, skip) = self.flushed.pass(&bytes);
            bytes.drain(..skip);
            count -= lines as u64;
            repeats = lines;
        }
        let flow = self.task.keep_within_limit(&mut bytes, &mut count);
        self.task.report.update(|totals| totals.repeats += repeats as u64);
        self.waiting.set(Some(OUTPUT));
        let look = |lines: &mut Vec<u8>| self.task.last_look(lines, &keys, repeats, count);
        self.task.report.records(bytes, count, look).await?;
        self.waiting.set(Some("its sub-streams to take their partitions"));
        self.task.fan_out.send(batch, repeats, &self.slice.partition).await;
        self.waiting.set(Some(SOURCE));
        self.waiting.moved();
        if self.task.cancel.is_cancelled() {
            return Err(self.task.cancel.error());
        }
        // A stream that is read for sub-streams only has no reason to go on when the last of them has ended.
        let wanted = self.task.report.is_selected() || self.task.fan_out.is_wanted();
        Ok(if wanted { flow } else { Flow::Stop })
    }
}
