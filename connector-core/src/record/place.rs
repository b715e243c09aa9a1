//! Compares the way through a body with the selector, and says in words where the records are not.

use super::select::{Segment, Selector};
use std::sync::Arc;

/// An object or a list that the outline is inside of.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) object: bool,
    /// The place of the selector that this is; nothing off its ways.
    pub(crate) matched: Option<usize>,
    /// It is itself a record: where it begins in the envelope and in the body.
    pub(crate) record: Option<(usize, u64)>,
    /// The members that the selector names next which have been here, as places.
    found: Vec<usize>,
    /// One comes for the second time.
    pub(crate) again: bool,
    /// The place that the value of the key is which was read last.
    next: Option<usize>,
    /// The first few keys, for the message.
    keys: Vec<String>,
    more_keys: bool,
}

impl Frame {
    pub(crate) fn new(object: bool, matched: Option<usize>, record: Option<(usize, u64)>) -> Self {
        Self {
            object,
            matched,
            record,
            found: Vec::new(),
            again: false,
            next: None,
            keys: Vec::new(),
            more_keys: false,
        }
    }
}

/// The records are not where they should be.
#[derive(Debug)]
pub(crate) struct Misplaced {
    pub(crate) message: String,
    /// They are missing or null, which an optional selector allows.
    absent: bool,
}

/// The selector, followed through a body.
#[derive(Debug)]
pub(crate) struct Way {
    selector: Arc<Selector>,
    /// Records were found at the end of one way.
    reached: bool,
}

/// So many keys are shown.
const SHOWN: usize = 12;

impl Way {
    pub(crate) fn new(selector: Arc<Selector>) -> Self {
        Self { selector, reached: false }
    }

    /// Whether a value that begins so at a place is records. An object is none if a way leads on from there.
    pub(crate) fn is_end(&mut self, matched: usize, first: u8) -> bool {
        let place = self.selector.place(matched);
        let end = place.is_some_and(|place| place.end && (first == b'[' || place.steps.is_empty()));
        self.reached |= end;
        end
    }

    pub(crate) fn words(&self) -> String {
        format!("`{}`", self.selector)
    }

    pub(crate) fn forgives(&self, misplaced: &Misplaced) -> bool {
        misplaced.absent && self.selector.is_optional() || self.selector.is_several() && self.reached
    }

    /// A key of an object on the way was read.
    pub(crate) fn key(&self, frame: &mut Frame, name: String) {
        frame.next = None;
        let Some(place) = frame.matched.and_then(|matched| self.selector.place(matched)) else { return };
        for (segment, to) in &place.steps {
            match segment {
                Segment::Field(wanted) if *wanted == name => {
                    frame.next = Some(*to);
                    frame.again = frame.found.contains(to);
                    if !frame.again {
                        frame.found.push(*to);
                    }
                    return;
                }
                Segment::Field(_) => {}
                Segment::Each => frame.next = Some(*to),
            }
        }
        if place.steps.is_empty() || frame.next.is_some() {
        } else if frame.keys.len() < SHOWN {
            frame.keys.push(name);
        } else {
            frame.more_keys = true;
        }
    }

    /// The place that the value is which begins in a frame.
    pub(crate) fn matched(&self, frame: Option<&mut Frame>) -> Option<usize> {
        let Some(frame) = frame else { return Some(0) };
        let matched = frame.matched?;
        if frame.object {
            return frame.next;
        }
        let steps = &self.selector.place(matched)?.steps;
        steps.iter().find(|(segment, _)| *segment == Segment::Each).map(|(_, to)| *to)
    }

    /// Whether a value that begins so can be what is due at a place.
    pub(crate) fn suits(&self, matched: usize, first: u8) -> Result<(), Misplaced> {
        let Some(place) = self.selector.place(matched) else { return Ok(()) };
        let due = match place.steps.first().map(|(segment, _)| segment) {
            _ if place.end && matches!(first, b'[' | b'{') => return Ok(()),
            None => "a list of records".to_owned(),
            Some(_) if place.end => "a list of records".to_owned(),
            Some(_) if first == b'{' => return Ok(()),
            Some(Segment::Each) if first == b'[' => return Ok(()),
            Some(Segment::Each) => "a list or an object".to_owned(),
            Some(Segment::Field(name)) => format!("an object with `{name}` in it"),
        };
        let found = match first {
            b'n' => "null",
            b'{' => "an object",
            b'[' => "a list",
            b'"' => "a string",
            b't' | b'f' => "true or false",
            _ => "a number",
        };
        let place = self.selector.words(matched);
        let absent = first == b'n';
        let hint = if absent { "; if that means that there are none, declare the records as optional" } else { "" };
        Err(Misplaced { message: format!("{place} should be {due}, but it is {found}{hint}"), absent })
    }

    /// What an object that has ended should have had.
    pub(crate) fn missed(&self, frame: &Frame) -> Option<Misplaced> {
        let matched = frame.matched?;
        let Some((Segment::Field(name), _)) = self.selector.place(matched)?.steps.first() else { return None };
        if !frame.found.is_empty() || !frame.object {
            return None;
        }
        let place = self.selector.words(matched);
        let mut shown: Vec<String> = frame.keys.iter().map(|key| format!("`{}`", shorten(key))).collect();
        if frame.more_keys {
            shown.push("…".to_owned());
        }
        let has = if shown.is_empty() { "it is empty".to_owned() } else { format!("it has {}", shown.join(", ")) };
        let hint = match nearest(name, &frame.keys) {
            Some(near) => format!("; is `{near}` meant?"),
            None => String::new(),
        };
        Some(Misplaced {
            message: format!("there are no records at `{}`: {place} has no `{name}`, {has}{hint}", self.selector),
            absent: true,
        })
    }
}

fn shorten(key: &str) -> &str {
    key.char_indices().nth(40).map_or(key, |(end, _)| key.get(..end).unwrap_or(key))
}

/// The name that differs least, if it differs little.
fn nearest<'k>(name: &str, keys: &'k [String]) -> Option<&'k str> {
    let letters = name.chars().count();
    let scored = keys.iter().filter(|key| key.len() <= 64).map(|key| (distance(name, key), key.as_str()));
    scored.min().filter(|(distance, _)| *distance <= (letters / 3).max(1) && *distance < letters).map(|(_, key)| key)
}

/// How many letters have to be changed, added or removed to make one name of another; case does not count.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, cb) in row.iter_mut().skip(1).zip(&b) {
            let above = *cell;
            let changed = diagonal + usize::from(ca != *cb);
            *cell = changed.min(above + 1).min(left + 1);
            (diagonal, left) = (above, *cell);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
