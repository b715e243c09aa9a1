//! A small world: partitions whose records are written while syncs run, fail and are killed. Whatever the schedule,
//! nothing that was written stays unread, and the state never goes back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::DateTime;
use proptest::prelude::*;
use serde_json::Value;

use super::support::{ID, UPDATED_AT};
use crate::cursor::{CursorFold, CursorSpec, CursorValue, End, EndBound, Future, NewPartitions, Order, Span, Window};
use crate::state::{Listed, PartitionKey, SliceKey, StreamState};
use crate::stream::EndOfSlice;

/// Chance, from a seed that proptest chooses.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides.max(1)
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.roll(100) < chance
    }
}

/// A record: when it was written (its cursor), and its number.
type Record = (i64, u64);

/// What the API has.
struct World {
    now: i64,
    partitions: BTreeMap<i64, Vec<Record>>,
    numbers: u64,
    /// Records that were older than their partition: what `from_watermark` gives up.
    given_up: BTreeSet<u64>,
}

impl World {
    /// Time passes; records are written, partitions appear, some with records that are old already.
    fn pass(&mut self, dice: &mut Dice, seconds: u64) {
        for _ in 0..seconds {
            self.now += 1;
            if dice.percent(3) {
                let id = dice.roll(40).cast_signed();
                self.partitions.entry(id).or_default();
            }
            if dice.percent(1) {
                let (now, id) = (self.now, 100 + dice.roll(1000).cast_signed());
                let old = self.write(now - 1 - dice.roll(50).cast_signed());
                self.given_up.insert(old.1);
                self.partitions.entry(id).or_insert_with(|| vec![old]);
            }
            for _ in 0..dice.roll(3) {
                let count = self.partitions.len() as u64;
                let chosen = usize::try_from(dice.roll(count)).unwrap();
                let record = self.write(self.now);
                if let Some(records) = self.partitions.values_mut().nth(chosen) {
                    records.push(record);
                }
            }
        }
    }

    fn write(&mut self, at: i64) -> Record {
        self.numbers += 1;
        (at, self.numbers)
    }

    /// What the API returns for a window, oldest first; of a bound of two parts what comes behind it, or from it on.
    fn ask(&self, partition: i64, window: &Window, spec: &CursorSpec, behind: bool) -> Vec<Record> {
        let seconds = |value: &CursorValue| value.datetime().unwrap().timestamp();
        let from = window.start.as_ref().map_or(i64::MIN, seconds);
        let to =
            window.end.as_ref().map_or(i64::MAX, |end| seconds(end) - i64::from(spec.end_bound == EndBound::Exclusive));
        let second = window.start.as_ref().and_then(|start| start.then()?.integer());
        let second = second.map_or(0, |then| u64::try_from(then).unwrap() + u64::from(behind));
        let asked = |(at, number): &Record| (from..=to).contains(at) && (*at > from || *number >= second);
        let mut found: Vec<_> = self.partitions[&partition].iter().copied().filter(asked).collect();
        found.sort_unstable();
        found
    }

    fn truth(&self, partitioned: bool) -> BTreeSet<u64> {
        let chosen = self.partitions.iter().filter(|(id, _)| partitioned || **id == 0);
        chosen.flat_map(|(_, records)| records.iter().map(|(_, number)| *number)).collect()
    }
}

#[derive(Debug, Clone)]
struct Plan {
    seed: u64,
    partitioned: bool,
    step: Option<u64>,
    lookback: u64,
    exclusive: bool,
    grain: bool,
    end_now: bool,
    order: Order,
    listed: Listed,
    from_watermark: bool,
    /// Whether the cursor has two parts, and whether the API returns what comes behind them, without what lies on them.
    two: Option<bool>,
    fail: u64,
    kill: u64,
    syncs: usize,
}

fn plan() -> impl Strategy<Value = Plan> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let order = prop_oneof![Just(Order::Unordered), Just(Order::Ascending)];
    let chances = (0_u64..30, 0_u64..100, 2_usize..7);
    (any::<u64>(), flags, prop_oneof![Just(None), (1_u64..40).prop_map(Some)], 0_u64..10, order, chances).prop_map(
        |(seed, (partitioned, exclusive, grain, end_now, changed), step, lookback, order, (fail, kill, syncs))| Plan {
            seed: seed | 1,
            partitioned,
            step,
            lookback,
            exclusive,
            grain,
            end_now,
            order,
            listed: if changed { Listed::Changed } else { Listed::All },
            from_watermark: false,
            two: None,
            fail,
            kill,
            syncs,
        },
    )
}

