//! Windows and their borders over HTTP, by chance: whatever a stream declares of its cursor, and wherever records lie, each one comes
//! once; what is new comes with the next sync; and a sync that breaks loses nothing.

#![deny(warnings)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod declared;
mod source;
mod world;

use declared::{Declared, Dice, NOW, borders};
use proptest::prelude::*;
use std::time::Duration;
use world::{Sync, World};

/// Where records lie: which border, how many ticks from it, in which partition.
type Places = Vec<(usize, i64, usize)>;

fn places() -> impl Strategy<Value = Places> {
    proptest::collection::vec((0..16_usize, -2..=2_i64, 0..3_usize), 0..24)
}

#[derive(Debug, Clone)]
struct Plan {
    seed: u64,
    first: Places,
    second: Places,
    /// How long after the first sync the second one begins: see [`Plan::pause`].
    pause: u32,
    /// Which request of a sync fails.
    fails_at: usize,
}

fn plan() -> impl Strategy<Value = Plan> {
    (any::<u64>(), places(), places(), 0..60_u32, 0..12_usize).prop_map(|(seed, first, second, pause, fails_at)| Plan {
        seed,
        first,
        second,
        pause,
        fails_at,
    })
}

impl Plan {
    fn world(&self) -> World {
        let declared = Declared::draw(&mut Dice(self.seed));
        let number = declared.is_number();
        let mut world = World::new(declared);
        world.write(&borders(&world.declared, NOW), &self.first, |at| number || at <= NOW);
        world
    }

    /// Not at all, a little, some windows.
    fn pause(&self, declared: &Declared) -> Duration {
        match self.pause {
            little @ 0..30 => Duration::from_millis(137) * little,
            more => Duration::from_nanos(declared.window().unsigned_abs() / 7) * (more - 29),
        }
    }

    /// What is written before the second sync: since the first one began, which knows no earlier records that come late.
    fn later(&self, world: &mut World, now: i64) {
        let declared = world.declared.clone();
        let before = borders(&declared, NOW).into_iter().chain(borders(&declared, now)).collect::<Vec<_>>();
        // What is new is no older than what the first sync asked for, nor than what it may have seen beyond that.
        let (largest, last) = (world.largest(), declared.last(NOW).min(NOW));
        let since = move |at: i64| largest.is_none_or(|largest| at >= largest) && (declared.is_number() || at >= last);
        world.write(&before, &self.second, |at| since(at) && at <= now.max(largest.unwrap_or(now)));
    }
}

fn at_most(declared: &Declared) -> usize {
    // Windows that share a border bring what lies on it twice.
    if declared.grain().is_none() && !declared.exclusive_end && !declared.client_filter { 2 } else { 1 }
}

/// Each record that a sync asks for comes as often as it has to.
fn complete(world: &World, sync: &Sync, from: Option<i64>, now: i64) {
    let declared = &world.declared;
    assert_eq!(sync.error, None, "{declared:?}");
    for record in &world.records {
        let count = sync.records.iter().filter(|id| **id == record.id).count();
        let due = declared.is_due(record.at, now) && from.is_none_or(|from| record.at >= from);
        let shown = || format!("{record:?} came {count} times, of {declared:#?}\n{:#?}", sync.requests);
        assert!(count >= usize::from(due), "{}", shown());
        assert!(count <= at_most(declared), "{}", shown());
        assert!(count == 0 || declared.may_come(record.at, from, now), "{}", shown());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn each_record_comes_once_and_new_ones_with_the_next_sync(plan in plan()) {
        let mut world = plan.world();
        let first = world.read(&[], Duration::ZERO, None);
        complete(&world, &first, None, NOW);
        let pause = plan.pause(&world.declared);
        let now = NOW + i64::try_from(pause.as_nanos()).unwrap();
        let known = world.records.len();
        let reached = world.largest_read(&first.records);
        plan.later(&mut world, now);
        let second = world.read(&first.states, pause, None);
        let declared = world.declared.clone();
        assert_eq!(second.error, None);
        for (index, record) in world.records.iter().enumerate() {
            let count = second.records.iter().filter(|id| **id == record.id).count();
            let due = declared.is_due(record.at, now) && index >= known;
            let shown = || {
                format!("{record:?} came {count} times, of {declared:#?}\n{:#?}\n{:#?}\n{:#?}", first.requests, first.states, second.requests)
            };
            assert!(count >= usize::from(due), "{}", shown());
            assert!(count <= at_most(&declared), "{}", shown());
            let again = world.begins(reached);
            assert!(count == 0 || index >= known || declared.may_come(record.at, again, now), "{}", shown());
        }
    }

    #[test]
    fn a_sync_that_breaks_loses_nothing(plan in plan()) {
        let mut world = plan.world();
        let broken = world.read(&[], Duration::ZERO, Some(plan.fails_at));
        let pause = plan.pause(&world.declared);
        let now = NOW + i64::try_from(pause.as_nanos()).unwrap();
        plan.later(&mut world, now);
        let again = world.read(&broken.states, pause, Some(plan.fails_at / 2));
        let rest = world.read(&again.states, pause, None);
        assert_eq!(rest.error, None);
        let declared = &world.declared;
        for record in &world.records {
            let came = [&broken, &again, &rest].iter().any(|sync| sync.records.contains(&record.id));
            assert!(
                came || !declared.is_due(record.at, now),
                "{record:?} is lost: {declared:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}",
                broken.requests, broken.states, again.requests, again.states, rest.requests
            );
        }
    }
}
