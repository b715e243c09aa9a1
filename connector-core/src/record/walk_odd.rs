//! The parts of the walk that few records need: what does not fit, escaped keys, integers near their bounds, enums, types
//! that only serde knows.

use super::fault::{MAX_DEPTH, Step, What};
use super::format;
use super::plan::{Bounds, Check, Kind, Node, ObjectPlan};
use super::shape::Format;
use super::token::{Number, decode};
use super::walk::Walk;

/// From and to which byte of the record.
pub(crate) type Span = (u32, u32);

/// The span of a value that was not there.
pub(crate) const NOWHERE: Span = (0, 0);

/// Of one record, more misfits than this are only counted.
const MOST: usize = 4096;

/// A value that does not fit, or a field that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unfit {
    pub(crate) node: u32,
    pub(crate) span: Span,
    pub(crate) why: Why,
}

/// Why something does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is no value of the node's kind.
    Kind,
    /// A required field is missing.
    Missing,
    /// Two names of one field stand in one object.
    Twice,
    /// serde refused it.
    Serde(String),
}

impl<'w> Walk<'w, '_> {
    #[cold]
    pub(crate) fn unfit(&mut self, node: u32, span: (usize, usize), why: Why) {
        if self.plan.check && self.scratch.unfit.len() < MOST {
            self.scratch.unfit.push(Unfit { node, span: (span.0 as u32, span.1 as u32), why });
        }
    }

    /// A member that is there for the second time: under the same name it will be mended, under two names it does not fit.
    #[cold]
    #[inline(never)]
    pub(crate) fn twice(&mut self, at: usize, node: u32, depth: u32) -> Step {
        self.suspect = true;
        let at = self.skip(at);
        let end = self.any(at, depth)?;
        self.unfit(node, (at, end), Why::Twice);
        Ok(end)
    }

    /// Marks a member behind the 64th as seen; whether it was.
    #[inline(never)]
    pub(crate) fn mark(&mut self, words: usize, member: usize) -> bool {
        let bit = 1 << (member & 63);
        match self.scratch.seen.get_mut(words + member / 64) {
            Some(seen) => {
                let twice = *seen & bit != 0;
                *seen |= bit;
                twice
            }
            None => false,
        }
    }

    /// Notes the required members that were not seen.
    #[cold]
    #[inline(never)]
    pub(crate) fn missing(&mut self, object: &ObjectPlan, seen: u64, words: usize) {
        for (number, member) in object.members.iter().enumerate().filter(|(_, member)| member.required) {
            let word =
                if number < 64 { seen } else { self.scratch.seen.get(words + number / 64).copied().unwrap_or(0) };
            if word & 1 << (number & 63) == 0 {
                self.unfit(member.node.number, (0, 0), Why::Missing);
            }
        }
    }

    /// A key with escapes, compared decoded. Whether it stands twice is not looked at here.
    #[cold]
    #[inline(never)]
    pub(crate) fn escaped_key(&mut self, start: usize, end: usize, object: &ObjectPlan) -> Option<usize> {
        self.suspect = true;
        object.find(decode(self.text.bytes.get(start..end).unwrap_or_default()).as_bytes())
    }

    /// A string that is not the usual form of a format, or has escapes.
    #[cold]
    #[inline(never)]
    pub(crate) fn odd_format(&mut self, at: usize, end: usize, node: u32, format: Format) -> Step {
        let inner = self.text.bytes.get(at + 1..end - 1).unwrap_or_default();
        if !format::fits(format, decode(inner).as_bytes()) {
            self.unfit(node, (at, end), Why::Kind);
        }
        Ok(end)
    }

    /// An integer that is negative, long, or none.
    #[inline(never)]
    pub(crate) fn odd_integer(&mut self, at: usize, end: usize, node: u32, kind: Number, bounds: &Bounds) {
        let fits = kind == Number::Integer
            && std::str::from_utf8(self.text.bytes.get(at..end).unwrap_or_default()).is_ok_and(|text| {
                match text.parse() {
                    // serde_json reads `-0` as a float, except for 128 bits.
                    Ok(0) if text.starts_with('-') => bounds.wide && !bounds.above,
                    Ok(value) => (bounds.min..=bounds.max).contains(&value),
                    Err(_) => bounds.above && text.parse::<u128>().is_ok(),
                }
            });
        if !fits {
            self.unfit(node, (at, end), Why::Kind);
        }
    }

    /// Whatever the fast path does not know.
    #[inline(never)]
    pub(crate) fn odd(&mut self, at: usize, node: &Node, depth: u32) -> Step {
        let (plan, number) = (self.plan, node.number);
        let names = |names: u32| plan.choices.get(names as usize).copied().unwrap_or_default();
        match (node.kind, self.text.peek(at)) {
            (Kind::Choice(list), b'"') => self.choice(at, number, names(list)),
            (Kind::Choice(list), b'{') => self.choice_as_object(at, number, names(list), depth),
            (Kind::Decimal, b'"' | b'-' | b'0'..=b'9') => {
                let end = self.any(at, depth)?;
                if !format::decimal(self.text.bytes.get(at..end).unwrap_or_default()) {
                    self.unfit(number, (at, end), Why::Kind);
                }
                Ok(end)
            }
            (Kind::Typed(check), _) => {
                let end = self.any(at, depth)?;
                self.ask(at, end, number, check);
                Ok(end)
            }
            (Kind::Object(object), first) => match plan.objects.get(object as usize) {
                Some(object) if object.loose => {
                    let end = self.any(at, depth)?;
                    if let Some(check) = object.typed {
                        self.ask(at, end, number, check);
                    }
                    Ok(end)
                }
                Some(object) if object.sequence && first == b'[' => self.sequence(at, number, object, depth),
                _ => self.other(at, number, depth),
            },
            _ => self.other(at, number, depth),
        }
    }

    /// A value of another kind.
    #[cold]
    fn other(&mut self, at: usize, number: u32, depth: u32) -> Step {
        let end = self.any(at, depth)?;
        self.unfit(number, (at, end), Why::Kind);
        Ok(end)
    }

    /// serde's opinion of a value.
    #[inline(never)]
    pub(crate) fn ask(&mut self, at: usize, end: usize, node: u32, check: Check) {
        if let Err(reason) = check(self.text.bytes.get(at..end).unwrap_or_default()) {
            self.unfit(node, (at, end), Why::Serde(reason));
        }
    }

    #[inline(never)]
    fn choice(&mut self, at: usize, node: u32, names: &[&str]) -> Step {
        let escapes = self.text.escapes;
        let end = self.text.string(at + 1)?;
        if !self.chosen(at + 1, end - 1, self.text.escapes != escapes, names) {
            self.unfit(node, (at, end), Why::Kind);
        }
        Ok(end)
    }

    fn chosen(&self, start: usize, end: usize, escaped: bool, names: &[&str]) -> bool {
        let inner = self.text.bytes.get(start..end).unwrap_or_default();
        if escaped {
            let decoded = decode(inner);
            names.iter().any(|name| *name == decoded)
        } else {
            names.iter().any(|name| name.as_bytes() == inner)
        }
    }

    /// serde also reads `{"red":null}` as a choice without data.
    #[cold]
    fn choice_as_object(&mut self, at: usize, node: u32, names: &[&str], depth: u32) -> Step {
        let end = self.any(at, depth)?;
        let fits = serde_json::from_slice::<std::collections::BTreeMap<String, ()>>(
            self.text.bytes.get(at..end).unwrap_or_default(),
        )
        .is_ok_and(|entries| entries.len() == 1 && entries.keys().all(|key| names.contains(&key.as_str())));
        if !fits {
            self.unfit(node, (at, end), Why::Kind);
        }
        Ok(end)
    }

    /// serde also reads a struct from a list of its fields' values, as many as it has; only fields with a default may be left out.
    #[cold]
    fn sequence(&mut self, start: usize, node: u32, object: &'w ObjectPlan, depth: u32) -> Step {
        if depth >= MAX_DEPTH {
            return Err(self.text.stop(start, What::Depth));
        }
        let mut members = object.members.iter();
        let mut at = self.skip(start + 1);
        let mut fits = true;
        if self.text.peek(at) == b']' {
            at += 1;
        } else {
            loop {
                at = match members.next() {
                    Some(member) => self.value(at, &member.node, depth + 1)?,
                    None => {
                        fits = false;
                        self.any(at, depth + 1)?
                    }
                };
                at = self.skip(at);
                match self.text.peek(at) {
                    b',' => at = self.skip(at + 1),
                    b']' => {
                        at += 1;
                        break;
                    }
                    _ => return Err(self.text.expected(at, "`,` or `]`")),
                }
            }
        }
        if !fits || members.any(|member| member.required || member.node.nullable) {
            self.unfit(node, (start, at), Why::Kind);
        }
        Ok(at)
    }
}