const BEGINNING: i64 = 1_700_000_000;

fn second(seconds: i64) -> CursorValue {
    CursorValue::from(DateTime::from_timestamp(seconds, 0).unwrap())
}

impl Plan {
    fn spec(&self) -> CursorSpec {
        let mut spec = CursorSpec::new(UPDATED_AT)
            .start(Some(second(BEGINNING - 100)))
            .order(self.order)
            .future(Future::Accept)
            .lookback(Span::seconds(self.lookback));
        if self.two.is_some() {
            spec = spec.then(CursorSpec::new(ID));
        }
        if let Some(step) = self.step {
            spec = spec.step(Span::seconds(step));
        }
        if self.grain {
            spec = spec.granularity(Span::seconds(1));
        }
        if self.exclusive {
            spec = spec.end_bound(EndBound::Exclusive);
        }
        if self.end_now {
            spec = spec.end(End::Now);
        }
        if self.from_watermark {
            spec = spec.new_partitions(NewPartitions::FromWatermark);
        }
        spec
    }
}

/// A slice in the hands of a worker.
struct Reading {
    id: i64,
    partition: PartitionKey,
    window: Window,
    fold: CursorFold,
    /// What of the answer is not yet emitted.
    left: Option<Vec<Record>>,
    fails: bool,
}

/// One sync until it ends or is killed. Takes and leaves what a platform has: the records, and the last document.
struct Sync<'a> {
    plan: &'a Plan,
    dice: &'a mut Dice,
    world: &'a mut World,
    emitted: &'a mut BTreeSet<u64>,
    document: &'a mut Value,
    spec: CursorSpec,
    state: StreamState,
    highest: HashMap<i64, Option<CursorValue>>,
    /// How many times each record was read.
    read: &'a mut HashMap<u64, u64>,
}

impl Sync<'_> {
    /// Whether the sync ran to its end.
    fn run(&mut self, killable: bool) -> bool {
        let mut waiting: Vec<(i64, PartitionKey)> = match self.plan.partitioned {
            true => {
                self.world.partitions.keys().map(|id| (*id, PartitionKey::new([[id.to_string().as_bytes()]]))).collect()
            }
            false => vec![(0, PartitionKey::root())],
        };
        let mut queue: Vec<Reading> = Vec::new();
        let mut failed = BTreeSet::new();
        let began = self.world.now;
        while !waiting.is_empty() || !queue.is_empty() {
            if killable && self.dice.percent(self.plan.kill) && self.dice.percent(10) {
                return false;
            }
            // A sync takes at most a minute, else each would have more to do than the one before.
            let pass = if self.world.now < began + 60 { self.dice.roll(2) } else { 0 };
            self.world.pass(self.dice, pass);
            if !waiting.is_empty() && (queue.is_empty() || self.dice.percent(30)) {
                let chosen = usize::try_from(self.dice.roll(waiting.len() as u64)).unwrap();
                let (id, partition) = waiting.swap_remove(chosen);
                for window in self.state.windows(&partition).collect::<Vec<_>>() {
                    let fold = self.state.fold(&SliceKey { partition: &partition, window: &window }).unwrap();
                    let fails = killable && self.dice.percent(self.plan.fail);
                    queue.push(Reading { id, partition: partition.clone(), window, fold, left: None, fails });
                }
                continue;
            }
            let chosen = usize::try_from(self.dice.roll(queue.len() as u64)).unwrap();
            let mut slice = queue.swap_remove(chosen);
            if failed.contains(&slice.id) {
                continue;
            }
            if self.page(&mut slice) {
                queue.push(slice);
            } else if slice.fails {
                failed.insert(slice.id);
                self.state.abandon(&slice.partition);
            } else {
                let Reading { partition, window, fold, .. } = slice;
                self.state.close(&SliceKey { partition: &partition, window: &window }, fold, EndOfSlice::new());
            }
            if self.dice.percent(50) {
                self.emit();
            }
        }
        // Whether the sync is complete the state knows by itself.
        self.state.finish(self.plan.listed);
        self.emit();
        true
    }

    /// One page of a slice; tells whether there are more.
    fn page(&mut self, slice: &mut Reading) -> bool {
        let left = slice.left.get_or_insert_with(|| {
            let mut answer = self.world.ask(slice.id, &slice.window, &self.spec, self.plan.two == Some(true));
            if self.plan.order == Order::Unordered {
                answer.reverse();
            }
            answer
        });
        let size = left.len().min(3);
        for (at, number) in left.drain(..size) {
            self.emitted.insert(number);
            let (first, then) = (second(at).to_json(), number.to_string());
            match self.plan.two {
                Some(_) => slice.fold.push_both(Some(first.as_bytes()), Some(then.as_bytes())).unwrap(),
                None => slice.fold.push(Some(first.as_bytes())).unwrap(),
            };
            *self.read.entry(number).or_default() += 1;
        }
        let more = !left.is_empty();
        if let Some(order) = self.spec.ascending() {
            self.state.checkpoint(&SliceKey { partition: &slice.partition, window: &slice.window }, &slice.fold, order);
        }
        more
    }

    fn emit(&mut self) {
        *self.document = self.state.document();
        let opened = open(self.plan, self.spec.clone(), self.document, self.world.now);
        let document = opened.document();
        assert_eq!(document, *self.document, "a document reads as it was written");
        for id in self.highest.keys().copied().collect::<Vec<_>>() {
            let start = start_of(self.plan, &self.spec, self.document, self.world.now, id);
            let highest = self.highest.entry(id).or_default();
            assert!(start >= *highest, "partition {id} went back from {highest:?} to {start:?}");
            *highest = start;
        }
    }
}

