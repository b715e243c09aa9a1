//! The order in which the keys of an object usually stand.
//!
//! APIs keep their own order of fields. The walk compares each key in one go with the one that is due, and learns: a key that
//! stands elsewhere, or that the struct does not have, gets its place in the order. Keys that are left out are stepped over.
//! The whitespace around keys is learned with them, for each object by itself: so it may be indented as deep as it stands.

use super::block;
use super::keys::key_text;
use super::plan::{Kind, NO_SLOT, Node, ObjectPlan, Plan};
use super::usual::{LOOK, Usual};
use std::ops::Range;

/// A key where it usually stands.
#[derive(Clone)]
pub(crate) struct Step {
    /// `,"name":` with the whitespace that usually stands behind the comma and the colon, unless it is too long for a look.
    text: [u8; 32],
    /// A bit for each of these bytes that counts; the highest one, where stands what is never UTF-8, for a key that is too long, or has no bit.
    counts: u32,
    /// How long it is as a whole.
    len: u32,
    /// Its bit among the keys of the object that were seen; none behind the 64th.
    pub(crate) bit: u64,
    /// What its value is.
    pub(crate) node: Node,
    /// How its value usually looks.
    pub(crate) usual: Usual,
    /// The member that it is, or [`NO_MEMBER`].
    pub(crate) member: u16,
    /// How much whitespace stands behind its comma and behind its colon.
    pub(crate) blank: (u8, u8),
    /// All of it, where it is longer.
    long: Option<Box<[u8]>>,
}

/// The struct has no such field.
pub(crate) const NO_MEMBER: u16 = u16::MAX;

/// The value of a key that the struct does not have.
const ANY: Node = Node { kind: Kind::Any, nullable: true, slot: NO_SLOT, number: u32::MAX };

impl Step {
    /// `text`: the key as [`key_text`] has it.
    fn new(text: &[u8], spacing: &Spacing, member: u16, bit: u64, node: Node) -> Self {
        let (text, blank) = spacing.around(text);
        let text = text.as_slice();
        let mut padded = [0; 32];
        let long: Option<Box<[u8]>> = (text.len() > 31).then(|| text.into());
        if long.is_none() {
            for (byte, padded) in text.iter().zip(&mut padded) {
                *padded = *byte;
            }
        }
        let mut counts = (1 << (text.len() & 31)) - 1;
        if long.is_some() || bit == 0 {
            (padded[31], counts) = (0xff, 1 << 31);
        }
        Self { text: padded, counts, len: text.len() as u32, bit, node, usual: Usual::of(&node), member, blank, long }
    }

    /// Whether it stands at the beginning of a look, which has room for a value behind it. `free`: bits of bytes that need not be
    /// equal. Long keys are not seen here.
    #[inline(always)]
    pub(crate) fn begins(&self, look: &[u8; LOOK], free: u32) -> bool {
        let same = match (look.first_chunk(), self.text.first_chunk()) {
            (Some(look), Some(text)) if self.len <= 16 => block::equal_half(look, text),
            _ => look.first_chunk().map_or(0, |text| block::equal(text, &self.text)),
        };
        !(same | free) & self.counts == 0
    }

    /// How long it is.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether it stands at the beginning of some bytes, the first of them aside. At the very end of a text none is seen.
    pub(crate) fn stands_at(&self, rest: &[u8]) -> bool {
        match (&self.long, rest.first_chunk()) {
            (Some(long), _) => rest.get(1..long.len()) == long.get(1..),
            (None, Some(text)) => !(block::equal(text, &self.text) | 1) & ((1 << (self.len & 31)) - 1) == 0,
            (None, None) => false,
        }
    }

    fn full(&self) -> Option<&[u8]> {
        self.long.as_deref().or(self.text.get(..self.len()))
    }

    /// Where it ends if it stands right behind a brace, without what stands behind a comma.
    pub(crate) fn behind_brace(&self, rest: &[u8]) -> Option<usize> {
        let text = self.full()?.get(1 + usize::from(self.blank.0)..)?;
        rest.starts_with(text).then_some(text.len())
    }

