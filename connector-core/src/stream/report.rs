//! What the output says of one stream: statuses in order, counts that add up, states after their records.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::StreamDescriptor;
use super::flushed::fingerprint;
use crate::clock::{Clock, epoch_ms};
use crate::log::Log;
use crate::protocol::{
    ErrorTrace, EstimateTrace, Message, RawJson, StateMessage, StreamName, StreamStatus, StreamStatusTrace,
    TraceMessage,
};
use crate::record::{Accounts, Mend};
use crate::sink::{Output, Records};
use crate::summary::counted;
use crate::{Error, Result};

/// The accounts of one stream so far.
///
/// `extracted + left before + deletions = emitted + filtered + rejected + only as parents + repeats + over the limit + duplicates`
/// for a stream that was read to its end.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Totals {
    /// What became of the records of the pages.
    pub(crate) records: Accounts,
    /// Records emitted.
    pub(crate) emitted: u64,
    /// Records of pages that failed after a part of them had left.
    pub(crate) left_before: u64,
    /// Records that were skipped because they had left before their page was asked again.
    pub(crate) repeats: u64,
    /// Records that `--limit` cut off.
    pub(crate) over_limit: u64,
    /// Records that were dropped because one with the same key had left.
    pub(crate) duplicates: u64,
    /// Records emitted that tell of deleted ones.
    pub(crate) deletions: u64,
    /// Pages committed.
    pub(crate) pages: u64,
    /// Requests sent, repeated ones included.
    pub(crate) requests: u64,
    /// Requests that were repeated.
    pub(crate) retries: u64,
}

impl Totals {
    /// Whether every record that was found is accounted for.
    pub(crate) fn balanced(&self) -> bool {
        let Accounts { extracted, filtered, rejected, unrendered, .. } = self.records;
        extracted + self.left_before + self.deletions
            == self.emitted + filtered + rejected + unrendered + self.repeats + self.over_limit + self.duplicates
    }

    /// What was noticed about the records, a line each.
    pub(crate) fn notes(&self) -> Vec<String> {
        let misfits = self.records.fields().map(|(field, misfit)| {
            let crate::record::FieldMisfit { count, expected, found } = misfit;
            format!(
                "field `{field}` did not fit {count} times: the first time {found} stood where {expected} was expected"
            )
        });
        let mended = self.records.mended().map(|(field, mend, count)| {
            let what = match mend {
                Mend::DoubleKey => "was given twice in one object; the last value was kept",
                Mend::LoneSurrogate => "held half of a surrogate pair; U+FFFD stands for it now",
            };
            format!("field `{field}` {what} ({count} times)")
        });
        misfits.chain(mended).collect()
    }
}

impl std::fmt::Display for Totals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Accounts { extracted, filtered, rejected, unrendered, misfits, .. } = self.records;
        write!(f, "{} emitted of {} found", counted(self.emitted, "record"), extracted + self.left_before)?;
        let parts = [
            (filtered, "filtered by the cursor"),
            (rejected, "rejected"),
            (unrendered, "used only as parents"),
            (self.repeats, "skipped as repeats"),
            (self.over_limit, "over the limit"),
            (self.duplicates, "dropped as duplicates"),
            (self.deletions, "telling of deleted ones"),
            (misfits, "not fitting the schema"),
        ];
        for (count, what) in parts.iter().filter(|(count, _)| *count > 0) {
            write!(f, ", {count} {what}")?;
        }
        write!(f, "; {}, {}", counted(self.pages, "page"), counted(self.requests, "request"))?;
        if self.retries > 0 {
            write!(f, ", {} of them repeated", self.retries)?;
        }
        Ok(())
    }
}

/// One stream's voice in the output.
pub(crate) struct Report {
    name: &'static str,
    stream: StreamName,
    output: Output,
    clock: Arc<dyn Clock>,
    log: Log,
    /// Whether the stream is selected; one that is read for its sub-streams only is silent.
    selected: bool,
    inner: Mutex<Inner>,
}

/// How far a stream's statuses have got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Phase {
    #[default]
    Waiting,
    Started,
    Running,
    Ended,
}

#[derive(Default)]
struct Inner {
    phase: Phase,
    /// Waits for a rate limit.
    waiting: bool,
    /// When the last record or state was put out, or the stream began.
    spoke: Duration,
    /// How many records the slices expect, and what of it was told.
    expected: u64,
    expected_told: u64,
    since_state: u64,
    bytes_since_state: u64,
    /// The fingerprint of the last state.
    last_state: Option<u64>,
    totals: Totals,
}

impl Report {
    pub(crate) fn new(
        descriptor: &StreamDescriptor,
        selected: bool,
        output: Output,
        clock: Arc<dyn Clock>,
        log: Log,
    ) -> Self {
        Self { name: descriptor.name, stream: descriptor.into(), output, clock, log, selected, inner: Mutex::default() }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn is_selected(&self) -> bool {
        self.selected
    }

    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    pub(crate) fn totals(&self) -> Totals {
        self.lock().totals.clone()
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Totals)) {
        change(&mut self.lock().totals);
    }

    /// Rendered bytes of records since the last state.
    pub(crate) fn bytes_since_state(&self) -> u64 {
        self.lock().bytes_since_state
    }

    pub(crate) async fn started(&self) -> Result<()> {
        {
            let spoke = self.clock.elapsed();
            let mut inner = self.lock();
            (inner.phase, inner.spoke) = (Phase::Started, spoke);
        }
        self.status(StreamStatusTrace::new(self.stream.clone(), StreamStatus::Started)).await
    }

