//! Values as they usually are, recognised in one look at 64 bytes: short strings without escapes, short numbers, literals, moments in
//! the usual form. Nothing is decided here about values that look otherwise.
//!
//! Without optimisation nothing is inlined: the walk is recursive, and its frames would be too large for a thread's stack.

use super::block;
use super::format;
use super::plan::{Kind, Node};
use super::shape::Format;

/// How many bytes of a text are looked at for a key and its value.
pub(crate) const LOOK: usize = 64;

/// How long the value is that begins at a place of a look (below 32), if it is a usual one of its kind; else 0.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn usual(look: &[u8; LOOK], from: usize, node: &Node) -> usize {
    let from = from & 31;
    let len = match node.kind {
        Kind::Str => string(look, from),
        Kind::Int { digits, .. } => {
            let len = integer(look, from);
            if len <= usize::from(digits) { len } else { 0 }
        }
        Kind::Number => number(look, from),
        Kind::Bool => boolean(look, from),
        Kind::Format(Format::DateTime) => moment(look, from),
        _ => 0,
    };
    if len == 0 && node.nullable && word(look, from) == *b"null" { 4 } else { len }
}

/// Four bytes of a look.
#[cfg_attr(not(debug_assertions), inline(always))]
fn word(look: &[u8; LOOK], from: usize) -> [u8; 4] {
    look[from & 31..].first_chunk().copied().unwrap_or_default()
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn string(look: &[u8; LOOK], from: usize) -> usize {
    let Some(inner) = look[(from & 31) + 1..].first_chunk::<32>() else { return 0 };
    if look[from & 31] != b'"' {
        return 0;
    }
    let special = block::special(inner);
    let end = special.trailing_zeros() as usize;
    match inner.get(end) {
        Some(b'"') => end + 2,
        _ => 0,
    }
}

/// Digits that nothing follows which belongs to a number.
#[cfg_attr(not(debug_assertions), inline(always))]
fn integer(look: &[u8; LOOK], from: usize) -> usize {
    let Some(text) = look[from & 31..].first_chunk::<16>() else { return 0 };
    let digits = block::no_digit(text).trailing_zeros() as usize;
    let zero = text[0] == b'0' && digits != 1;
    match text.get(digits) {
        Some(b'.' | b'e' | b'E') | None => 0,
        Some(_) if zero => 0,
        Some(_) => digits,
    }
}

/// A number without an exponent.
#[cfg_attr(not(debug_assertions), inline(always))]
fn number(look: &[u8; LOOK], from: usize) -> usize {
    let sign = usize::from(look[from & 31] == b'-');
    let Some(text) = look[(from & 31) + sign..].first_chunk::<16>() else { return 0 };
    let others = block::no_digit(text);
    let whole = others.trailing_zeros() as usize;
    if whole == 0 || (text[0] == b'0' && whole != 1) {
        return 0;
    }
    let mut end = whole;
    if text.get(whole) == Some(&b'.') {
        end = (others & others.wrapping_sub(1)).trailing_zeros() as usize;
        if end <= whole + 1 {
            return 0;
        }
    }
    match text.get(end) {
        Some(b'.' | b'e' | b'E') | None => 0,
        Some(_) => end + sign,
    }
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