    /// Its name; none for a key that never stands in JSON as it is.
    fn name(&self) -> Option<&[u8]> {
        let text = self.full()?;
        let (comma, colon) = (usize::from(self.blank.0), usize::from(self.blank.1));
        text.get(comma + 2..text.len().checked_sub(colon + 2)?)
    }
}

/// The whitespace around the keys of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Spacing {
    /// Behind the comma.
    comma: Box<[u8]>,
    /// Behind the colon.
    colon: Box<[u8]>,
    /// What is behind the comma does not stand behind the brace.
    open: bool,
}

impl Spacing {
    /// A key with its whitespace, and how much of it there is.
    fn around(&self, key: &[u8]) -> (Vec<u8>, (u8, u8)) {
        match key {
            [b',', name @ ..] => {
                let text = [&b","[..], &self.comma, name, &self.colon].concat();
                (text, (self.comma.len() as u8, self.colon.len() as u8))
            }
            _ => (key.to_vec(), (0, 0)),
        }
    }
}

/// What a record taught of the whitespace around the keys of an object: where in the record it stands.
#[derive(Debug, Clone)]
pub(crate) struct SpacingLesson {
    pub(crate) object: u32,
    pub(crate) brace: usize,
    pub(crate) comma: Range<usize>,
    pub(crate) colon: Range<usize>,
}

/// What a record taught: a key that stood elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lesson {
    pub(crate) object: u32,
    /// Where the object began: the same one may stand many times in a record.
    pub(crate) visit: usize,
    /// Before which step it stood.
    pub(crate) before: usize,
    /// From and to which byte of the record the key is.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) member: u16,
}

#[derive(Clone)]
struct Order {
    steps: Vec<Step>,
    /// The bits that are given away.
    bits: u64,
    /// How many lessons will be listened to yet: data without any order must not cost more than it has to.
    patience: usize,
    spacing: Spacing,
    /// Whether the spacing is any.
    spaced: bool,
    /// How often the spacing may change yet.
    changes: u8,
}

/// The orders of all objects of a plan.
#[derive(Clone, Default)]
pub(crate) struct Orders(Vec<Order>);

/// So many lessons besides those for the members of an object.
const PATIENCE: usize = 128;

/// So many changes of the whitespace around keys are followed.
const CHANGES: u8 = 16;

/// Longer whitespace is not learned: a look has to have room for a key behind it.
const WIDE: usize = 20;

impl Orders {
    /// The orders that the structs declare.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self(plan.objects.iter().map(Order::new).collect())
    }

    #[inline(always)]
    pub(crate) fn steps(&self, object: u32) -> &[Step] {
        self.0.get(object as usize).map_or(&[], |order| &order.steps)
    }

    /// Whether there usually is whitespace around the keys of an object.
    #[inline(always)]
    pub(crate) fn is_spaced(&self, object: u32) -> bool {
        self.0.get(object as usize).is_some_and(|order| order.spaced)
    }

    /// Where the text of the first key's step would begin if the object's brace is at a place, and which of its first bytes the brace
    /// and what stands before it take.
    pub(crate) fn begin(&self, object: u32, brace: usize) -> (usize, u32) {
        match self.0.get(object as usize) {
            Some(order) if order.spacing.open => {
                let blank = order.spacing.comma.len();
                brace.checked_sub(blank).map_or((brace, 1), |at| (at, (2 << blank) - 1))
            }
            _ => (brace, 1),
        }
    }

    /// Whether the whitespace around a key is not what it was so far, and may be learned.
    pub(crate) fn is_respaced(&self, object: u32, comma: &[u8], colon: &[u8]) -> bool {
        self.0.get(object as usize).is_some_and(|order| {
            let known = &order.spacing;
            order.changes > 0
                && comma.len() <= WIDE
                && colon.len() <= WIDE
                && (*known.comma != *comma || *known.colon != *colon)
        })
    }

    /// Learns the whitespace around keys from a record.
    pub(crate) fn respace(&mut self, lessons: &[SpacingLesson], plan: &Plan, record: &[u8]) {
        for lesson in lessons {
            let text = |range: &Range<usize>| record.get(range.clone()).unwrap_or_default();
            let (comma, colon) = (text(&lesson.comma), text(&lesson.colon));
            if self.is_respaced(lesson.object, comma, colon)
                && let (Some(order), Some(object)) =
                    (self.0.get_mut(lesson.object as usize), plan.objects.get(lesson.object as usize))
            {
                let open = !comma.is_empty() && record.get(lesson.brace + 1) == Some(&b'"');
                order.respace(Spacing { comma: comma.into(), colon: colon.into(), open }, object);
            }
        }
    }

    /// The step of a key that the struct does not have, if it was learned.
    pub(crate) fn find(&self, object: u32, name: &[u8]) -> Option<usize> {
        let order = self.0.get(object as usize)?;
        order.steps.iter().position(|step| step.member == NO_MEMBER && step.name() == Some(name))
    }

    /// Whether lessons of an object are of any use.
    pub(crate) fn is_patient(&self, object: u32) -> bool {
        self.0.get(object as usize).is_some_and(|order| order.patience > 0)
    }

    /// Learns from a record.
    pub(crate) fn learn(&mut self, lessons: &[Lesson], plan: &Plan, record: &[u8]) {
        let Some(first) = lessons.first() else { return };
        let (mut visit, mut shift) = (first, 0);
        let mut done: Vec<u32> = Vec::new();
        for lesson in lessons {
            if (lesson.object, lesson.visit) != (visit.object, visit.visit) {
                done.push(visit.object);
                (visit, shift) = (lesson, 0);
            }
            // An object that stands again tells with the next record what it has not told now.
            if done.contains(&lesson.object) {
                continue;
            }
            let object = plan.objects.get(lesson.object as usize);
            if let (Some(order), Some(object)) = (self.0.get_mut(lesson.object as usize), object)
                && order.patience > 0
            {
                order.patience -= 1;
                let name = record.get(lesson.start..lesson.end).unwrap_or_default();
                shift += usize::from(order.take(object, plan, name, lesson.before + shift, lesson.member));
            }
        }
    }
}