    pub(crate) async fn complete(&self) -> Result<()> {
        self.lock().phase = Phase::Ended;
        self.status(StreamStatusTrace::new(self.stream.clone(), StreamStatus::Complete)).await
    }

    pub(crate) async fn incomplete(&self) -> Result<()> {
        self.lock().phase = Phase::Ended;
        self.status(StreamStatusTrace::new(self.stream.clone(), StreamStatus::Incomplete)).await
    }

    /// RUNNING, because of a rate limit that lasts until a moment.
    pub(crate) async fn rate_limited(&self, until: Option<SystemTime>) -> Result<()> {
        self.lock().waiting = true;
        self.status(StreamStatusTrace::rate_limited(self.stream.clone(), until.map(epoch_ms))).await
    }

    async fn status(&self, status: StreamStatusTrace) -> Result<()> {
        if !self.selected {
            return Ok(());
        }
        self.output.message(Message::Trace(TraceMessage::new(status, self.now_ms()))).await
    }

    /// A slice expects so many records, and expected others before.
    pub(crate) async fn estimate(&self, before: u64, rows: u64) -> Result<()> {
        let told = {
            let mut inner = self.lock();
            inner.expected = inner.expected.saturating_sub(before).saturating_add(rows);
            let grown = inner.expected > inner.expected_told.saturating_add(inner.expected_told / 10);
            if !self.selected || !grown {
                return Ok(());
            }
            inner.expected_told = inner.expected;
            inner.expected
        };
        let trace = EstimateTrace::stream(&self.stream, Some(told), None);
        self.output.message(Message::Trace(TraceMessage::new(trace, self.now_ms()))).await
    }

    /// A failure of the stream, as TRACE ERROR and as a log line.
    pub(crate) async fn error(&self, error: &Error) -> Result<()> {
        if !self.selected {
            return Ok(());
        }
        self.log.error(error);
        let trace = ErrorTrace::of(&error.masked(self.log.mask()), self.stream.namespace.as_deref());
        self.output.message(Message::Trace(TraceMessage::new(trace, self.now_ms()))).await
    }

    /// An empty buffer for lines.
    pub(crate) fn buffer(&self) -> Vec<u8> {
        self.output.buffer()
    }

    /// Emits rendered records; RUNNING goes before the first. `last_look` is handed the lines when there is room for them, and no
    /// state can be rendered until they are put out: it may drop some, and says how many.
    pub(crate) async fn records(
        &self,
        mut bytes: Vec<u8>,
        mut count: u64,
        last_look: impl FnOnce(&mut Vec<u8>) -> Result<u64>,
    ) -> Result<()> {
        if count == 0 || !self.selected {
            return Ok(());
        }
        let place = self.output.place(bytes.len()).await?;
        let spoke = self.clock.elapsed();
        let mut inner = self.lock();
        let dropped = last_look(&mut bytes)?;
        inner.totals.duplicates += dropped;
        count = count.saturating_sub(dropped);
        if count == 0 {
            return Ok(());
        }
        let size = bytes.len();
        (inner.spoke, inner.waiting) = (spoke, false);
        if inner.phase != Phase::Running {
            inner.phase = Phase::Running;
            let status = StreamStatusTrace::new(self.stream.clone(), StreamStatus::Running);
            self.output.put_before(&place, Message::Trace(TraceMessage::new(status, self.now_ms())))?;
        }
        inner.since_state += count;
        inner.totals.emitted += count;
        inner.bytes_since_state += size as u64;
        self.output.put_records(place, Records { stream: self.name, bytes, count })
    }

    /// Emits a state of about a size, with the number of records since the one before, unless it would say again what the one
    /// before said. It is rendered when there is room for it, so that no other state of the stream can come before it that is newer.
    pub(crate) async fn state(&self, size: u64, render: impl FnOnce() -> Result<RawJson>) -> Result<()> {
        self.state_unless(size, render, |inner, print| inner.since_state == 0 && inner.last_state == Some(print)).await
    }

    /// The same as a sign of life, also if it says nothing new, but not if the stream has ended until there is room.
    pub(crate) async fn state_while_running(&self, size: u64, render: impl FnOnce() -> Result<RawJson>) -> Result<()> {
        self.state_unless(size, render, |inner, _| inner.phase == Phase::Ended).await
    }

    async fn state_unless(
        &self,
        size: u64,
        render: impl FnOnce() -> Result<RawJson>,
        needless: impl FnOnce(&Inner, u64) -> bool,
    ) -> Result<()> {
        if !self.selected {
            return Ok(());
        }
        let place = self.output.place(usize::try_from(size).unwrap_or(usize::MAX)).await?;
        let spoke = self.clock.elapsed();
        let mut inner = self.lock();
        let blob = render()?;
        let print = fingerprint(blob.get().as_bytes());
        if needless(&inner, print) {
            return Ok(());
        }
        (inner.spoke, inner.last_state) = (spoke, Some(print));
        let count = std::mem::take(&mut inner.since_state);
        inner.bytes_since_state = 0;
        let state = StateMessage::stream(self.stream.clone(), blob, count);
        self.output.put_message(place, Message::State(state))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it has begun, has not ended, and has said nothing for so long.
    pub(crate) fn is_silent(&self, silence: Duration) -> bool {
        let now = self.clock.elapsed();
        let inner = self.lock();
        let began = matches!(inner.phase, Phase::Started | Phase::Running);
        self.selected && began && now.saturating_sub(inner.spoke) >= silence
    }

    /// Whether it waits for a rate limit.
    pub(crate) fn is_waiting(&self) -> bool {
        self.lock().waiting
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    pub(crate) fn now_ms(&self) -> i64 {
        epoch_ms(self.now())
    }
}