fn open(plan: &Plan, spec: CursorSpec, document: &Value, now: i64) -> StreamState {
    let now = DateTime::from_timestamp(now, 0).unwrap();
    match plan.partitioned {
        true => StreamState::open_partitioned(Some(spec), Some(document), now).unwrap(),
        false => StreamState::open(Some(spec), Some(document), now).unwrap(),
    }
}

/// Where a sync that got this document would start.
fn start_of(plan: &Plan, spec: &CursorSpec, document: &Value, now: i64, id: i64) -> Option<CursorValue> {
    let partition = match plan.partitioned {
        true => PartitionKey::new([[id.to_string().as_bytes()]]),
        false => PartitionKey::root(),
    };
    let mut state = open(plan, spec.clone(), document, now + 1000);
    state.windows(&partition).next().and_then(|window| window.start)
}

/// How many times records were read that had been read before.
fn check(plan: &Plan) -> u64 {
    let mut read = HashMap::new();
    let mut dice = Dice(plan.seed);
    let mut world =
        World { now: BEGINNING, partitions: BTreeMap::from([(0, Vec::new())]), numbers: 0, given_up: BTreeSet::new() };
    world.pass(&mut dice, 60);
    let (mut emitted, mut document) = (BTreeSet::new(), serde_json::json!({}));
    for round in 0..plan.syncs {
        let (spec, killable) = (plan.spec(), round + 1 < plan.syncs);
        // What is written in the second in which a sync starts may come with the next one.
        world.now += 1;
        let state = open(plan, spec.clone(), &document, world.now);
        let highest = world.partitions.keys().filter(|id| plan.partitioned || **id == 0);
        let highest = highest.map(|id| (*id, start_of(plan, &spec, &document, world.now, *id))).collect();
        let truth = world.truth(plan.partitioned);
        let mut sync = Sync {
            plan,
            dice: &mut dice,
            world: &mut world,
            emitted: &mut emitted,
            document: &mut document,
            spec,
            state,
            highest,
            read: &mut read,
        };
        let ended = sync.run(killable);
        assert!(ended || killable);
        if !killable {
            // The last sync neither fails nor is killed. What was there when it began has been read, now or before.
            let given_up = |number: &&u64| plan.from_watermark && world.given_up.contains(*number);
            let missing: Vec<_> = truth.difference(&emitted).filter(|number| !given_up(number)).collect();
            assert!(missing.is_empty(), "never read: {missing:?}");
        }
        world.pass(&mut dice, 20);
    }
    read.values().map(|times| times - 1).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_was_written_stays_unread(plan in plan()) {
        check(&plan);
    }

    #[test]
    fn nothing_stays_unread_by_a_cursor_of_two_parts(mut plan in plan(), behind in any::<bool>(), global in any::<bool>()) {
        plan.two = Some(behind);
        plan.from_watermark = plan.partitioned && global;
        check(&plan);
    }

    /// Without windows, failures and look-back nothing is read twice: what has the state's first part is not asked for again.
    #[test]
    fn two_parts_read_nothing_twice(mut plan in plan()) {
        plan.two = Some(true);
        (plan.partitioned, plan.step, plan.lookback, plan.fail, plan.kill) = (false, None, 0, 0, 0);
        prop_assert_eq!(check(&plan), 0);
    }

    #[test]
    fn from_watermark_gives_up_nothing_but_what_is_older_than_its_partition(mut plan in plan()) {
        (plan.from_watermark, plan.partitioned) = (true, true);
        check(&plan);
    }
}
