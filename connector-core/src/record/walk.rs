//! One walk over a record's bytes along the compiled plan: syntax, types, required fields, double keys, and where the wanted
//! values are. Nothing is decoded and nothing is allocated; what is out of the ordinary goes to `walk_odd`.

use super::ahead::{Piece, SEEN};
use super::fault::{MAX_DEPTH, Step, Stop, What};
use super::format;
use super::keys::{Key, any_twice};
use super::order::{Lesson, NO_MEMBER, Orders, SpacingLesson, Step as Expected};
use super::plan::{Kind, NO_SLOT, Node, ObjectPlan, Plan, ROOT};
use super::shape::Format;
use super::token::{Number, Text};
use super::usual::LOOK;
use super::walk_odd::{NOWHERE, Span, Unfit};
use std::ops::Range;

/// What a walk needs and leaves behind; reused from record to record.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Whitespace between tokens, in order.
    pub(crate) gaps: Vec<Span>,
    /// Where the wanted values are, by slot.
    pub(crate) slots: Vec<Span>,
    /// What does not fit, in order.
    pub(crate) unfit: Vec<Unfit>,
    /// The keys of the objects that the walk is inside of, as far as they are no members of the plan.
    pub(crate) keys: Vec<Key>,
    /// Which members were seen, of objects with more than 64.
    pub(crate) seen: Vec<u64>,
    /// Keys that did not stand where they were expected.
    pub(crate) lessons: Vec<Lesson>,
    /// Keys that had other whitespace around them than was expected.
    pub(crate) spacings: Vec<SpacingLesson>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { slots: vec![NOWHERE; plan.slots], ..Self::default() }
    }
}

impl Scratch {
    /// Makes it ready for the next record.
    pub(crate) fn clear(&mut self) {
        self.gaps.clear();
        self.slots.fill(NOWHERE);
        self.unfit.clear();
        self.keys.clear();
        self.seen.clear();
        self.lessons.clear();
        self.spacings.clear();
    }
}

/// What stands where a key was due that is not the one that was expected.
enum Turn<'w> {
    /// The object ends: the place behind it.
    End(usize),
    /// A key of the order, the place behind it, and which one is due after it.
    Expected(&'w Expected, usize, usize),
    /// A member that has no place in the order yet.
    Member(usize, usize),
    /// A key that the struct does not have.
    Unknown(usize),
}

/// An object that the walk is in.
#[derive(Clone, Copy)]
struct Inside<'w> {
    plan: &'w ObjectPlan,
    number: u32,
    steps: &'w [Expected],
    /// Where it begins.
    brace: usize,
}

/// So many keys of the order may be left out before the order is given up for one key.
const REACH: usize = 8;

/// A walk over one record.
pub(crate) struct Walk<'w, 'b> {
    pub(crate) text: Text<'b>,
    pub(super) piece: &'w mut Piece<'b>,
    pub(crate) plan: &'w Plan,
    pub(crate) orders: &'w Orders,
    pub(crate) scratch: &'w mut Scratch,
    /// A key may stand twice in one object: somebody should look.
    pub(crate) suspect: bool,
}

impl<'w, 'b> Walk<'w, 'b> {
    /// A walk over the record at a place of a piece. At most 4 GiB of it are looked at.
    pub(crate) fn new(
        plan: &'w Plan,
        orders: &'w Orders,
        scratch: &'w mut Scratch,
        piece: &'w mut Piece<'b>,
        start: usize,
    ) -> Self {
        let bytes = piece.bytes().get(start..).unwrap_or_default();
        let bytes = bytes.get(..u32::MAX as usize).unwrap_or(bytes);
        scratch.clear();
        piece.begin(start);
        Self { text: Text::new(bytes), piece, plan, orders, scratch, suspect: false }
    }

    /// Walks over the record; the first byte has to be its brace.
    pub(crate) fn record(&mut self) -> Step {
        match self.text.peek(0) {
            b'{' => self.object(0, ROOT, 1),
            _ => Err(self.text.expected(0, "an object")),
        }
    }

