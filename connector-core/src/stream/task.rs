//! What all slices of one stream share in one sync.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::deleted::deleted;
use super::distinct::Distinct;
use super::resume::{Position, Resume, is_whole};
use super::waits::Waits;
use super::{Ascending, FanOut, FieldPath, Flow, Partition, Report, Slice, SliceEnd};
use crate::Result;
use crate::cancel::Cancel;
use crate::cursor::{CursorFold, CursorSpec, Windows};
use crate::engine::Environment;
use crate::protocol::RawJson;
use crate::record::{Batch, Framing, LineKeys, Plan};
use crate::state::{EmissionPolicy, Listed, SliceKey, StateCodec, StateDraft, StreamState};

/// Deletions that are rendered at a time.
const DELETIONS: usize = 20_000;
/// About how long a state's line is besides its document.
const ENVELOPE: u64 = 150;

/// Why a stream is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To emit its records, feed its sub-streams, or both.
    Sync,
    /// To see whether its first page can be read (`check`): nothing is emitted.
    Probe,
}

/// One stream in one sync.
pub(crate) struct StreamTask {
    pub(crate) report: Report,
    pub(crate) cancel: Cancel,
    pub(crate) purpose: Purpose,
    pub(crate) fan_out: FanOut,
    pub(crate) waits: Arc<Waits>,
    plan: Arc<Plan>,
    framing: Framing,
    ascending: Option<Ascending>,
    /// Whether a state of an author's type counts after each page.
    each_page: Option<Ascending>,
    /// Whether it was told that the declared order does not hold.
    disorder_told: AtomicBool,
    state: Mutex<StreamState>,
    position: Option<Mutex<Position>>,
    policy: EmissionPolicy,
    /// Records that may still be emitted (`--limit`).
    left: Option<AtomicU64>,
    /// The records that have left, where one that comes again is dropped.
    distinct: Option<Mutex<Distinct>>,
}

impl StreamTask {
    pub(crate) fn new(
        report: Report,
        environment: &Environment,
        fan_out: FanOut,
        plan: Plan,
        state: StreamState,
    ) -> Self {
        let limit = environment.limit.filter(|_| report.is_selected());
        Self {
            report,
            cancel: environment.cancel.clone(),
            purpose: environment.purpose,
            fan_out,
            waits: Waits::new(Arc::clone(&environment.clock)),
            plan: Arc::new(plan),
            framing: environment.framing,
            ascending: state.spec().and_then(CursorSpec::ascending),
            each_page: None,
            disorder_told: AtomicBool::new(false),
            state: Mutex::new(state),
            position: None,
            policy: EmissionPolicy::default(),
            left: limit.map(AtomicU64::new),
            distinct: None,
        }
    }

    /// The same, whose own state counts after each page if it says so.
    pub(crate) fn with_own(mut self, codec: Option<StateCodec>) -> Self {
        self.each_page = codec.filter(|codec| codec.each_page).map(|_| Ascending::new());
        self
    }

    /// The same, dropping records whose key has left; up to so many keys.
    pub(crate) fn with_distinct(mut self, limit: Option<usize>) -> Self {
        self.distinct = limit.map(|limit| Mutex::new(Distinct::new(limit)));
        self
    }

