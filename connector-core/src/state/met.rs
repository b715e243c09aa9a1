//! Which partitions of a stream were met in this sync, where its state does not tell.

use super::PartitionKey;
use super::runs::RunMap;

/// Keys of partitions, about five bytes each for ids of eight digits.
#[derive(Debug)]
pub(crate) struct Met {
    keys: RunMap,
    count: usize,
    /// So many are remembered. A later one may be met twice.
    limit: usize,
}

impl Met {
    pub(crate) fn new(limit: usize) -> Self {
        Self { keys: RunMap::default(), count: 0, limit }
    }

    /// Whether the partition is met for the first time, as far as is remembered.
    pub(crate) fn is_new(&mut self, partition: &PartitionKey) -> bool {
        if self.keys.get(partition.as_str()).is_some() {
            return false;
        }
        if self.count < self.limit {
            self.count += 1;
            self.keys.insert(partition.as_str(), "");
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Met, PartitionKey};

    #[test]
    fn what_was_met_is_known_up_to_a_limit() {
        let key = |n: u32| PartitionKey::of_text(&n.to_string());
        let mut met = Met::new(5_000);
        assert!((0..6_000).all(|n| met.is_new(&key(n))));
        assert!((0..5_000).all(|n| !met.is_new(&key(n))));
        assert!((5_000..6_000).all(|n| met.is_new(&key(n))), "these are not remembered");
    }
}
