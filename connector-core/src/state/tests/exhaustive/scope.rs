//! What is read: the records of an API as they come to be, and a cursor that reads them.

use chrono::{DateTime, Utc};

use super::super::support::{ID, UPDATED_AT};
use crate::cursor::{CursorSpec, CursorValue, End, EndBound, NewPartitions, Order, Span, Window};
use crate::state::{Listed, PartitionKey};

/// What is read, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    pub(super) partitioned: bool,
    /// Whether the cursor is an integer, which no clock tells the end of; else it is a date-time.
    pub(super) integer: bool,
    pub(super) lookback: i64,
    pub(super) step: Option<u64>,
    pub(super) exclusive: bool,
    pub(super) ascending: bool,
    /// Whether the windows of the first partition are read side by side.
    pub(super) side_by_side: bool,
    /// Whether the API returns the newest record with each window, whatever its upper bound.
    pub(super) newest_too: bool,
    pub(super) from_watermark: bool,
    pub(super) listed: Listed,
    /// Whether there is a partition that appears after the first sync.
    pub(super) newcomer: bool,
}

pub(super) const PLAIN: Scope = Scope {
    partitioned: true,
    integer: false,
    lookback: 0,
    step: None,
    exclusive: false,
    ascending: false,
    side_by_side: false,
    newest_too: false,
    from_watermark: false,
    listed: Listed::All,
    newcomer: true,
};

/// When each sync begins, in seconds after the configured start.
pub(super) const SYNCS: [i64; 3] = [10, 20, 30];
/// A time after all of them.
pub(super) const LATER: i64 = 40;
const BEGINNING: i64 = 1_700_000_000;
pub(super) const STEP: u64 = 7;
pub(super) const LOOKBACK: i64 = 3;
pub(super) const NEWCOMER: usize = 2;

/// A record: its cursor, its partition, and when it can be read: twice the number of a sync is before it, one more is during it.
pub(super) struct Record {
    pub(super) at: i64,
    pub(super) partition: usize,
    pub(super) phase: usize,
}

/// A set of records, by number.
pub(super) type Records = u32;

/// What the API comes to have. The second partition lags behind the first.
pub(super) fn world(scope: &Scope) -> Vec<Record> {
    let mut all = vec![(2, 0, 0), (6, 0, 0), (9, 0, 0), (12, 0, 1), (14, 0, 2), (22, 0, 3), (25, 0, 4)];
    all.extend([(1, 1, 0), (11, 1, 1), (13, 1, 2), (21, 1, 3)]);
    if scope.newcomer {
        // Older than their partition, and as old.
        all.extend([(4, NEWCOMER, 2), (15, NEWCOMER, 2)]);
    }
    if scope.lookback > 0 {
        // Those that show late.
        all.extend([(8, 1, 1), (10, 1, 1), (13, 0, 2), (19, 1, 3)]);
    }
    let placed = |partition| if scope.partitioned { partition } else { 0 };
    all.into_iter().map(|(at, partition, phase)| Record { at, partition: placed(partition), phase }).collect()
}

impl Scope {
    pub(super) fn value(&self, at: i64) -> CursorValue {
        match self.integer {
            true => CursorValue::from(at),
            false => CursorValue::from(moment(at)),
        }
    }

    fn at(&self, value: &CursorValue) -> i64 {
        match self.integer {
            true => value.integer().unwrap().try_into().unwrap(),
            false => value.datetime().unwrap().timestamp() - BEGINNING,
        }
    }

    pub(super) fn spec(&self) -> CursorSpec {
        let mut spec = CursorSpec::new(if self.integer { ID } else { UPDATED_AT }).start(Some(self.value(0)));
        if self.ascending {
            spec = spec.order(Order::Ascending);
        }
        if self.lookback > 0 {
            spec = spec.lookback(Span::seconds(self.lookback.unsigned_abs()));
        }
        if let Some(step) = self.step {
            spec = spec.step(Span::seconds(step)).granularity(Span::seconds(1)).end(End::Now);
        }
        if self.exclusive {
            spec = spec.end_bound(EndBound::Exclusive);
        }
        if self.from_watermark {
            spec = spec.new_partitions(NewPartitions::FromWatermark);
        }
        spec
    }

    /// The bounds of a window, both included.
    pub(super) fn bounds(&self, window: &Window) -> (i64, i64) {
        let from = window.start.as_ref().map_or(i64::MIN, |start| self.at(start));
        let to = window.end.as_ref().map_or(i64::MAX, |end| self.at(end) - i64::from(self.exclusive));
        (from, to)
    }

    pub(super) fn key(&self, partition: usize) -> PartitionKey {
        match self.partitioned {
            true => PartitionKey::new([[partition.to_string().as_bytes()]]),
            false => PartitionKey::root(),
        }
    }

    pub(super) fn partitions(&self, sync: usize) -> usize {
        match (self.partitioned, self.newcomer && sync > 0) {
            (false, _) => 1,
            (true, newcomer) => NEWCOMER + usize::from(newcomer),
        }
    }
}

pub(super) fn moment(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(BEGINNING + at, 0).unwrap()
}