    /// Where strings may end from a place on: see [`Piece::marks`].
    #[inline(always)]
    fn marks(&mut self, at: usize) -> u64 {
        self.piece.marks(at)
    }

    /// A string whose escapes nobody asks for, from behind its opening quote to behind its closing one.
    #[inline(always)]
    fn string(&mut self, at: usize) -> Step {
        let marks = self.marks(at);
        let end = at + marks.trailing_zeros() as usize;
        if marks != 0 && self.text.peek(end) == b'"' { Ok(end + 1) } else { self.long_string(at) }
    }

    #[inline(never)]
    fn long_string(&mut self, mut at: usize) -> Step {
        loop {
            let marks = self.marks(at);
            if marks == 0 {
                at += SEEN;
                continue;
            }
            at += marks.trailing_zeros() as usize;
            match self.text.bytes.get(at) {
                Some(b'"') => return Ok(at + 1),
                Some(0..=0x1f) => return Err(self.text.stop(at, What::Control)),
                Some(_) if self.text.peek(at.wrapping_sub(1)) == b'\\' => at = self.text.escape(at - 1)?,
                Some(_) => at += 1,
                None => return Err(self.text.stop(at, What::Truncated)),
            }
        }
    }

    #[inline(always)]
    pub(crate) fn skip(&mut self, at: usize) -> usize {
        if self.text.peek(at) > b' ' { at } else { self.gap(at) }
    }

    #[inline(never)]
    fn gap(&mut self, at: usize) -> usize {
        let end = self.text.blank(at);
        if end > at {
            self.scratch.gaps.push((at as u32, end as u32));
        }
        end
    }

    /// Behind a value: the place of the comma, or nothing more and the place behind the closing bracket.
    #[inline(always)]
    fn next(&mut self, mut at: usize, close: u8, due: &'static str) -> Result<(usize, bool), Stop> {
        let mut byte = self.text.peek(at);
        if byte <= b' ' {
            at = self.gap(at);
            byte = self.text.peek(at);
        }
        if byte == b',' {
            return Ok((at, true));
        }
        if byte == close { Ok((at + 1, false)) } else { Err(self.text.expected(at, due)) }
    }

    /// An object of the plan, from its brace.
    #[inline(never)]
    pub(crate) fn object(&mut self, at: usize, number: u32, depth: u32) -> Step {
        // Each way is a function of its own: what one keeps in registers, the other would keep in memory.
        if self.orders.is_spaced(number) {
            self.spaced_object(at, number, depth)
        } else {
            self.object_as::<false>(at, number, depth)
        }
    }

