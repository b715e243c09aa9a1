//! One stream, from STARTED to COMPLETE or INCOMPLETE.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};

use super::feed::Feed;
use super::{Ended, Environment};
use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::state::Listed;
use crate::stream::{Ending, FanOut, Partition, Purpose, Report, Slice, SliceWriter, Stream, StreamTask};
use crate::{Error, ErrorKind, Limits, Result};

/// How long slices that are given up may take to go.
const SHUTDOWN: Duration = Duration::from_secs(1);

/// A stream that is to be read.
pub(super) enum Node {
    Ready(Box<Ready>),
    /// It could not even be prepared.
    Failed(Box<(Report, FanOut, Error)>),
}

pub(super) struct Ready {
    stream: Arc<dyn Stream>,
    task: Arc<StreamTask>,
    feed: Feed,
    dependency: Option<Dependency>,
    clock: Arc<dyn Clock>,
    limits: Limits,
}

/// Parents that are read incrementally for the stream.
pub(super) struct Dependency {
    /// Their names, in the order of the stream's feed.
    pub(super) parents: Vec<&'static str>,
    /// Whether all their records are read this time, or of some those that changed.
    pub(super) listed: Listed,
}

impl Node {
    pub(super) fn ready(
        stream: Arc<dyn Stream>,
        task: StreamTask,
        feed: Feed,
        dependency: Option<Dependency>,
        environment: &Environment,
    ) -> Self {
        let task = Arc::new(task);
        environment.progress.watch(&task);
        let clock = Arc::clone(&environment.clock);
        let limits = environment.limits.clone();
        Self::Ready(Box::new(Ready { stream, task, feed, dependency, clock, limits }))
    }

    pub(super) fn failed(report: Report, fan_out: FanOut, error: Error) -> Self {
        Self::Failed(Box::new((report, fan_out, error)))
    }

    /// Reads the stream and says how it ended.
    ///
    /// # Errors
    /// [`ErrorKind::Output`]: the output is gone.
    pub(super) async fn run(self) -> Result<Ended> {
        match self {
            Self::Ready(ready) => ready.run().await,
            Self::Failed(failed) => {
                let (report, fan_out, error) = *failed;
                report.started().await?;
                fail(&report, &fan_out, &error).await?;
                Ok(ended(&report, Duration::ZERO, Some(error)))
            }
        }
    }
}

impl Ready {
    async fn run(mut self) -> Result<Ended> {
        let start = self.clock.elapsed();
        let task = Arc::clone(&self.task);
        task.report.started().await?;
        let mut failures = Failures::new(self.limits.failed_slices);
        let done = self.read_partitions(&mut failures).await;
        let error = failures.into_error(task.report.name());
        if let Some(error) = error.as_ref().filter(|error| error.kind() == ErrorKind::Output) {
            return Err(error.clone());
        }
        let whole = error.is_none() && self.is_whole(done);
        if whole {
            task.emit_deletions(self.stream.descriptor().primary_key).await?;
            self.finish_state();
        }
        let took = self.clock.elapsed().saturating_sub(start);
        if task.purpose == Purpose::Sync {
            // The last safe state goes before the final status, also if there is nothing to tell but `{}`.
            task.emit_state().await?;
            let duplicates = task.duplicates() + self.feed.duplicates();
            if duplicates > 0 {
                let stream = task.report.name();
                task.report.log().info(format_args!(
                    "stream `{stream}`: {duplicates} partitions came again and were not read again"
                ));
            }
            summarise(&task.report, took, error.is_none());
        }
        match &error {
            None => {
                task.fan_out.end(&Ending { whole, document: Arc::new(task.document()) }).await;
                task.report.complete().await?;
            }
            Some(error) => fail(&task.report, &task.fan_out, error).await?,
        }
        Ok(ended(&task.report, took, error))
    }

    /// Whether nothing is missing. Where enough was read before (`--limit`), of the stream or of a parent, there may be partitions
    /// and records that must not count as gone.
    fn is_whole(&self, done: Done) -> bool {
        done == Done::Ended && self.feed.endings().all(|ending| ending.is_some_and(|ending| ending.whole))
    }

    /// Lets the state know that all was read.
    fn finish_state(&self) {
        let listed = self.dependency.as_ref().map_or(Listed::All, |dependency| dependency.listed);
        let parents = self.dependency.as_ref().map(|dependency| {
            let names = dependency.parents.iter().map(|name| (*name).to_owned());
            let states = self.feed.endings().flatten().map(|ending| (*ending.document).clone());
            serde_json::Value::Object(names.zip(states).collect())
        });
        self.task.finish(listed, parents);
    }

