//! Values as they usually are, recognised with a few comparisons: strings without escapes that need a look, plain numbers, literals,
//! moments in the usual form. Nothing is decided here about values that look otherwise.
//!
//! Without optimisation nothing is inlined: the walk is recursive, and its frames would be too large for a thread's stack.

use super::format;
use super::order::Step;
use super::plan::{Kind, NO_SLOT, Node};
use super::shape::Format;
use super::token::peek;
use super::walk::Walk;
use std::hint::cold_path;
use std::num::NonZeroU64;

/// How many bytes of a text are looked at for a key and its value.
pub(crate) const LOOK: usize = 64;

/// How values of a kind usually look, as far as nothing more has to be done about them than to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usual {
    Text,
    Integer,
    Number,
    Bool,
    Moment,
    /// They have parts, or are remembered, or look in many ways.
    Other,
}

impl Usual {
    pub(super) fn of(node: &Node) -> Self {
        match node.kind {
            _ if node.slot != NO_SLOT => Self::Other,
            Kind::Str => Self::Text,
            Kind::Int { .. } => Self::Integer,
            Kind::Number => Self::Number,
            Kind::Bool => Self::Bool,
            Kind::Format(Format::DateTime) => Self::Moment,
            _ => Self::Other,
        }
    }
}

impl Walk<'_, '_> {
    /// [`usual`](Self::usual) where it is known how the value looks: an end for each way, without coming together in between.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn usual_member(&self, look: &[u8; LOOK], step: &Step, at: usize, near: usize) -> Option<usize> {
        let (from, at, near) = (step.len() & 31, at + step.len(), near + step.len());
        let first = look[from];
        'other: {
            match step.usual {
                Usual::Text if first == b'"' => {
                    let Some(end) = self.usual_string(at, near) else { break 'other };
                    return Some(end);
                }
                Usual::Integer => {
                    let Kind::Int { digits, .. } = step.node.kind else { break 'other };
                    let Some(end) = self.usual_integer(at, near, first, digits) else { break 'other };
                    return Some(end);
                }
                Usual::Number => {
                    let Some(end) = self.usual_number(at, near, first) else { break 'other };
                    return Some(end);
                }
                Usual::Bool => {
                    let Some(end) = boolean(look, from, at) else { break 'other };
                    return Some(end);
                }
                Usual::Moment => {
                    let Some(end) = moment(look, from, at) else { break 'other };
                    return Some(end);
                }
                Usual::Text | Usual::Other => {}
            }
        }
        if step.node.slot == NO_SLOT && step.node.nullable && word(look, from) == *b"null" {
            return Some(at + 4);
        }
        None
    }

    /// Where the value ends that begins at a place of a look (below 32), if it is a usual one of its kind. `at`: the same place in the
    /// text; `near`: and among the bits that were looked up.
    ///
    /// What is unusual is a branch, never a choice between two numbers: so the processor takes the usual end for granted, and goes on
    /// with what follows before the value has been looked at.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn usual(&self, look: &[u8; LOOK], from: usize, at: usize, near: usize, node: &Node) -> Option<usize> {
        let from = from & 31;
        let first = look[from];
        let end = match node.kind {
            Kind::Str if first == b'"' => self.usual_string(at, near),
            Kind::Int { digits, .. } => self.usual_integer(at, near, first, digits),
            Kind::Number => self.usual_number(at, near, first),
            Kind::Bool => boolean(look, from, at),
            Kind::Format(Format::DateTime) => moment(look, from, at),
            _ => None,
        };
        if end.is_none() && node.nullable && word(look, from) == *b"null" { Some(at + 4) } else { end }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn usual_string(&self, at: usize, near: usize) -> Option<usize> {
        let end = at + 1 + NonZeroU64::new(self.piece.marks_near(near + 1))?.trailing_zeros() as usize;
        unless(self.text.peek(end) != b'"', end + 1)
    }

    /// Digits that nothing follows which belongs to a number.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn usual_integer(&self, at: usize, near: usize, first: u8, most: u8) -> Option<usize> {
        let digits = NonZeroU64::new(self.piece.others_near(near))?.trailing_zeros();
        if digits.wrapping_sub(1) >= u32::from(most) || (first == b'0' && digits != 1) {
            cold_path();
            return None;
        }
        let end = at + digits as usize;
        unless(goes_on(self.text.bytes, end), end)
    }

    /// A number without an exponent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn usual_number(&self, at: usize, near: usize, first: u8) -> Option<usize> {
        let sign = usize::from(first == b'-');
        let at = at + sign;
        let others = NonZeroU64::new(self.piece.others_near(near + sign))?;
        let whole = others.trailing_zeros() as usize;
        if whole == 0 || (whole != 1 && self.text.peek(at) == b'0') {
            cold_path();
            return None;
        }
        let mut end = at + whole;
        if self.text.peek(end) == b'.' {
            end = at + NonZeroU64::new(others.get() & (others.get() - 1))?.trailing_zeros() as usize;
            if end == at + whole + 1 {
                cold_path();
                return None;
            }
        }
        unless(goes_on(self.text.bytes, end), end)
    }
}

/// An end, unless something speaks against it.
#[cfg_attr(not(debug_assertions), inline(always))]
fn unless(odd: bool, end: usize) -> Option<usize> {
    if odd {
        cold_path();
        return None;
    }
    Some(end)
}

/// Whether a number does not simply end.
#[cfg_attr(not(debug_assertions), inline(always))]
fn goes_on(bytes: &[u8], at: usize) -> bool {
    !matches!(peek(bytes, at), b',' | b'}' | b']')
}

/// Four bytes of a look.
#[cfg_attr(not(debug_assertions), inline(always))]
fn word(look: &[u8; LOOK], from: usize) -> [u8; 4] {
    look[from & 31..].first_chunk().copied().unwrap_or_default()
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn boolean(look: &[u8; LOOK], from: usize, at: usize) -> Option<usize> {
    let word = word(look, from);
    if word == *b"true" {
        return Some(at + 4);
    }
    if word == *b"fals" && look[(from & 31) + 4] == b'e' {
        return Some(at + 5);
    }
    None
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn moment(look: &[u8; LOOK], from: usize, at: usize) -> Option<usize> {
    let text = look[from & 31..].first_chunk::<22>()?;
    unless(!format::is_usual_moment(text), at + 22)
}