impl Order {
    fn new(object: &ObjectPlan) -> Self {
        let (steps, spacing) = (object.members.iter().enumerate().zip(&object.keys), Spacing::default());
        Self {
            bits: object.members.iter().fold(0, |bits, member| bits | member.bit),
            patience: object.members.len() * 2 + PATIENCE,
            steps: steps
                .map(|((at, member), key)| Step::new(key, &spacing, at as u16, member.bit, member.node))
                .collect(),
            spacing,
            spaced: false,
            changes: CHANGES,
        }
    }

    /// Puts other whitespace around all its keys.
    fn respace(&mut self, spacing: Spacing, object: &ObjectPlan) {
        self.changes -= 1;
        self.spaced = spacing != Spacing::default();
        self.spacing = spacing;
        for step in &mut self.steps {
            let known = object.keys.get(usize::from(step.member)).map(|key| key.to_vec());
            let learned =
                || step.name().and_then(|name| std::str::from_utf8(name).ok()).map(|name| key_text(name).to_vec());
            if let Some(key) = known.or_else(learned) {
                *step = Step::new(&key, &self.spacing, step.member, step.bit, step.node);
            }
        }
    }

    /// Gives a key its place; whether that made the order longer before what follows.
    fn take(&mut self, object: &ObjectPlan, plan: &Plan, name: &[u8], before: usize, member: u16) -> bool {
        let Ok(name) = std::str::from_utf8(name) else { return false };
        if let Some(known) = self.steps.iter().position(|step| step.name() == Some(name.as_bytes())) {
            let step = self.steps.remove(known);
            self.steps.insert(if known < before { before - 1 } else { before }.min(self.steps.len()), step);
            return false;
        }
        let text = key_text(name);
        let step = match object.members.get(usize::from(member)) {
            Some(known) => Step::new(&text, &self.spacing, member, known.bit, known.node),
            None => {
                // Keys are told apart by their bits: without one it stays unknown.
                let bit = !self.bits & self.bits.wrapping_add(1);
                if bit == 0 {
                    return false;
                }
                self.bits |= bit;
                let rest = object.rest.and_then(|rest| plan.nodes.get(rest as usize));
                Step::new(&text, &self.spacing, NO_MEMBER, bit, rest.copied().unwrap_or(ANY))
            }
        };
        self.steps.insert(before.min(self.steps.len()), step);
        true
    }
}

impl std::fmt::Debug for Orders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Orders").field(&self.0.len()).finish()
    }
}
