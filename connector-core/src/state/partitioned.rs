//! The state of a stream with partitions: groups of partitions that were asked up to the same bound, and exceptions.
//!
//! See `docs/state.md` for the invariants. In short: a partition that was read to its end joins the group of this sync; a
//! partition that is not in a group, nor an exception, starts at the configured start. Losing an entry is safe (it is read
//! again), inventing one is not; so nothing is ever entered that was not read.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::groups::{Groups, number};
use super::key::{PartitionKey, SliceKey};
use super::progress::Progress;
use super::python::Imported;
use super::runs::RunMap;
use super::single::start_after;
use crate::cursor::{CursorFold, CursorKind, CursorSpec, CursorValue, Key, NewPartitions, Span};

/// Whether a sync has seen every partition that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// It has: what it has not seen is gone. (It is forgotten after three more such syncs.)
    All,
    /// It has not: parents are read incrementally.
    Changed,
}

#[derive(Debug)]
pub(super) struct Partitioned {
    /// Key → place.
    pub(super) known: RunMap,
    pub(super) groups: Groups,
    /// Where this sync asks up to, less the look-back; nothing for cursors that have no such bound.
    asked: Option<CursorValue>,
    /// Where a partition starts that is not known, if not at the configured start.
    pub(super) others: Option<CursorValue>,
    /// The Python framework's global value and look-back, as long as it counts.
    pub(super) global: Option<(CursorValue, u64)>,
    pub(super) imported: Imported,
    /// Whether some sync has read every partition to its end.
    pub(super) complete: bool,
    /// Partitions that were begun and not ended.
    open: HashMap<PartitionKey, Open>,
    abandoned: u64,
    duplicates: u64,
}

/// A partition that was begun.
#[derive(Debug)]
struct Open {
    /// Where it would start if the sync ended now.
    start: Option<CursorValue>,
    progress: Progress,
}

impl Partitioned {
    pub(super) fn new(spec: &CursorSpec, now: DateTime<Utc>) -> Self {
        let asked = asked_up_to(spec, now).map(CursorValue::of).and_then(|asked| match &spec.lookback {
            Some(lookback) => spec.before(&asked, lookback),
            None => Some(asked),
        });
        Self {
            known: RunMap::default(),
            groups: Groups::default(),
            asked,
            others: None,
            global: None,
            imported: Imported::default(),
            complete: false,
            open: HashMap::new(),
            abandoned: 0,
            duplicates: 0,
        }
    }

    /// Begins a partition: where it starts (nothing inside: at the beginning), or nothing at all if it was begun before (a
    /// parent that came twice).
    pub(super) fn begin(&mut self, spec: &CursorSpec, partition: &PartitionKey) -> Option<Option<CursorValue>> {
        let place = self.known.get(partition.as_str());
        if place.is_some_and(|place| self.groups.is_current(place)) || self.open.contains_key(partition) {
            self.duplicates += 1;
            return None;
        }
        let start = self.start(spec, partition, place);
        self.open.insert(partition.clone(), Open { start: start.clone(), progress: Progress::default() });
        Some(start)
    }

