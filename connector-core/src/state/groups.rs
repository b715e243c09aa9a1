//! Groups: partitions that were asked up to the same bound. One comes with each sync; old ones are joined.

use crate::cursor::{CursorSpec, CursorValue, Key};

/// How many groups a document has at most.
const MAX: usize = 24;
/// How many complete syncs may miss a partition before it is forgotten.
const REMEMBERED: u64 = 3;

/// A bound that partitions were asked up to, and how many complete syncs have missed those that are still there.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) asked: CursorValue,
    pub(super) missed: u64,
}

/// The groups, oldest first. The place of a partition, as the map has it, is a character below U+0020 for the group of
/// that number, or else the JSON of a value of its own.
#[derive(Debug, Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// The one of this sync.
    current: Option<usize>,
}

impl Groups {
    /// The groups of a document, and the number that each of them has now: joined so that there is room for one more.
    pub(super) fn load(mut groups: Vec<Group>) -> (Self, Vec<usize>) {
        let mut numbers: Vec<usize> = (0..groups.len()).collect();
        while groups.len() >= MAX {
            let joined = nearest(&groups);
            let newer = groups.remove(joined + 1);
            if let Some(older) = groups.get_mut(joined) {
                older.missed = older.missed.min(newer.missed);
                if newer.asked < older.asked {
                    older.asked = newer.asked;
                }
            }
            for number in numbers.iter_mut().filter(|number| **number > joined) {
                *number -= 1;
            }
        }
        (Self { groups, current: None }, numbers)
    }

    /// The place of a partition that was read to its end in this sync.
    pub(super) fn enter_current(&mut self, asked: CursorValue) -> String {
        let current = *self.current.get_or_insert_with(|| {
            self.groups.push(Group { asked, missed: 0 });
            self.groups.len() - 1
        });
        place_of(current)
    }

    pub(super) fn is_current(&self, place: &str) -> bool {
        self.current.is_some() && number(place) == self.current
    }

    /// What the members of the place's group were asked up to; nothing for a value of its own.
    pub(super) fn asked(&self, place: &str) -> Option<&CursorValue> {
        self.groups.get(number(place)?).map(|group| &group.asked)
    }

    /// The value of a partition that is an exception.
    pub(super) fn own(&self, spec: &CursorSpec, place: &str) -> Option<CursorValue> {
        if number(place).is_some() {
            return None;
        }
        spec.read_place(place)
    }

    /// The groups by number.
    pub(super) fn each(&self) -> &[Group] {
        &self.groups
    }

    /// A complete sync has ended: whoever is not in the current group was missed. Tells whether some group is too old now.
    pub(super) fn miss(&mut self) -> bool {
        let current = self.current;
        let others = self.groups.iter_mut().enumerate().filter(|(number, _)| Some(*number) != current);
        others.fold(false, |old, (_, group)| {
            group.missed += 1;
            old || group.missed > REMEMBERED
        })
    }

    /// Whether the members of the place's group are to be forgotten.
    pub(super) fn is_forgotten(&self, place: &str) -> bool {
        number(place).and_then(|number| self.groups.get(number)).is_some_and(|group| group.missed > REMEMBERED)
    }
}

/// The number of the group of a place.
pub(super) fn number(place: &str) -> Option<usize> {
    place.bytes().next().filter(|byte| *byte < b' ').map(usize::from)
}

/// The place of the members of a group.
pub(super) fn place_of(number: usize) -> String {
    u8::try_from(number)
        .ok()
        .filter(|number| *number < b' ')
        .map(|number| char::from(number).to_string())
        .unwrap_or_default()
}

/// The two neighbours whose difference is smallest beside their age: recent groups stay apart, old ones are joined.
fn nearest(groups: &[Group]) -> usize {
    let position = |group: &Group| match group.asked.key {
        Key::Moment(seconds, _) | Key::Naive(seconds, _) => seconds as f64,
        Key::Day(days) => days as f64,
        Key::Integer(integer) => integer as f64,
        Key::Text(_) => 0.0,
    };
    let newest = groups.last().map_or(0.0, position);
    let cost = |pair: &[Group]| {
        let (older, newer) = (pair.first().map_or(0.0, position), pair.last().map_or(0.0, position));
        (newer - older).abs() / ((newest - older).abs() + 1.0)
    };
    let costs = groups.windows(2).map(cost).enumerate();
    costs.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(index, _)| index)
}