    /// The same where there usually is whitespace around the keys.
    #[inline(never)]
    fn spaced_object(&mut self, at: usize, number: u32, depth: u32) -> Step {
        self.object_as::<true>(at, number, depth)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn object_as<const SPACED: bool>(&mut self, at: usize, number: u32, depth: u32) -> Step {
        let plan = self.plan;
        let Some(object) = plan.objects.get(number as usize) else { return self.any_object(at + 1, depth) };
        if depth > MAX_DEPTH {
            return Err(self.text.stop(at, What::Depth));
        }
        let keys = self.scratch.keys.len();
        let words = self.scratch.seen.len();
        if object.members.len() > 64 {
            self.scratch.seen.resize(words + object.members.len().div_ceil(64), 0);
        }
        let inside = Inside { plan: object, number, steps: self.orders.steps(number), brace: at };
        let (mut seen, mut steps) = (0u64, inside.steps);
        // The byte before the first key is the brace, which was seen already, instead of a comma.
        let (mut at, mut first) = if SPACED { self.orders.begin(number, at) } else { (at, 1) };
        let at = loop {
            let unusual;
            (at, unusual) = self.usual_members::<SPACED>(at, &mut steps, &mut seen, &mut first);
            if let Some(expected) = unusual {
                at = self.other_member(at + expected.len(), &expected.node, depth)?;
                continue;
            }
            if first == 0 && self.text.peek(at) == b'}' {
                break at + 1;
            }
            let due = inside.steps.len() - steps.len();
            let turn = self.turn(if first == 0 { at } else { inside.brace }, inside, due, first)?;
            first = 0;
            let (behind, member) = match turn {
                Turn::End(end) => break end,
                Turn::Expected(expected, behind, next) => {
                    steps = inside.steps.get(next..).unwrap_or_default();
                    if !seen & expected.bit != 0 {
                        seen |= expected.bit;
                        at = self.value(behind, &expected.node, depth)?;
                        continue;
                    }
                    // A key that the struct does not have, for the second time; its value goes with the mending.
                    self.suspect |= expected.member == NO_MEMBER;
                    (behind, usize::from(expected.member))
                }
                Turn::Member(member, behind) => (behind, member),
                Turn::Unknown(behind) => (behind, usize::MAX),
            };
            at = match object.members.get(member) {
                None => self.rest(behind, object, depth)?,
                Some(known) => {
                    // Behind the 64th member there are no bits.
                    let twice = seen & known.bit != 0 || (known.bit == 0 && self.mark(words, member));
                    seen |= known.bit;
                    if twice {
                        self.twice(behind, known.node.number, depth)?
                    } else {
                        self.value(behind, &known.node, depth)?
                    }
                }
            };
        };
        if seen & object.required != object.required || object.required_more {
            self.missing(object, seen, words);
        }
        if object.members.len() > 64 {
            self.scratch.seen.truncate(words);
        }
        self.close(keys);
        Ok(at)
    }

    /// Goes over members as they usually are: each key the one that is due, for the first time, and its value a usual one. Where that ends,
    /// and the key of the value that is none.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn usual_members<const SPACED: bool>(
        &mut self,
        mut at: usize,
        steps: &mut &'w [Expected],
        seen: &mut u64,
        first: &mut u32,
    ) -> (usize, Option<&'w Expected>) {
        let bytes = self.text.bytes;
        while let Some((expected, later)) = steps.split_first()
            && let Some(look) = bytes.get(at..).and_then(<[u8]>::first_chunk::<LOOK>)
            && expected.begins(look, *first)
            && *seen & expected.bit == 0
            && let Some(near) = self.piece.near(at)
        {
            if SPACED {
                self.blanks(expected, at, *first);
            }
            (*steps, *first) = (later, 0);
            *seen |= expected.bit;
            match self.usual_member(look, expected, at, near) {
                Some(end) => at = end,
                None => return (at, Some(expected)),
            }
        }
        (at, None)
    }

