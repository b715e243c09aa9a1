//! One walk over a record's bytes along the compiled plan: syntax, types, required fields, double keys, and where the wanted
//! values are. Nothing is decoded and nothing is allocated; what is out of the ordinary goes to `walk_odd`.

use super::fault::{MAX_DEPTH, Step, Stop, What};
use super::format;
use super::keys::{Key, KeyMatch, any_twice};
use super::plan::{Kind, Member, NO_SLOT, Node, ObjectPlan, Plan, ROOT};
use super::shape::Format;
use super::token::{Number, Text};
use super::walk_odd::{NOWHERE, Span, Unfit};

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
    /// The member that followed each member last: APIs keep their own order of fields.
    pub(crate) follows: Vec<u16>,
}

impl Scratch {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { follows: plan.follows.clone(), slots: vec![NOWHERE; plan.slots], ..Self::default() }
    }
}

/// The member that a key is, and its place among the members.
type Found<'w> = Option<(usize, &'w Member)>;

/// A walk over one record.
pub(crate) struct Walk<'w, 'b> {
    pub(crate) text: Text<'b>,
    pub(crate) plan: &'w Plan,
    pub(crate) scratch: &'w mut Scratch,
    /// A key may stand twice in one object: somebody should look.
    pub(crate) suspect: bool,
}

impl<'w, 'b> Walk<'w, 'b> {
    /// A walk over bytes that begin with a record. At most 4 GiB of them are looked at.
    pub(crate) fn new(plan: &'w Plan, scratch: &'w mut Scratch, bytes: &'b [u8]) -> Self {
        let bytes = bytes.get(..u32::MAX as usize).unwrap_or(bytes);
        scratch.gaps.clear();
        scratch.slots.fill(NOWHERE);
        scratch.unfit.clear();
        scratch.keys.clear();
        scratch.seen.clear();
        Self { text: Text::new(bytes), plan, scratch, suspect: false }
    }

    /// Walks over the record; the first byte has to be its brace.
    pub(crate) fn record(&mut self) -> Step {
        match self.text.peek(0) {
            b'{' => self.object(0, ROOT, 1),
            _ => Err(self.text.expected(0, "an object")),
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
        let mut seen = 0u64;
        // The place before each key: of the brace, of a comma, or of whitespace behind them.
        let mut at = self.skip(at + 1) - 1;
        let mut more = true;
        if self.text.peek(at + 1) == b'}' {
            (at, more) = (at + 2, false);
        }
        let mut entry = object.follows;
        while more {
            let found;
            (at, found) = self.key(at, object, entry)?;
            if let Some((place, member)) = found {
                entry = object.follows + 1 + place;
                let bit = member.bit;
                // Behind the 64th member there are no bits.
                let twice = seen & bit != 0 || (bit == 0 && self.mark(words, place));
                seen |= bit;
                at = if twice {
                    self.twice(at, member.node.number, depth)?
                } else {
                    self.value(at, &member.node, depth)?
                };
            } else {
                at = self.rest(at, object, depth)?;
            }
            (at, more) = self.next(at, b'}', "`,` or `}`")?;
        }
        if seen & object.required != object.required || object.required_more {
            self.missing(object, seen, words);
        }
        self.scratch.seen.truncate(words);
        self.close(keys);
        Ok(at)
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

    /// A key to behind its colon, and the member it is; `at` is the place before it. `entry` tells which member to try first.
    #[inline(always)]
    fn key(&mut self, at: usize, object: &'w ObjectPlan, entry: usize) -> Result<(usize, Found<'w>), Stop> {
        let guess = self.scratch.follows.get(entry).map_or(usize::MAX, |guess| usize::from(*guess));
        if let Some(member) = object.members.get(guess)
            && let Some(rest) = self.text.bytes.get(at..)
            && let Some(len) = member.key.at(rest)
            && (len <= KeyMatch::LONG || object.is_key(guess, rest, len))
        {
            return Ok((at + len, Some((guess, member))));
        }
        self.other_key(at, object, entry)
    }

    /// A key that is not the one that stood here last.
    #[inline(never)]
    fn other_key(&mut self, at: usize, object: &'w ObjectPlan, entry: usize) -> Result<(usize, Found<'w>), Stop> {
        let next = self.skip(at + 1);
        if next > at + 1 {
            return self.key(next - 1, object, entry);
        }
        let at = next;
        if self.text.peek(at) != b'"' {
            return Err(self.text.expected(at, "a key in quotes"));
        }
        let escapes = self.text.escapes;
        let end = self.text.string(at + 1)?;
        let member = if self.text.escapes == escapes {
            let member = object.find(self.text.bytes.get(at + 1..end - 1).unwrap_or_default());
            if member.is_none() {
                self.scratch.keys.push(Key::new(self.text.bytes, at + 1, end - 1));
            }
            member
        } else {
            self.escaped_key(at + 1, end - 1, object)
        };
        if let (Some(member), Some(follows)) = (member, self.scratch.follows.get_mut(entry)) {
            *follows = member as u16;
        }
        let found = member.and_then(|place| Some((place, object.members.get(place)?)));
        Ok((self.colon(end)?, found))
    }

    #[inline(always)]
    fn colon(&mut self, at: usize) -> Step {
        let at = self.skip(at);
        if self.text.peek(at) == b':' { Ok(at + 1) } else { Err(self.text.expected(at, "`:`")) }
    }

    /// A value of the plan.
    #[inline(always)]
    pub(crate) fn value(&mut self, at: usize, node: &'w Node, depth: u32) -> Step {
        let (mut at, mut first) = (at, self.text.peek(at));
        if first <= b' ' {
            at = self.gap(at);
            first = self.text.peek(at);
        }
        let end = self.fitting(at, first, node, depth)?;
        if node.slot != NO_SLOT
            && let Some(slot) = self.scratch.slots.get_mut(usize::from(node.slot))
        {
            *slot = (at as u32, end as u32);
        }
        Ok(end)
    }

    #[inline(always)]
    fn fitting(&mut self, at: usize, first: u8, node: &'w Node, depth: u32) -> Step {
        match node.kind {
            Kind::Str if first == b'"' => self.text.string(at + 1),
            Kind::Int(bounds) if first.is_ascii_digit() => self.integer(at, node.number, bounds),
            Kind::Number if first.is_ascii_digit() || first == b'-' => self.text.number(at).map(|(end, _)| end),
            Kind::Bool if first == b't' => self.text.literal(at, b"true"),
            Kind::Bool if first == b'f' => self.text.literal(at, b"false"),
            Kind::Object(object) if first == b'{' => self.object_of_type(at, node.number, object, depth),
            Kind::List(item) if first == b'[' => self.list(at + 1, item, depth + 1),
            Kind::Any => self.any(at, depth),
            Kind::Format(format) if first == b'"' => self.formatted(at, node.number, format),
            Kind::Map(value) if first == b'{' => self.map(at + 1, value, depth + 1),
            _ if first == b'n' && node.nullable => self.text.literal(at, b"null"),
            Kind::Int(bounds) if first == b'-' => self.integer(at, node.number, bounds),
            _ => self.odd(at, node, depth),
        }
    }

    #[inline(always)]
    fn formatted(&mut self, at: usize, number: u32, format: Format) -> Step {
        // A guess at where it ends lets the processor go on with what follows before the end has been looked for.
        if let (Format::DateTime, Some(text)) = (format, self.text.bytes.get(at + 1..at + 22))
            && let Some((b'"', moment)) = text.split_last()
            && format::is_usual_moment(moment)
        {
            return Ok(at + 22);
        }
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
            b'"' => self.text.string(at + 1),
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