    /// Whether partitions that were read join a group, so that one that comes again is known.
    pub(super) const fn is_asked_up_to(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether a state says where the partition goes on, or where all others stand.
    pub(super) fn knows(&self, partition: &PartitionKey) -> bool {
        self.known.get(partition.as_str()).is_some() || self.imported.get(partition).is_some() || self.others.is_some()
    }

    fn start(&self, spec: &CursorSpec, partition: &PartitionKey, place: Option<&str>) -> Option<CursorValue> {
        let entered = place.and_then(|place| match self.groups.asked(place) {
            Some(asked) => Some(Some(asked.clone())),
            None => self.groups.own(spec, place).map(|own| start_after(spec, &own)),
        });
        let start = match (entered, self.imported.get(partition)) {
            (Some(start), _) => start,
            (None, Some(Some(value))) => start_after(spec, value),
            (None, Some(None)) => None,
            (None, None) => self.others.clone(),
        };
        start.max(spec.start.clone())
    }

    /// A window has ended.
    pub(super) fn end(&mut self, spec: &CursorSpec, slice: &SliceKey<'_>, fold: &CursorFold) {
        let Some(open) = self.open.get_mut(slice.partition) else { return };
        let Some(certain) = open.progress.end(slice.window, fold.max().cloned()) else { return };
        if !certain.done {
            return self.enter_own(spec, slice.partition, certain.value);
        }
        match self.asked.clone() {
            Some(asked) => self.enter_current(spec, slice.partition, asked),
            None => self.enter_own(spec, slice.partition, certain.value),
        }
        self.open.remove(slice.partition);
    }

    /// The window has nothing to read: the partition is where it was.
    pub(super) fn nothing_to_read(&mut self, partition: &PartitionKey) {
        self.open.remove(partition);
    }

    pub(super) fn inside(&mut self, spec: &CursorSpec, slice: &SliceKey<'_>, fold: &CursorFold) -> bool {
        let value = self.open.get(slice.partition).and_then(|open| open.progress.inside(slice.window, fold.max()));
        let moved = value.is_some();
        self.enter_own(spec, slice.partition, value);
        moved
    }

    /// A partition failed: it stays where its ended windows brought it.
    pub(super) fn abandon(&mut self, partition: &PartitionKey) {
        if self.open.remove(partition).is_some() {
            self.abandoned += 1;
        }
    }

    pub(super) const fn duplicates(&self) -> u64 {
        self.duplicates
    }

    /// The partition joins the group of this sync, unless it is further already.
    fn enter_current(&mut self, spec: &CursorSpec, partition: &PartitionKey, asked: CursorValue) {
        let start = self.open.get(partition).and_then(|open| open.start.as_ref());
        if start > spec.start.as_ref() && start > Some(&asked) {
            return;
        }
        let place = self.groups.enter_current(asked);
        self.known.insert(partition.as_str(), &place);
        self.imported.supersede(partition);
    }

    /// The partition becomes an exception with a value of its own, unless it is further already.
    fn enter_own(&mut self, spec: &CursorSpec, partition: &PartitionKey, value: Option<CursorValue>) {
        let (Some(value), Some(open)) = (value, self.open.get_mut(partition)) else { return };
        let start = start_after(spec, &value);
        if start > open.start {
            open.start = start;
            self.known.insert(partition.as_str(), &spec.place_text(&value));
            self.imported.supersede(partition);
        }
    }

    /// Every slice of every partition of this sync has ended.
    pub(super) fn finish(&mut self, spec: &CursorSpec, listed: Listed) {
        if !self.open.is_empty() || self.abandoned > 0 {
            return;
        }
        self.complete = true;
        self.global = None;
        match (spec.new_partitions, self.asked.clone()) {
            (NewPartitions::FromStart, _) => {
                self.others = None;
                if listed == Listed::All {
                    self.imported = Imported::default();
                    self.forget_gone();
                }
            }
            (NewPartitions::FromWatermark, Some(asked)) if listed == Listed::All => {
                self.imported = Imported::default();
                self.known = self.known.rewrite(|_, place, kept| {
                    kept.push_str(place);
                    self.groups.own(spec, place).is_some_and(|own| own > asked)
                });
                self.groups = Groups::default();
                self.others = self.others.take().max(Some(asked));
            }
            (NewPartitions::FromWatermark, _) => {}
        }
    }

    /// Forgets the partitions that no complete sync has seen for long.
    fn forget_gone(&mut self) {
        if self.groups.miss() {
            self.known = self.known.rewrite(|_, place, kept| {
                kept.push_str(place);
                !self.groups.is_forgotten(place)
            });
        }
    }

    /// The lowest value that a known partition has got to; nothing unless some sync has read all of them.
    pub(super) fn lowest(&self, spec: &CursorSpec) -> Option<CursorValue> {
        if !self.complete {
            return None;
        }
        let mut lowest = self.others.clone();
        let mut lower = |value: &CursorValue| {
            if lowest.as_ref().is_none_or(|lowest| value < lowest) {
                lowest = Some(value.clone());
            }
        };
        let mut used = [false; 32];
        self.known.for_each(|_, place| match (number(place), self.groups.own(spec, place)) {
            (Some(number), _) => used.iter_mut().skip(number).take(1).for_each(|used| *used = true),
            (None, Some(own)) => lower(&own),
            (None, None) => {}
        });
        self.groups.each().iter().zip(used).filter(|(_, used)| *used).for_each(|(group, _)| lower(&group.asked));
        lowest
    }
}

/// The last value that a request of this sync can have asked for: the configured end, or the sync's start. Where the zone of
/// dates and date-times without offset is not known, the API's day may be one behind ours.
fn asked_up_to(spec: &CursorSpec, now: DateTime<Utc>) -> Option<Key> {
    // No clock tells whether all integers or texts up to an end are there already.
    let started = Some(spec.asked_at(whole_seconds(now))?);
    let started = match spec.field.kind {
        CursorKind::Date | CursorKind::NaiveDateTime if spec.zone.is_none() => {
            started.and_then(|started| started.minus(&Span::days(1)))
        }
        _ => started,
    };
    match spec.last(now) {
        Some(last) => Some(started.map_or(last.clone(), |started| started.min(last))),
        None => started,
    }
}

fn whole_seconds(now: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
}
