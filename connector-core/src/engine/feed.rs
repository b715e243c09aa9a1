//! Where a stream's partitions come from: itself, a list, or its parent's records.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::Result;
use crate::panic::caught;
use crate::stream::{Ending, Partition, PartitionFeed, Stream};

pub(super) enum Feed {
    Given(std::vec::IntoIter<Arc<Partition>>),
    Parent(Box<Records>),
}

impl Feed {
    pub(super) fn one() -> Self {
        Self::Given(vec![Partition::root()].into_iter())
    }

    pub(super) fn list(partitions: Vec<Partition>) -> Self {
        Self::Given(partitions.into_iter().map(Arc::new).collect::<Vec<_>>().into_iter())
    }

    /// The parent's records, each as the stream divides it, or so many of them at a time.
    pub(super) fn parent(feed: PartitionFeed, stream: &Arc<dyn Stream>, group: Option<usize>) -> Self {
        let (waiting, members) = (VecDeque::new(), Vec::new());
        Self::Parent(Box::new(Records { feed, stream: Arc::clone(stream), group, waiting, members, ended: false }))
    }

    /// How the parent was left, where there is one.
    pub(super) fn ending(&self) -> Option<&Ending> {
        match self {
            Self::Given(_) => None,
            Self::Parent(records) => records.feed.ending(),
        }
    }

    /// The next partition. It may be given up while it waits.
    pub(super) async fn next(&mut self) -> Result<Option<Arc<Partition>>> {
        match self {
            Self::Given(partitions) => Ok(partitions.next()),
            Self::Parent(records) => records.next().await,
        }
    }
}

/// The records of a parent.
pub(super) struct Records {
    feed: PartitionFeed,
    stream: Arc<dyn Stream>,
    /// How many records make a partition, where they are grouped.
    group: Option<usize>,
    /// Parts of one record that were not handed out yet.
    waiting: VecDeque<Arc<Partition>>,
    /// Records of the group that is being made.
    members: Vec<Arc<Partition>>,
    ended: bool,
}

impl Records {
    async fn next(&mut self) -> Result<Option<Arc<Partition>>> {
        loop {
            if let Some(part) = self.waiting.pop_front() {
                return Ok(Some(part));
            }
            if self.ended {
                return Ok(self.take_group());
            }
            let Some(record) = self.feed.next().await? else {
                self.ended = true;
                continue;
            };
            if let Some(size) = self.group {
                // Records of different partitions of the parent have different parents themselves, which a group has one of.
                let other = self.members.first().is_some_and(|first| !first.is_beside(&record));
                let done = if other { self.take_group() } else { None };
                self.members.push(record);
                let done = done.or_else(|| if self.members.len() >= size { self.take_group() } else { None });
                if done.is_some() {
                    return Ok(done);
                }
                continue;
            }
            let Some(rows) = caught(|| self.stream.divide(&record))? else { return Ok(Some(record)) };
            let lists = self.stream.descriptor().parent.map_or(&[][..], |link| link.lists);
            self.waiting.extend(rows.into_iter().map(|row| Arc::new(record.divided(row, lists))));
        }
    }

    fn take_group(&mut self) -> Option<Arc<Partition>> {
        Partition::grouped(&std::mem::take(&mut self.members)).map(Arc::new)
    }
}
