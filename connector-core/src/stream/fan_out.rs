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
    Partition(usize, Arc<Partition>),
    /// There are no more of this parent. A queue that closes without it belongs to a parent that was given up.
    End(usize, Ending),
    /// The parent failed.
    Failed(usize, Error),
}

/// How a parent that did not fail was left.
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    /// Whether it was read to its end, rather than stopped because enough was read.
    pub(crate) whole: bool,
    /// Its state then.
    pub(crate) document: Arc<serde_json::Value>,
}

/// A sub-stream's end of the queue, which all its parents share: whichever of them is ahead, it never waits for another.
pub(crate) struct PartitionFeed {
    parents: Vec<Left>,
    queue: mpsc::Receiver<Item>,
}

/// A parent, and how it was left.
struct Left {
    parent: &'static str,
    ending: Option<Result<Ending>>,
}

impl PartitionFeed {
    /// How the parents were left, once there is no next partition; nothing of one that failed.
    pub(crate) fn endings(&self) -> impl Iterator<Item = Option<&Ending>> {
        self.parents.iter().map(|left| left.ending.as_ref().and_then(|ending| ending.as_ref().ok()))
    }

    /// The next partition, with the number of its parent, or none after the last.
    ///
    /// # Errors
    /// After the last partition: a parent was not read to its end, so partitions are missing.
    pub(crate) async fn next(&mut self) -> Result<Option<(usize, Arc<Partition>)>> {
        while self.parents.iter().any(|left| left.ending.is_none()) {
            match self.queue.recv().await {
                Some(Item::Partition(parent, partition)) => return Ok(Some((parent, partition))),
                Some(Item::End(parent, ending)) => self.left(parent, Ok(ending)),
                Some(Item::Failed(parent, error)) => self.left(parent, Err(error)),
                None => break,
            }
        }
        for Left { parent, ending } in &self.parents {
            match ending {
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    let text = format!("its parent stream `{parent}` failed: {}", error.message());
                    return Err(Error::new(error.kind(), text).with_failure_type(error.failure_type()));
                }
                None => {
                    let text = format!("its parent stream `{parent}` was given up");
                    return Err(Error::new(ErrorKind::Cancelled, text));
                }
            }
        }
        Ok(None)
    }

    fn left(&mut self, parent: usize, ending: Result<Ending>) {
        if let Some(left) = self.parents.get_mut(parent) {
            left.ending = Some(ending);
        }
    }
}

/// What a sub-stream takes of a parent's records.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// The fields of the parent's record that the sub-stream, or one below it, uses.
    pub(crate) paths: Vec<Vec<&'static str>>,
    /// What the values are called, those of the texts first.
    pub(crate) names: Vec<Box<[&'static str]>>,
    /// Texts as JSON that each partition has besides.
    pub(crate) texts: Vec<Box<[u8]>>,
    /// How many of the values, from the first, identify the sub-stream's partition.
    pub(crate) identity: usize,
}

/// One sub-stream, seen from a parent.
pub(crate) struct Branch {
    taken: Taken,
    /// Which of the sub-stream's parents it is.
    parent: usize,
    queue: mpsc::Sender<Item>,
}

impl Branch {
    /// A queue with so much room, and its end for each of a sub-stream's parents.
    pub(crate) fn new(parents: Vec<(&'static str, Taken)>, room: usize) -> (Vec<Self>, PartitionFeed) {
        let (sender, queue) = mpsc::channel(room.max(1));
        let left = parents.iter().map(|(parent, _)| Left { parent, ending: None }).collect();
        let of = |(parent, (_, taken))| Self { taken, parent, queue: sender.clone() };
        let branches = parents.into_iter().enumerate().map(of).collect();
        (branches, PartitionFeed { parents: left, queue })
    }

    pub(crate) fn paths(&self) -> &[Vec<&'static str>] {
        &self.taken.paths
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
                let Taken { names, texts, identity, .. } = &branch.taken;
                let partition = Partition::of_record(names, texts, values, *identity, parent);
                if branch.queue.send(Item::Partition(branch.parent, Arc::new(partition))).await.is_err() {
                    break;
                }
            }
        }
    }

    /// The parent has no more records.
    pub(crate) async fn end(&self, ending: &Ending) {
        for branch in &self.0 {
            let _ = branch.queue.send(Item::End(branch.parent, ending.clone())).await;
        }
    }

    /// The parent was not read to its end: partitions are missing.
    pub(crate) async fn fail(&self, error: &Error) {
        for branch in &self.0 {
            let _ = branch.queue.send(Item::Failed(branch.parent, error.clone())).await;
        }
    }
}
