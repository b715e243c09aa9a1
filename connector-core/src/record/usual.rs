//! Values as they usually are, recognised with a few comparisons: strings without escapes that need a look, plain numbers, literals,
//! moments in the usual form. Nothing is decided here about values that look otherwise.
//!
//! Without optimisation nothing is inlined: the walk is recursive, and its frames would be too large for a thread's stack.

use super::format;
use super::plan::{Kind, Node};
use super::shape::Format;
use super::token::peek;
use super::walk::Walk;

/// How many bytes of a text are looked at for a key and its value.
pub(crate) const LOOK: usize = 64;

impl Walk<'_, '_> {
    /// How long the value is that begins at a place of a look (below 32), if it is a usual one of its kind; else 0. `at`: the same
    /// place in the text.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn usual(&mut self, look: &[u8; LOOK], from: usize, at: usize, node: &Node) -> usize {
        let from = from & 31;
        let first = look[from];
        let len = match node.kind {
            Kind::Str if first == b'"' => self.usual_string(at),
            Kind::Int { digits, .. } => {
                let len = self.usual_integer(at, first);
                if len <= usize::from(digits) { len } else { 0 }
            }
            Kind::Number => self.usual_number(at, first),
            Kind::Bool => boolean(look, from),
            Kind::Format(Format::DateTime) => moment(look, from),
            _ => 0,
        };
        if len == 0 && node.nullable && word(look, from) == *b"null" { 4 } else { len }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn usual_string(&mut self, at: usize) -> usize {
        let marks = self.marks(at + 1);
        let end = marks.trailing_zeros() as usize;
        if marks != 0 && self.text.peek(at + 1 + end) == b'"' { end + 2 } else { 0 }
    }

    /// Digits that nothing follows which belongs to a number.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn usual_integer(&mut self, at: usize, first: u8) -> usize {
        let others = self.others(at);
        let digits = others.trailing_zeros() as usize;
        if others == 0 || (first == b'0' && digits != 1) || goes_on(self.text.bytes, at + digits) { 0 } else { digits }
    }

    /// A number without an exponent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn usual_number(&mut self, at: usize, first: u8) -> usize {
        let sign = usize::from(first == b'-');
        let others = self.others(at + sign);
        let whole = others.trailing_zeros() as usize;
        if whole == 0 || (whole != 1 && self.text.peek(at + sign) == b'0') {
            return 0;
        }
        let rest = others & others.wrapping_sub(1);
        let point = self.text.peek(at + sign + whole) == b'.';
        let end = if point { rest } else { others }.trailing_zeros() as usize;
        if others == 0 || (point && end == whole + 1) || end == 64 || goes_on(self.text.bytes, at + sign + end) {
            return 0;
        }
        end + sign
    }
}

/// Whether a number goes on with a fraction or an exponent, or the text ends.
#[cfg_attr(not(debug_assertions), inline(always))]
fn goes_on(bytes: &[u8], at: usize) -> bool {
    let behind = peek(bytes, at);
    behind != b',' && matches!(behind, b'.' | b'e' | b'E' | 0)
}

/// Four bytes of a look.
#[cfg_attr(not(debug_assertions), inline(always))]
fn word(look: &[u8; LOOK], from: usize) -> [u8; 4] {
    look[from & 31..].first_chunk().copied().unwrap_or_default()
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn boolean(look: &[u8; LOOK], from: usize) -> usize {
    match word(look, from) {
        [b't', b'r', b'u', b'e'] => 4,
        [b'f', b'a', b'l', b's'] if look[(from & 31) + 4] == b'e' => 5,
        _ => 0,
    }
}

/// A guess at where it ends lets the processor go on with what follows before the end has been looked for.
#[cfg_attr(not(debug_assertions), inline(always))]
fn moment(look: &[u8; LOOK], from: usize) -> usize {
    let Some(text) = look[from & 31..].first_chunk::<22>() else { return 0 };
    if format::is_usual_moment(text) { 22 } else { 0 }
}
