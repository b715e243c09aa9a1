//! Where a stream's partitions come from: itself, a list, or its parents' records.

use std::collections::VecDeque;
use std::sync::Arc;

use super::pairs::Pairs;
use crate::Result;
use crate::panic::caught;
use crate::state::Met;
use crate::stream::{Ending, Partition, PartitionFeed, Stream};

/// Groups that are being made at a time; the oldest is read as it is when there are more.
const OPEN_GROUPS: usize = 16;

/// The partitions of a stream, each once.
pub(super) struct Feed {
    of: Of,
    /// Those that came, where the stream's state does not know them.
    met: Option<Met>,
    /// Those that came again.
    duplicates: u64,
}

enum Of {
    Given(std::vec::IntoIter<Arc<Partition>>),
    Parent(Box<Records>),
}

impl Feed {
    fn new(of: Of) -> Self {
        Self { of, met: None, duplicates: 0 }
    }

    pub(super) fn one() -> Self {
        Self::new(Of::Given(vec![Partition::root()].into_iter()))
    }

    pub(super) fn list(partitions: Vec<Partition>) -> Self {
        Self::new(Of::Given(partitions.into_iter().map(Arc::new).collect::<Vec<_>>().into_iter()))
    }

    /// The parents' records, each as the stream divides it, or so many of them at a time. `paired`: the records that may be held,
    /// where they are paired with those of a second parent.
    pub(super) fn parent(feed: PartitionFeed, stream: &Arc<dyn Stream>, group: Option<usize>, paired: usize) -> Self {
        let (waiting, groups) = (VecDeque::new(), Vec::new());
        let stream = Arc::clone(stream);
        let descriptor = stream.descriptor();
        let pairs = descriptor.second_parent.map(|_| Pairs::new(descriptor.parents().count(), paired));
        Self::new(Of::Parent(Box::new(Records { feed, pairs, stream, group, waiting, groups, ended: false })))
    }

    /// The same, remembering which partitions came; of groups, which members.
    pub(super) fn remembering(mut self, met: Met) -> Self {
        self.met = Some(met);
        self
    }

    /// How many partitions came again.
    pub(super) const fn duplicates(&self) -> u64 {
        self.duplicates
    }

    /// How the parents were left, in their order, where there are some.
    pub(super) fn endings(&self) -> impl Iterator<Item = Option<&Ending>> {
        let records = match &self.of {
            Of::Given(_) => None,
            Of::Parent(records) => Some(records),
        };
        records.into_iter().flat_map(|records| records.feed.endings())
    }

    /// The next partition. It may be given up while it waits.
    pub(super) async fn next(&mut self) -> Result<Option<Arc<Partition>>> {
        let (met, duplicates) = (&mut self.met, &mut self.duplicates);
        let mut is_new = |partition: &Partition| {
            let new = met.as_mut().is_none_or(|met| met.is_new(&partition.key()));
            *duplicates += u64::from(!new);
            new
        };
        match &mut self.of {
            Of::Given(partitions) => Ok(partitions.find(|partition| is_new(partition))),
            Of::Parent(records) => records.next(is_new).await,
        }
    }
}

/// The records of the parents.
pub(super) struct Records {
    feed: PartitionFeed,
    /// Where they are paired with a second parent's.
    pairs: Option<Pairs>,
    stream: Arc<dyn Stream>,
    /// How many records make a partition, where they are grouped.
    group: Option<usize>,
    /// Parts of one record that were not handed out yet.
    waiting: VecDeque<Arc<Partition>>,
    /// The groups that are being made: what comes of different parents, or partitions of a parent, is not mixed.
    groups: Vec<Vec<Arc<Partition>>>,
    ended: bool,
}

impl Records {
    async fn next(&mut self, mut is_new: impl FnMut(&Partition) -> bool) -> Result<Option<Arc<Partition>>> {
        loop {
            if let Some(part) = self.waiting.pop_front() {
                if is_new(&part) {
                    return Ok(Some(part));
                }
                continue;
            }
            if self.ended {
                return Ok(self.take_group(0));
            }
            let paired = self.pairs.as_mut().and_then(Pairs::next);
            let record = match paired {
                Some(pair) => Arc::new(pair),
                None => match (self.feed.next().await?, &mut self.pairs) {
                    (None, _) => {
                        self.ended = true;
                        continue;
                    }
                    (Some((_, record)), None) => record,
                    (Some((parent, record)), Some(pairs)) => {
                        pairs.take(parent, record)?;
                        continue;
                    }
                },
            };
            if let Some(size) = self.group {
                match is_new(&record).then(|| self.add_to_group(record, size)).flatten() {
                    None => continue,
                    group => return Ok(group),
                }
            }
            let Some(rows) = caught(|| self.stream.divide(&record))? else {
                self.waiting.push_back(record);
                continue;
            };
            let lists = self.stream.descriptor().parent.map_or(&[][..], |link| link.lists);
            self.waiting.extend(rows.into_iter().map(|row| Arc::new(record.divided(row, lists))));
        }
    }

    /// Puts a record into its group; the group that is full then, or has to make room.
    fn add_to_group(&mut self, record: Arc<Partition>, size: usize) -> Option<Arc<Partition>> {
        let of = |group: &Vec<Arc<Partition>>| group.first().is_some_and(|first| first.is_beside(&record));
        let at = self.groups.iter().position(of).unwrap_or_else(|| {
            self.groups.push(Vec::new());
            self.groups.len() - 1
        });
        let group = self.groups.get_mut(at)?;
        group.push(record);
        if group.len() >= size {
            return self.take_group(at);
        }
        if self.groups.len() > OPEN_GROUPS { self.take_group(0) } else { None }
    }

    fn take_group(&mut self, at: usize) -> Option<Arc<Partition>> {
        let members = if at < self.groups.len() { self.groups.remove(at) } else { Vec::new() };
        Partition::grouped(&members).map(Arc::new)
    }
}
