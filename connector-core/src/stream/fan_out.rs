//! The way from a parent's records to the partitions of its sub-streams.
//!
//! A parent is read once; each of its pages gives every sub-stream one partition a record, through a bounded queue. A parent
//! that waits for room holds nothing that its children need, so they cannot starve each other.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Partition;
use crate::record::Batch;
use crate::{Error, ErrorKind, Result};

enum Item {
    Partition(Arc<Partition>),
    /// There are no more. A queue that closes without it belongs to a parent that was given up.
    End(Ending),
    /// The parent failed.
    Failed(Error),
}

/// How a parent that did not fail was left.
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    /// Whether it was read to its end, rather than stopped because enough was read.
    pub(crate) whole: bool,
    /// Its state then.
    pub(crate) document: Arc<serde_json::Value>,
}

/// A sub-stream's end of the queue.
pub(crate) struct PartitionFeed {
    parent: &'static str,
    ending: Option<Ending>,
    queue: mpsc::Receiver<Item>,
}

impl PartitionFeed {
    /// How the parent was left, once there is no next partition.
    pub(crate) fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// The next partition, or none after the last.
    ///
    /// # Errors
    /// The parent was not read to its end, so partitions are missing.
    pub(crate) async fn next(&mut self) -> Result<Option<Arc<Partition>>> {
        match self.queue.recv().await {
            Some(Item::Partition(partition)) => Ok(Some(partition)),
            Some(Item::End(ending)) => {
                self.ending = Some(ending);
                Ok(None)
            }
            Some(Item::Failed(error)) => {
                let text = format!("its parent stream `{}` failed: {}", self.parent, error.message());
                Err(Error::new(error.kind(), text).with_failure_type(error.failure_type()))
            }
            None => {
                let text = format!("its parent stream `{}` was given up", self.parent);
                Err(Error::new(ErrorKind::Cancelled, text))
            }
        }
    }
}

/// One sub-stream, seen from its parent.
pub(crate) struct Branch {
    /// The fields of the parent's record that the sub-stream, or one below it, uses.
    paths: Vec<Vec<&'static str>>,
    /// How many of them, from the first, identify the sub-stream's partition.
    identity: usize,
    queue: mpsc::Sender<Item>,
}

impl Branch {
    pub(crate) fn new(
        parent: &'static str,
        paths: Vec<Vec<&'static str>>,
        identity: usize,
        room: usize,
    ) -> (Self, PartitionFeed) {
        let (sender, queue) = mpsc::channel(room.max(1));
        (Self { paths, identity, queue: sender }, PartitionFeed { parent, ending: None, queue })
    }

    pub(crate) fn paths(&self) -> &[Vec<&'static str>] {
        &self.paths
    }
}

/// All sub-streams of a parent.
#[derive(Default)]
pub(crate) struct FanOut(Vec<Branch>);

impl FanOut {
    pub(crate) fn new(branches: Vec<Branch>) -> Self {
        Self(branches)
    }

    /// Whether some sub-stream still takes partitions.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.iter().any(|branch| !branch.queue.is_closed())
    }

    /// Hands the records of a page on, but for the first `skip`. A sub-stream that has ended takes no more; that is no error.
    pub(crate) async fn send(&self, batch: &mut Batch, skip: usize, parent: &Arc<Partition>) {
        for (child, branch) in self.0.iter().enumerate() {
            for values in batch.picks(child).skip(skip) {
                let partition = Partition::of_record(&branch.paths, values, branch.identity, parent);
                if branch.queue.send(Item::Partition(Arc::new(partition))).await.is_err() {
                    break;
                }
            }
        }
    }

    /// The parent has no more records.
    pub(crate) async fn end(&self, ending: &Ending) {
        for branch in &self.0 {
            let _ = branch.queue.send(Item::End(ending.clone())).await;
        }
    }

    /// The parent was not read to its end: partitions are missing.
    pub(crate) async fn fail(&self, error: &Error) {
        for branch in &self.0 {
            let _ = branch.queue.send(Item::Failed(error.clone())).await;
        }
    }
}