    /// The last look at lines before they are put out: drops duplicates, remembers keys. Returns how many lines were dropped.
    pub(crate) fn last_look(&self, lines: &mut Vec<u8>, keys: &LineKeys, skip: usize, count: u64) -> Result<u64> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let dropped = match &self.distinct {
            Some(distinct) => {
                let mut distinct = distinct.lock().unwrap_or_else(PoisonError::into_inner);
                distinct.keep_new(lines, keys.iter().skip(skip).take(count))?
            }
            None => 0,
        };
        let mut state = self.state();
        if state.is_snapshot() {
            state.saw(keys.iter().skip(skip).take(count))?;
        }
        Ok(dropped)
    }

    /// Everything was read: tells of the records that were there before and are no more.
    pub(crate) async fn emit_deletions(&self, key: &[FieldPath]) -> Result<()> {
        if !self.state().is_snapshot() {
            return Ok(());
        }
        let rejected = self.report.totals().records.rejected;
        let without = self.state().without_key();
        if without + rejected > 0 {
            self.report.log().warn(format_args!(
                "stream `{}`: {without} records had no key and {rejected} were rejected, so it is not told which of the others were deleted",
                self.report.name()
            ));
            return Ok(());
        }
        let mut told = 0;
        loop {
            let gone = self.state().gone(told, DELETIONS);
            if gone.is_empty() {
                break;
            }
            let mut batch = self.batch(self.report.now_ms());
            let moment = chrono::DateTime::<chrono::Utc>::from(self.report.now());
            for record in &gone {
                batch.push_gone(deleted(record, key, moment).as_bytes());
            }
            let (bytes, count) = batch.take_rendered();
            self.report.update(|totals| totals.deletions += count);
            self.report.records(bytes, count, |_| Ok(0)).await?;
            told += gone.len();
        }
        self.state().forget_gone();
        Ok(())
    }

    /// Emits a state if it is due, where it remembers keys: what leaves after it is not remembered by a sync that is cut off.
    pub(crate) async fn remember(&self) -> Result<()> {
        if self.state().is_snapshot() { self.emit_state_if_due().await } else { Ok(()) }
    }

    /// The same, as a full refresh that can go on at a page.
    pub(crate) fn with_resume(mut self, resume: Option<Resume>) -> Self {
        self.position = resume.map(|resume| Mutex::new(Position::new(resume)));
        self
    }

    /// A page's worth of records, to be filled.
    pub(crate) fn batch(&self, emitted_at: i64) -> Batch {
        Batch::new(Arc::clone(&self.plan), self.framing, emitted_at).with_buffer(self.report.buffer())
    }

    /// The cursor values of a slice, none yet.
    pub(crate) fn fold(&self, slice: &Slice) -> Option<CursorFold> {
        let partition = slice.partition.key();
        self.state().fold(&SliceKey { partition: &partition, window: &slice.window })
    }

    /// What is left to read of a partition.
    pub(crate) fn windows(&self, partition: &Partition) -> Windows {
        self.state().windows(&partition.key())
    }

    /// Cuts a piece to what `--limit` leaves.
    pub(crate) fn keep_within_limit(&self, bytes: &mut Vec<u8>, count: &mut u64) -> Flow {
        let Some(limit) = &self.left else { return Flow::Continue };
        let take = |left: u64| Some(left.saturating_sub(*count));
        let left = limit.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).unwrap_or_default();
        if left < *count {
            let lines = usize::try_from(left).unwrap_or(usize::MAX);
            let end = bytes.split_inclusive(|&byte| byte == b'\n').take(lines).map(<[u8]>::len).sum();
            bytes.truncate(end);
            self.report.update(|totals| totals.over_limit += *count - left);
            *count = left;
        }
        if left <= *count { Flow::Stop } else { Flow::Continue }
    }

    /// Whether a page of a slice is a place that a full refresh can go on at.
    pub(crate) fn is_resumable(&self, slice: &Slice) -> bool {
        self.position.is_some() && is_whole(slice)
    }

    /// Where a slice begins, if an earlier attempt was cut off within it.
    pub(crate) fn resume_at(&self, slice: &Slice) -> Option<serde_json::Value> {
        self.position().filter(|_| is_whole(slice))?.first().cloned()
    }

    /// A page of a slice was committed, and this is the place of the next.
    pub(crate) async fn advance(&self, slice: &Slice, next: serde_json::Value) -> Result<()> {
        match self.position().filter(|_| is_whole(slice)) {
            Some(mut position) => position.advance(next),
            None => return Ok(()),
        }
        self.emit_state_if_due().await
    }

    fn position(&self) -> Option<MutexGuard<'_, Position>> {
        Some(self.position.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A slice ended: advances the state if it was read to its end, and emits it if it is due.
    pub(crate) async fn close(&self, slice: &Slice, end: SliceEnd) -> Result<()> {
        let Some((fold, proof)) = end.ended else { return Ok(()) };
        let partition = slice.partition.key();
        let key = SliceKey { partition: &partition, window: &slice.window };
        if let Some(draft) = end.draft {
            let state = draft.own();
            let text = state.document()?;
            self.state().close_own(state, text, proof);
        } else if let Some(fold) = fold {
            self.state().close(&key, fold, proof);
        }
        if let Some(mut position) = self.position() {
            position.end();
        }
        self.emit_state_if_due().await
    }

    /// A partition failed: what its ended slices brought is kept, the rest is read next time.
    pub(crate) fn abandon(&self, partition: &Partition) {
        self.state().abandon(&partition.key());
    }

    /// All partitions that were listed were read to their ends.
    pub(crate) fn finish(&self, listed: Listed, parents: Option<serde_json::Value>) {
        let mut state = self.state();
        if let Some(parents) = parents {
            state.set_parents(parents);
        }
        state.finish(listed);
    }

    /// Partitions that came more than once and were read once.
    pub(crate) fn duplicates(&self) -> u64 {
        self.state().duplicates()
    }

    /// The state's document, for the streams that depend on this one.
    pub(crate) fn document(&self) -> serde_json::Value {
        self.state().document()
    }

    /// A page of a slice was committed: where the stream declares an ascending order, the state advances.
    pub(crate) async fn checkpoint(&self, slice: &Slice, fold: &CursorFold) -> Result<()> {
        let Some(ascending) = self.ascending else { return Ok(()) };
        if !fold.is_ascending() && !self.disorder_told.swap(true, Ordering::Relaxed) {
            self.report.log().warn(format_args!(
                "stream `{}`: its records do not come in the ascending order that it declares; from there on the state waits for the end of the slice",
                self.report.name()
            ));
        }
        let partition = slice.partition.key();
        let key = SliceKey { partition: &partition, window: &slice.window };
        let moved = self.state().checkpoint(&key, fold, ascending);
        if moved { self.emit_state_if_due().await } else { Ok(()) }
    }

    /// A page was committed: where the stream says that its own state counts after each, it does.
    pub(crate) async fn checkpoint_own(&self, draft: &StateDraft) -> Result<()> {
        let Some(order) = self.each_page else { return Ok(()) };
        let state = draft.own();
        let text = state.document()?;
        self.state().checkpoint_own(state, text, order);
        self.emit_state_if_due().await
    }

    async fn emit_state_if_due(&self) -> Result<()> {
        if self.state_is_empty() {
            return Ok(());
        }
        let due = self.policy.should_emit(self.report.bytes_since_state(), self.state_bytes());
        if due { self.emit_state().await } else { Ok(()) }
    }

    /// Emits the last safe state.
    pub(crate) async fn emit_state(&self) -> Result<()> {
        let size = self.state_bytes();
        self.report.state(size, || self.render_state()).await
    }

    /// Repeats the last safe state if the stream has said nothing for so long: platforms end a sync that seems dead, and take
    /// only records and states for life.
    pub(crate) async fn sign_of_life(&self, silence: Duration) -> Result<()> {
        // Whoever waits for the output would only be joined by one more.
        if self.purpose == Purpose::Probe || self.waits.for_output() || !self.report.is_silent(silence) {
            return Ok(());
        }
        let size = self.state_bytes();
        self.report.state_while_running(size, || self.render_state()).await
    }

    /// Whether the document says nothing, however much was read.
    fn state_is_empty(&self) -> bool {
        let state = self.state();
        let nothing = state.spec().is_none() && !state.is_snapshot() && !state.is_own();
        drop(state);
        nothing && self.position().is_none_or(|position| position.document().is_none())
    }

    /// About how long the state's line is.
    fn state_bytes(&self) -> u64 {
        let resume = self.position().and_then(|position| position.document());
        ENVELOPE + resume.map_or_else(|| self.state().document_bytes(), |document| document.len() as u64)
    }

    fn render_state(&self) -> Result<RawJson> {
        if let Some(resume) = self.position().and_then(|position| position.document()) {
            return RawJson::parse(resume);
        }
        let mut document = Vec::new();
        self.state().write_to(&mut document);
        RawJson::parse(String::from_utf8_lossy(&document).into_owned())
    }

    fn state(&self) -> MutexGuard<'_, StreamState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
