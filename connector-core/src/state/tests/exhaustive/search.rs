//! All orders of a sync, and of those that go on from what it left.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::scope::{LATER, NEWCOMER, Record, Records, SYNCS, Scope, moment, world};
use super::sync::{Step, Sync};
use crate::cursor::CursorSpec;
use crate::state::StreamState;

/// What a sync that gets a document does not ask for, and where each partition starts.
pub(super) struct Next {
    pub(super) covered: Records,
    pub(super) starts: Vec<i64>,
}

pub(super) struct Search {
    pub(super) scope: Scope,
    pub(super) spec: CursorSpec,
    pub(super) world: Vec<Record>,
    /// What `from_watermark` may lose: records that are older than their partition.
    pub(super) given_up: Records,
}

impl Search {
    pub(super) fn new(scope: Scope) -> Self {
        let world = world(&scope);
        let old = |record: &Record| scope.from_watermark && record.partition == NEWCOMER && record.at < SYNCS[0];
        let given_up = (0..world.len()).filter(|&number| old(&world[number])).map(|number| 1 << number).sum();
        Self { spec: scope.spec(), scope, world, given_up }
    }

    pub(super) fn open(&self, document: &Value, now: i64) -> StreamState {
        match self.scope.partitioned {
            true => StreamState::open_partitioned(Some(self.spec.clone()), Some(document), moment(now)),
            false => StreamState::open(Some(self.spec.clone()), Some(document), moment(now)),
        }
        .unwrap()
    }

    /// The records that are there in a phase.
    pub(super) fn there(&self, phase: usize) -> Records {
        (0..self.world.len()).filter(|&number| self.world[number].phase <= phase).map(|number| 1 << number).sum()
    }

    pub(super) fn next(&self, document: &str) -> Next {
        let document = serde_json::from_str(document).unwrap();
        let mut state = self.open(&document, LATER);
        assert_eq!(state.document(), document, "a document reads as it was written");
        let mut next = Next { covered: 0, starts: Vec::new() };
        for p in 0..self.scope.partitions(SYNCS.len()) {
            let windows: Vec<_> = state.windows(&self.scope.key(p)).map(|window| self.scope.bounds(&window)).collect();
            next.starts.push(windows[0].0);
            for (number, record) in self.world.iter().enumerate().filter(|(_, record)| record.partition == p) {
                let asked = windows.iter().any(|(from, to)| (*from..=*to).contains(&record.at));
                next.covered |= Records::from(!asked) << number;
            }
        }
        next
    }

    /// Every order of one sync. Tells the documents that it may leave, each with the fewest records that were emitted before.
    fn every_order(&self, number: usize, from: (&str, Records), found: &mut Found, counts: &mut Counts) {
        let (document, emitted) = (serde_json::from_str(from.0).unwrap(), from.1);
        let mut visited = HashSet::new();
        let mut reads = HashMap::new();
        let mut paths: Vec<Vec<Step>> = vec![Vec::new()];
        while let Some(path) = paths.pop() {
            let mut sync = Sync::begin(self, number, &document, emitted);
            path.iter().for_each(|step| sync.take(*step));
            if !visited.insert(sync.fingerprint()) {
                continue;
            }
            counts.moments += 1;
            let document = sync.check(&mut reads, &path);
            leave(found, document, sync.emitted);
            let steps = sync.steps();
            if steps.is_empty() {
                counts.ends += 1;
                sync.finish();
                let document = sync.check(&mut reads, &path);
                leave(found, document, sync.emitted);
            }
            paths.extend(steps.into_iter().map(|step| [&path[..], &[step]].concat()));
        }
    }

    /// One sync that ends well.
    fn to_its_end(&self, number: usize, from: (&str, Records)) {
        let mut sync = Sync::begin(self, number, &serde_json::from_str(from.0).unwrap(), from.1);
        let mut path = Vec::new();
        while let Some(step) = sync.steps().first().copied() {
            sync.take(step);
            path.push(step);
        }
        sync.finish();
        sync.check(&mut HashMap::new(), &path);
    }

    pub(super) fn run(&self) -> Counts {
        let mut counts = Counts::default();
        let mut first = Found::new();
        self.every_order(0, ("{}", 0), &mut first, &mut counts);
        let mut second = Found::new();
        for (document, emitted) in each(&first) {
            counts.resumes += 1;
            self.every_order(1, (document, emitted), &mut second, &mut counts);
        }
        for (document, emitted) in each(&second) {
            counts.resumes += 1;
            self.to_its_end(2, (document, emitted));
        }
        counts
    }
}

/// Documents, and the records that were emitted before them.
type Found = BTreeMap<String, Vec<Records>>;

/// Adds one, unless another way to the same document emitted less: whoever loses nothing there, loses nothing here.
fn leave(found: &mut Found, document: String, emitted: Records) {
    let ways = found.entry(document).or_default();
    if !ways.iter().any(|fewer| fewer & !emitted == 0) {
        ways.retain(|more| emitted & !more != 0);
        ways.push(emitted);
    }
}

fn each(found: &Found) -> impl Iterator<Item = (&str, Records)> {
    found.iter().flat_map(|(document, ways)| ways.iter().map(|emitted| (document.as_str(), *emitted)))
}

#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) moments: u64,
    pub(super) ends: u64,
    pub(super) resumes: u64,
}
