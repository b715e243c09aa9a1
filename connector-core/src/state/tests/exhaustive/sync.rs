//! One sync, step by step, and what has to be true after each.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::Value;

use super::scope::{Record, Records, SYNCS};
use super::search::{Next, Search};
use crate::cursor::{CursorFold, Window};
use crate::state::{SliceKey, StreamState};
use crate::stream::EndOfSlice;

/// One thing that happens in a sync.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Begin(usize),
    /// The next page of a partition's window is read and emitted.
    Page(usize, usize),
    End(usize, usize),
    /// What a partition has in hand fails.
    Fail(usize),
    /// Time passes, and what is written during the sync is there.
    Write,
}

struct Slice {
    window: Window,
    /// What the API answered, oldest first, and how many of it were emitted.
    answer: Option<Vec<usize>>,
    given: usize,
    ended: bool,
}

#[derive(Default)]
struct Partition {
    begun: bool,
    failed: bool,
    slices: Vec<Slice>,
    /// It is not read from before this again.
    floor: i64,
}

/// A sync, some steps after its beginning.
pub(super) struct Sync<'a> {
    search: &'a Search,
    number: usize,
    state: StreamState,
    partitions: Vec<Partition>,
    pub(super) emitted: Records,
    written: bool,
}

impl<'a> Sync<'a> {
    pub(super) fn begin(search: &'a Search, number: usize, document: &Value, emitted: Records) -> Self {
        let state = search.open(document, SYNCS[number]);
        let partitions = (0..search.scope.partitions(number)).map(|_| Partition::default()).collect();
        Self { search, number, state, partitions, emitted, written: false }
    }

    /// All that can happen next; nothing if the sync is at its end.
    pub(super) fn steps(&self) -> Vec<Step> {
        let scope = &self.search.scope;
        let mut steps = Vec::new();
        for (p, partition) in self.partitions.iter().enumerate() {
            if !partition.begun {
                steps.push(Step::Begin(p));
                continue;
            }
            let mut open = false;
            for (w, slice) in partition.slices.iter().enumerate().filter(|(_, slice)| !slice.ended) {
                let ready = !open || (scope.side_by_side && p == 0);
                open = true;
                match &slice.answer {
                    // What is in hand when another slice of the partition fails may end all the same.
                    Some(answer) if slice.given == answer.len() && ready => steps.push(Step::End(p, w)),
                    _ if ready && !partition.failed => steps.push(Step::Page(p, w)),
                    _ => {}
                }
            }
            if open && !partition.failed {
                steps.push(Step::Fail(p));
            }
        }
        if !steps.is_empty() && !self.written {
            steps.push(Step::Write);
        }
        steps
    }

    pub(super) fn take(&mut self, step: Step) {
        match step {
            Step::Begin(p) => self.begin_partition(p),
            Step::Page(p, w) => self.page(p, w),
            Step::End(p, w) => self.end(p, w),
            Step::Fail(p) => {
                self.partitions[p].failed = true;
                self.state.abandon(&self.search.scope.key(p));
            }
            Step::Write => self.written = true,
        }
    }

    fn begin_partition(&mut self, p: usize) {
        let scope = &self.search.scope;
        let windows: Vec<_> = self.state.windows(&scope.key(p)).collect();
        assert!(!windows.is_empty(), "there is always something to ask for");
        assert!(!scope.partitioned || self.state.windows(&scope.key(p)).is_empty(), "a partition is begun twice");
        let partition = &mut self.partitions[p];
        partition.begun = true;
        partition.floor = scope.bounds(&windows[0]).0;
        let slice = |window| Slice { window, answer: None, given: 0, ended: false };
        partition.slices = windows.into_iter().map(slice).collect();
    }

    fn page(&mut self, p: usize, w: usize) {
        let Search { scope, world, .. } = self.search;
        let slice = &mut self.partitions[p].slices[w];
        let (from, to) = scope.bounds(&slice.window);
        let phase = 2 * self.number + usize::from(self.written);
        let answer = slice.answer.get_or_insert_with(|| {
            let there = |record: &Record| record.partition == p && record.at >= from && record.phase <= phase;
            let mut found: Vec<_> = (0..world.len()).filter(|&number| there(&world[number])).collect();
            found.sort_by_key(|&number| world[number].at);
            let newest = found.last().copied().filter(|_| scope.newest_too);
            found.retain(|&number| world[number].at <= to || Some(number) == newest);
            found
        });
        // Where the order counts, there are several pages.
        let size = if scope.ascending { 2 } else { answer.len() };
        for number in answer.iter().skip(slice.given).take(size) {
            self.emitted |= 1 << number;
            slice.given += 1;
        }
        if let Some(order) = self.search.spec.ascending() {
            let (key, fold) = (scope.key(p), self.fold(p, w));
            let slice = &self.partitions[p].slices[w];
            self.state.checkpoint(&SliceKey { partition: &key, window: &slice.window }, &fold, order);
            self.raise_floor(p, Some(w));
        }
    }