    /// Reads partitions side by side until all are done, too many failed, or the sync is stopped.
    async fn read_partitions(&mut self, failures: &mut Failures) -> Done {
        let mut running = JoinSet::new();
        let mut more = true;
        let mut all = Done::Ended;
        let side_by_side = if self.task.purpose == Purpose::Probe { 1 } else { self.limits.slices.max(1) };
        let cancel = self.task.cancel.clone();
        let waiting = self.task.waits.begin(None);
        loop {
            let want = more && !failures.fatal() && !cancel.is_cancelled() && running.len() < side_by_side;
            if !want && running.is_empty() {
                break;
            }
            waiting.set(want.then_some("its parent"));
            tokio::select! {
                partition = self.feed.next(), if want => match partition {
                    Ok(Some(partition)) => {
                        waiting.moved();
                        let (stream, task) = (Arc::clone(&self.stream), Arc::clone(&self.task));
                        running.spawn(async move {
                            let read = read_partition(&*stream, &task, &partition).await;
                            if read.is_err() {
                                task.abandon(&partition);
                            }
                            read
                        });
                    }
                    Ok(None) => more = false,
                    Err(error) => {
                        failures.add(error);
                        more = false;
                    }
                },
                Some(read) = running.join_next() => match read {
                    Ok(Ok(Done::Ended)) => {}
                    Ok(Ok(Done::Stopped)) => (more, all) = (false, Done::Stopped),
                    Ok(Err(error)) => failures.add(error),
                    Err(error) => failures.add(panicked(error)),
                },
                () = out_of_time(&cancel, &*self.clock, self.limits.stop * 3 / 4) => {
                    // Nothing of a slice may follow the last state; code that blocks its thread is not waited for.
                    tokio::select! {
                        () = running.shutdown() => {}
                        () = self.clock.deadline(SHUTDOWN) => {}
                    }
                    break;
                }
            }
        }
        if cancel.is_cancelled() && failures.none() {
            failures.add(cancel.error());
        }
        all
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// All windows of the partition were read to their ends.
    Ended,
    /// Enough was read of the stream.
    Stopped,
}

/// Reads what is left of one partition, window after window.
async fn read_partition(stream: &dyn Stream, task: &Arc<StreamTask>, partition: &Arc<Partition>) -> Result<Done> {
    for window in task.windows(partition) {
        let slice = Slice { partition: Arc::clone(partition), window };
        let name = slice.to_string();
        let named = |error: Error| if name.is_empty() { error } else { error.in_slice(&name) };
        let writer = SliceWriter::new(Arc::clone(task), slice.clone());
        let end = stream.read_slice(&slice, writer).await.map_err(named)?;
        if end.is_stopped() {
            return Ok(Done::Stopped);
        }
        task.close(&slice, end).await?;
    }
    Ok(Done::Ended)
}

/// Ends when the sync was asked to stop and the time to do so in order has passed.
async fn out_of_time(cancel: &Cancel, clock: &dyn Clock, within: Duration) {
    cancel.cancelled().await;
    clock.deadline(within).await;
}

fn panicked(error: JoinError) -> Error {
    if error.is_cancelled() {
        return Error::new(ErrorKind::Cancelled, "the slice was given up because the sync had to stop");
    }
    crate::panic::error(&*error.into_panic())
}

/// The failures of a stream's partitions: the first is told, all are counted.
struct Failures {
    first: Option<Error>,
    count: usize,
    limit: usize,
}

impl Failures {
    fn new(limit: usize) -> Self {
        Self { first: None, count: 0, limit }
    }

    fn add(&mut self, error: Error) {
        self.count += 1;
        // The loss of the output is the end of everything; it must not hide behind another failure.
        if self.first.is_none() || error.kind() == ErrorKind::Output {
            self.first = Some(error);
        }
    }

    fn none(&self) -> bool {
        self.first.is_none()
    }

    /// Whether reading on is of no use: every other partition would fail as well, or too many did.
    fn fatal(&self) -> bool {
        let hopeless = |error: &Error| {
            use ErrorKind::{Auth, Cancelled, Config, Limit, Output, Panic, State};
            matches!(error.kind(), Auth | Cancelled | Config | Limit | Output | Panic | State)
        };
        self.count >= self.limit || self.first.as_ref().is_some_and(hopeless)
    }

    fn into_error(self, stream: &str) -> Option<Error> {
        let first = self.first?.in_stream(stream);
        if self.count < 2 {
            return Some(first);
        }
        let text = format!("{} ({} of its slices failed; this is the first failure)", first.message(), self.count);
        Some(first.with_message(text))
    }
}

/// What became of the records, in the stream's last log line.
fn summarise(report: &Report, took: Duration, complete: bool) {
    let totals = report.totals();
    let log = report.log();
    for note in totals.notes() {
        log.warn(format_args!("stream `{}`: {note}", report.name()));
    }
    log.info(format_args!("stream `{}`: {totals} in {:.1} s", report.name(), took.as_secs_f64()));
    if complete && !totals.balanced() {
        log.error(format_args!(
            "stream `{}`: its records do not add up; this is a bug of the framework",
            report.name()
        ));
    }
}

/// Tells the sub-streams and the output that a stream was not read to its end.
async fn fail(report: &Report, fan_out: &FanOut, error: &Error) -> Result<()> {
    fan_out.fail(error).await;
    report.error(error).await?;
    report.incomplete().await
}

fn ended(report: &Report, took: Duration, error: Option<Error>) -> Ended {
    Ended {
        stream: report.name().to_owned(),
        selected: report.is_selected(),
        totals: report.totals(),
        seconds: took.as_secs_f64(),
        // What a program that embeds the source gets is as free of secrets as the output.
        error: error.map(|error| error.masked(report.log().mask())),
    }
}
