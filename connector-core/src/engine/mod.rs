//! Reads the selected streams: side by side within limits, parents feeding their sub-streams, each slice a task of its own.
//!
//! Bounded queues without a cycle: a parent waits only for room in the queues of its sub-streams, a sub-stream only for its
//! parents, for whichever has something first, everything for the output. Nothing holds what another needs while it waits.

mod feed;
mod graph;
mod pairs;
mod run;
mod watchdog;

pub(crate) use graph::{Graph, Selection};

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::log::Log;
use crate::protocol::{ErrorTrace, Message, StreamStatus, StreamStatusTrace, TraceMessage};
use crate::record::Framing;
use crate::sink::Output;
use crate::stream::{Purpose, Totals};
use crate::{Error, ErrorKind, Limits, Result};

/// What a sync runs in.
#[derive(Clone)]
pub(crate) struct Environment {
    pub(crate) output: Output,
    pub(crate) framing: Framing,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) log: Log,
    pub(crate) limits: Limits,
    pub(crate) cancel: Cancel,
    pub(crate) purpose: Purpose,
    /// `--limit`: records of each stream.
    pub(crate) limit: Option<u64>,
    pub(crate) progress: crate::progress::Progress,
}

/// How one stream ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub(crate) stream: String,
    /// Whether the catalog selects it; else it was read for its sub-streams.
    pub(crate) selected: bool,
    pub(crate) totals: Totals,
    pub(crate) seconds: f64,
    pub(crate) error: Option<Error>,
}

/// Reads all streams of the graph; a family of streams (parents and what is below them) counts as one against the limit.
///
/// # Errors
/// [`ErrorKind::Output`]: what happened to the streams cannot be told any more.
pub(crate) async fn run(graph: Graph, environment: &Environment) -> Result<Vec<Ended>> {
    let places = Arc::new(Semaphore::new(environment.limits.streams.max(1)));
    let mut running = JoinSet::new();
    for family in graph.into_families(environment)? {
        let places = Arc::clone(&places);
        running.spawn(async move {
            let _place = places.acquire_owned().await;
            let mut nodes = JoinSet::new();
            for node in family {
                nodes.spawn(node.run());
            }
            let mut ended = Vec::new();
            while let Some(node) = nodes.join_next().await {
                ended.push(node.map_err(|error| broken(&error))??);
            }
            Ok(ended)
        });
    }
    let all = async {
        let mut ended = Vec::new();
        while let Some(family) = running.join_next().await {
            let family: Result<Vec<Ended>> = family.map_err(|error| broken(&error))?;
            ended.extend(family?);
        }
        Ok(ended)
    };
    tokio::select! {
        ended = all => ended,
        never = watchdog::watch(environment) => match never {},
    }
}

fn broken(error: &tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Internal, "the scheduler failed; this is a bug of the framework")
        .with_internal(error.to_string())
}

/// A stream of the catalog that cannot be read at all.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) stream: crate::protocol::StreamName,
    pub(crate) error: Error,
}

/// Tells of streams that cannot be read: STARTED, the reason, INCOMPLETE.
pub(crate) async fn refuse(refused: Vec<Refused>, environment: &Environment) -> Result<Vec<Ended>> {
    let mut ended = Vec::new();
    for Refused { stream, error } in refused {
        let now = crate::clock::epoch_ms(environment.clock.now());
        let status = |status| Message::Trace(TraceMessage::new(StreamStatusTrace::new(stream.clone(), status), now));
        environment.log.error(&error);
        environment.output.message(status(StreamStatus::Started)).await?;
        let trace = ErrorTrace::of(&error.masked(environment.log.mask()), stream.namespace.as_deref());
        environment.output.message(Message::Trace(TraceMessage::new(trace, now))).await?;
        environment.output.message(status(StreamStatus::Incomplete)).await?;
        ended.push(Ended {
            stream: stream.name,
            selected: true,
            totals: Totals::default(),
            seconds: 0.0,
            error: Some(error),
        });
    }
    Ok(ended)
}