    /// Notes the whitespace around a key that is as it was expected, from the comma or what stands in its place.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn blanks(&mut self, expected: &Expected, at: usize, first: u32) {
        let (comma, colon) = (usize::from(expected.blank.0), usize::from(expected.blank.1));
        // Before the first key it stands only where the brace is right before it.
        let end = at + expected.len();
        let both = [((at + 1) as u32, (at + 1 + comma) as u32), ((end - colon) as u32, end as u32)];
        match (comma > 0 && first <= 1, colon > 0) {
            (true, true) => self.scratch.gaps.extend_from_slice(&both),
            (true, false) => self.scratch.gaps.push(both[0]),
            (false, true) => self.scratch.gaps.push(both[1]),
            (false, false) => {}
        }
    }

    /// The value of a member that is not as values of its kind usually are, or has parts.
    #[inline(always)]
    fn other_member(&mut self, at: usize, node: &'w Node, depth: u32) -> Step {
        match (node.kind, self.text.peek(at)) {
            (Kind::Object(object), b'{') if node.slot == NO_SLOT => self.object_of_type(at, node.number, object, depth),
            (Kind::List(item), b'[') if node.slot == NO_SLOT => self.list(at + 1, item, depth + 1),
            _ if node.slot != NO_SLOT => self.remembered(at, node, depth),
            _ => self.other_value(at, node, depth),
        }
    }

    /// A value that somebody wants.
    #[inline(never)]
    fn remembered(&mut self, at: usize, node: &'w Node, depth: u32) -> Step {
        self.value(at, node, depth)
    }

    /// The value of a key that no member has.
    #[inline(never)]
    fn rest(&mut self, at: usize, object: &ObjectPlan, depth: u32) -> Step {
        let plan = self.plan;
        let at = self.skip(at);
        match object.rest.and_then(|rest| plan.nodes.get(rest as usize)) {
            Some(node) => self.value(at, node, depth),
            None => self.any(at, depth),
        }
    }

    /// Forgets the keys of an object that has ended, having looked whether one stands twice.
    #[inline(always)]
    fn close(&mut self, from: usize) {
        if let Some(keys) = self.scratch.keys.get_mut(from..)
            && !keys.is_empty()
        {
            self.suspect |= any_twice(keys, self.text.bytes);
            self.scratch.keys.truncate(from);
        }
    }

    /// What stands behind a value, or behind the brace, if it is not the key that is due.
    #[inline(never)]
    fn turn(&mut self, at: usize, inside: Inside<'w>, due: usize, first: u32) -> Result<Turn<'w>, Stop> {
        let mut before = at;
        if first == 0 {
            before = self.skip(at);
            match self.text.peek(before) {
                b',' => {}
                b'}' => return Ok(Turn::End(before + 1)),
                _ => return Err(self.text.expected(before, "`,` or `}`")),
            }
        }
        let at = self.skip(before + 1);
        match self.text.peek(at) {
            b'"' => {}
            b'}' if first != 0 => return Ok(Turn::End(at + 1)),
            _ => return Err(self.text.expected(at, "a key in quotes")),
        }
        // The comma was seen already, or the brace in its place.
        let rest = self.text.bytes.get(before..).unwrap_or_default();
        for (next, expected) in inside.steps.iter().enumerate().skip(due).take(REACH) {
            // Behind the brace there may be nothing of what stands behind a comma.
            let end = if expected.stands_at(rest) {
                Some(before + expected.len())
            } else if first != 0 && expected.blank.0 > 0 {
                expected.behind_brace(rest.get(1..).unwrap_or_default()).map(|len| before + 1 + len)
            } else {
                None
            };
            if let Some(end) = end {
                let colon = usize::from(expected.blank.1);
                if colon > 0 {
                    self.scratch.gaps.push(((end - colon) as u32, end as u32));
                }
                return Ok(Turn::Expected(expected, end, next + 1));
            }
        }
        self.other_key(at, inside, due, (first == 0).then_some(before + 1))
    }

    /// Keeps the whitespace between a comma and a key, and behind the key's colon, where it may be learned.
    fn look_at_spacing(&mut self, comma: Range<usize>, colon: usize, inside: Inside<'w>) {
        let colon = colon..self.text.blank(colon);
        let text = |range: &Range<usize>| self.text.bytes.get(range.clone()).unwrap_or_default();
        if self.orders.is_respaced(inside.number, text(&comma), text(&colon)) {
            let (object, brace) = (inside.number, inside.brace);
            self.scratch.spacings.push(SpacingLesson { object, brace, comma, colon });
        }
    }

    /// A key that is none of those that are due, from its quote. `comma`: the place behind the comma before it.
    fn other_key(&mut self, at: usize, inside: Inside<'w>, due: usize, comma: Option<usize>) -> Result<Turn<'w>, Stop> {
        let escapes = self.text.escapes;
        let end = self.text.string(at + 1)?;
        let (start, stop) = (at + 1, end - 1);
        if self.text.escapes != escapes {
            let member = self.escaped_key(start, stop, inside.plan);
            let behind = self.colon(end)?;
            return Ok(member.map_or(Turn::Unknown(behind), |member| Turn::Member(member, behind)));
        }
        let behind = self.colon(end)?;
        if let Some(comma) = comma
            && behind == end + 1
        {
            self.look_at_spacing(comma..at, behind, inside);
        }
        let name = self.text.bytes.get(start..stop).unwrap_or_default();
        let member = inside.plan.find(name);
        let place = match member {
            Some(member) => inside.steps.iter().position(|step| usize::from(step.member) == member),
            None => self.orders.find(inside.number, name),
        };
        // What was left out up to here may stand in the next record: only what is new or came too early has to move.
        if place.is_none_or(|place| place < due) && self.orders.is_patient(inside.number) {
            let (object, visit, before) = (inside.number, inside.brace, due);
            let member = member.map_or(NO_MEMBER, |member| member as u16);
            self.scratch.lessons.push(Lesson { object, visit, before, start, end: stop, member });
        }
        Ok(match (place.and_then(|place| Some((place + 1, inside.steps.get(place)?))), member) {
            (Some((next, expected)), _) => Turn::Expected(expected, behind, next),
            (None, Some(member)) => Turn::Member(member, behind),
            (None, None) => {
                self.scratch.keys.push(Key::new(self.text.bytes, start, stop));
                Turn::Unknown(behind)
            }
        })
    }

    #[inline(always)]
    fn colon(&mut self, at: usize) -> Step {
        let at = self.skip(at);
        if self.text.peek(at) == b':' { Ok(at + 1) } else { Err(self.text.expected(at, "`:`")) }
    }

    /// A value of the plan.
    #[inline(always)]
    pub(crate) fn value(&mut self, at: usize, node: &'w Node, depth: u32) -> Step {
        if let Some(look) = self.text.bytes.get(at..).and_then(<[u8]>::first_chunk)
            && let Some(near) = self.piece.near(at)
            && let Some(end) = self.usual(look, 0, at, near, node)
        {
            self.remember(node, at, end);
            return Ok(end);
        }
        self.other_value(at, node, depth)
    }

    /// Remembers where a value is, if somebody wants it.
    #[inline(always)]
    fn remember(&mut self, node: &Node, at: usize, end: usize) {
        if node.slot != NO_SLOT
            && let Some(slot) = self.scratch.slots.get_mut(usize::from(node.slot))
        {
            *slot = (at as u32, end as u32);
        }
    }

    /// A value that is not as values of its kind usually are, or has parts.
    #[inline(never)]
    fn other_value(&mut self, at: usize, node: &'w Node, depth: u32) -> Step {
        let (mut at, mut first) = (at, self.text.peek(at));
        if first <= b' ' {
            at = self.gap(at);
            first = self.text.peek(at);
        }
        let end = self.fitting(at, first, node, depth)?;
        self.remember(node, at, end);
        Ok(end)
    }

    #[inline(always)]
    fn fitting(&mut self, at: usize, first: u8, node: &'w Node, depth: u32) -> Step {
        match node.kind {
            Kind::Str if first == b'"' => self.string(at + 1),
            Kind::Int { bounds, .. } if first.is_ascii_digit() => self.integer(at, node.number, bounds),
            Kind::Number if first.is_ascii_digit() || first == b'-' => self.text.number(at).map(|(end, _)| end),
            Kind::Bool if first == b't' => self.text.literal(at, b"true"),
            Kind::Bool if first == b'f' => self.text.literal(at, b"false"),
            Kind::Object(object) if first == b'{' => self.object_of_type(at, node.number, object, depth),
            Kind::List(item) if first == b'[' => self.list(at + 1, item, depth + 1),
            Kind::Any => self.any(at, depth),
            Kind::Format(format) if first == b'"' => self.formatted(at, node.number, format),
            Kind::Map(value) if first == b'{' => self.map(at + 1, value, depth + 1),
            _ if first == b'n' && node.nullable => self.text.literal(at, b"null"),
            Kind::Int { bounds, .. } if first == b'-' => self.integer(at, node.number, bounds),
            _ => self.odd(at, node, depth),
        }
    }

    #[inline(always)]
    fn formatted(&mut self, at: usize, number: u32, format: Format) -> Step {
        let escapes = self.text.escapes;
        let end = self.text.string(at + 1)?;
        let inner = self.text.bytes.get(at + 1..end - 1).unwrap_or_default();
        if self.text.escapes == escapes && format::fits(format, inner) {
            return Ok(end);
        }
        self.odd_format(at, end, number, format)
    }

    #[inline(always)]
    fn object_of_type(&mut self, at: usize, number: u32, object: u32, depth: u32) -> Step {
        let end = self.object(at, object, depth + 1)?;
        match self.plan.objects.get(object as usize).and_then(|object| object.typed) {
            None => Ok(end),
            Some(check) => {
                self.ask(at, end, number, check);
                Ok(end)
            }
        }
    }

    #[inline(always)]
    fn integer(&mut self, at: usize, number: u32, bounds: u32) -> Step {
        let (end, kind) = self.text.number(at)?;
        let plan = self.plan;
        let Some(bounds) = plan.bounds.get(bounds as usize) else { return Ok(end) };
        if kind == Number::Fraction || end - at > bounds.digits || self.text.peek(at) == b'-' {
            self.odd_integer(at, end, number, kind, bounds);
        }
        Ok(end)
    }

    #[inline(never)]
    fn list(&mut self, at: usize, item: u32, depth: u32) -> Step {
        let plan = self.plan;
        match plan.nodes.get(item as usize) {
            Some(node) if matches!(node.kind, Kind::Object(_)) => {
                self.items(at, depth, |walk, at| walk.other_member(at, node, depth))
            }
            Some(node) => self.items(at, depth, |walk, at| walk.value(at, node, depth)),
            None => self.any_list(at, depth),
        }
    }

    /// An object whose values are all of one kind.
    #[inline(never)]
    fn map(&mut self, at: usize, value: u32, depth: u32) -> Step {
        let plan = self.plan;
        match plan.nodes.get(value as usize) {
            Some(node) => self.entries(at, depth, |walk, at| walk.value(at, node, depth)),
            None => self.any_object(at, depth),
        }
    }

    /// Any JSON value.
    #[inline(always)]
    pub(crate) fn any(&mut self, at: usize, depth: u32) -> Step {
        match self.text.peek(at) {
            b'"' => self.string(at + 1),
            b'{' => self.any_object(at + 1, depth + 1),
            b'[' => self.any_list(at + 1, depth + 1),
            b't' => self.text.literal(at, b"true"),
            b'f' => self.text.literal(at, b"false"),
            b'n' => self.text.literal(at, b"null"),
            _ => self.text.number(at).map(|(end, _)| end),
        }
    }

    #[inline(never)]
    fn any_object(&mut self, at: usize, depth: u32) -> Step {
        self.entries(at, depth, |walk, at| walk.any(at, depth))
    }

    #[inline(never)]
    fn any_list(&mut self, at: usize, depth: u32) -> Step {
        self.items(at, depth, |walk, at| walk.any(at, depth))
    }

    /// A list from behind its bracket.
    #[inline(always)]
    fn items(&mut self, at: usize, depth: u32, item: impl Fn(&mut Self, usize) -> Step) -> Step {
        if depth > MAX_DEPTH {
            return Err(self.text.stop(at - 1, What::Depth));
        }
        let mut at = self.skip(at);
        if self.text.peek(at) == b']' {
            return Ok(at + 1);
        }
        let mut more = true;
        while more {
            at = item(self, at)?;
            (at, more) = self.next(at, b']', "`,` or `]`")?;
            if more {
                at = self.skip(at + 1);
            }
        }
        Ok(at)
    }

    /// An object of any keys from behind its brace.
    #[inline(always)]
    fn entries(&mut self, at: usize, depth: u32, value: impl Fn(&mut Self, usize) -> Step) -> Step {
        if depth > MAX_DEPTH {
            return Err(self.text.stop(at - 1, What::Depth));
        }
        let keys = self.scratch.keys.len();
        let mut at = self.skip(at);
        if self.text.peek(at) == b'}' {
            return Ok(at + 1);
        }
        let mut more = true;
        while more {
            if self.text.peek(at) != b'"' {
                return Err(self.text.expected(at, "a key in quotes"));
            }
            let escapes = self.text.escapes;
            let end = self.text.string(at + 1)?;
            if self.text.escapes == escapes {
                self.scratch.keys.push(Key::new(self.text.bytes, at + 1, end - 1));
            } else {
                self.suspect = true;
            }
            at = self.colon(end)?;
            at = self.skip(at);
            at = value(self, at)?;
            (at, more) = self.next(at, b'}', "`,` or `}`")?;
            if more {
                at = self.skip(at + 1);
            }
        }
        self.close(keys);
        Ok(at)
    }
}