    /// The cursor of what was read of a slice; newest first, unless the order is declared.
    fn fold(&self, p: usize, w: usize) -> CursorFold {
        let Search { scope, world, .. } = self.search;
        let slice = &self.partitions[p].slices[w];
        let mut fold = self.state.fold(&SliceKey { partition: &scope.key(p), window: &slice.window }).unwrap();
        let mut read: Vec<_> = slice.answer.iter().flatten().take(slice.given).collect();
        if !scope.ascending {
            read.reverse();
        }
        for number in read {
            fold.push(Some(scope.value(world[*number].at).to_json().as_bytes())).unwrap();
        }
        fold
    }

    fn end(&mut self, p: usize, w: usize) {
        let (key, fold) = (self.search.scope.key(p), self.fold(p, w));
        let slice = &mut self.partitions[p].slices[w];
        slice.ended = true;
        self.state.close(&SliceKey { partition: &key, window: &slice.window }, fold, EndOfSlice::new());
        self.raise_floor(p, None);
    }

    /// What a partition has come to, told anew from what happened: after a page at a checkpoint, or the end of a slice.
    fn raise_floor(&mut self, p: usize, checkpoint: Option<usize>) {
        let Search { scope, world, .. } = self.search;
        let partition = &mut self.partitions[p];
        if partition.failed {
            return;
        }
        let mut highest: Option<i64> = None;
        let mut whole = true;
        for (w, slice) in partition.slices.iter().enumerate() {
            let to = scope.bounds(&slice.window).1;
            let read = slice.answer.iter().flatten().take(slice.given).map(|number| world[*number].at);
            let seen = read.max().filter(|_| slice.ended || checkpoint == Some(w));
            // A value beyond what was asked for says nothing.
            highest = highest.max(seen.map(|seen| seen.min(to)));
            whole &= slice.ended;
            if !slice.ended {
                break;
            }
        }
        let asked = (whole && scope.partitioned && !scope.integer).then_some(SYNCS[self.number]);
        if let Some(reached) = asked.or(highest) {
            partition.floor = partition.floor.max(reached - scope.lookback);
        }
    }

    /// What tells this moment from others: the slices, the records, all of the state in whatever order.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.emitted, self.written).hash(&mut hasher);
        for partition in &self.partitions {
            (partition.begun, partition.failed).hash(&mut hasher);
            for slice in &partition.slices {
                (&slice.answer, slice.given, slice.ended).hash(&mut hasher);
            }
        }
        let text = format!("{:?}", self.state);
        let body = text.find("body: ").unwrap();
        let part = |part: &[u8]| {
            let mut hasher = DefaultHasher::new();
            hasher.write(part.trim_ascii());
            hasher.finish()
        };
        let parts = text.as_bytes()[body..].split(|byte| matches!(byte, b',' | b'{' | b'}'));
        hasher.write_u64(parts.map(part).fold(0, u64::wrapping_add));
        hasher.finish()
    }

    /// Looks at the document as it is now.
    pub(super) fn check(&self, reads: &mut HashMap<String, Next>, path: &[Step]) -> String {
        let Search { scope, world, .. } = self.search;
        let document = self.state.document().to_string();
        let next = reads.entry(document.clone()).or_insert_with(|| self.search.next(&document));
        let told = |what: &str, number: usize| {
            let Record { at, partition, .. } = world[number];
            panic!(
                "record {at} of partition {partition} {what}: sync {}, {path:?}, {document}, {scope:?}",
                self.number + 1
            )
        };
        let lost = next.covered & !self.emitted & !self.search.given_up;
        if lost != 0 {
            told("is covered and was not emitted", lost.trailing_zeros() as usize);
        }
        for (p, partition) in self.partitions.iter().enumerate().filter(|(_, partition)| partition.begun) {
            let start = next.starts[p];
            assert!(
                start >= partition.floor,
                "partition {p} is read from {start} again, not from {}: sync {}, {path:?}, {document}, {scope:?}",
                partition.floor,
                self.number + 1
            );
        }
        document
    }

    /// Ends it: nothing is in hand any more.
    pub(super) fn finish(&mut self) {
        self.state.finish(self.search.scope.listed);
        let well = self.partitions.iter().all(|partition| !partition.failed);
        let there = self.search.there(2 * self.number);
        let unread = there & !self.emitted & !self.search.given_up;
        assert!(!well || unread == 0, "a sync ended well and left {unread:b} unread: {:?}", self.search.scope);
    }
}
