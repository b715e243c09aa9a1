//! What is looked up ahead of the walk: a bit for each byte at which a string may end, and for each that is no digit.
//!
//! The walk jumps from value to value, and each jump waits for the one before. With the bits at hand it waits for a load and a shift,
//! not for a comparison of bytes. They are found for some KB at a time, 64 bytes in one go, whatever the bytes mean there.

use super::block::{Best, Marks, Processor, Work};
use super::usual::LOOK;

/// So many bytes are looked up at a time.
const SPAN: usize = 4096;

/// As many bits as a look at them tells at least.
pub(super) const SEEN: usize = 57;

/// Bytes that arrived together, and what was looked up of them.
pub(crate) struct Piece<'c> {
    bytes: &'c [u8],
    processor: Best,
    /// Where in the bytes the record begins that is walked over: places are counted from there.
    start: usize,
    /// The place at which the bits begin; below zero, wrapped, for a record that was looked up before it began.
    base: usize,
    /// How many bits there are.
    filled: usize,
    /// Places before this one of the bits can be asked for.
    limit: usize,
    /// Behind places before this one, too, for as long as a look is.
    near: usize,
    /// Whether the byte behind the last one follows a backslash that counts.
    escaped: bool,
    /// Quotes that are not escaped, control characters, and what follows a backslash but for the simple escapes; all of what is behind the end.
    marks: [u8; SPAN / 8 + 8],
    /// What is no digit.
    others: [u8; SPAN / 8 + 8],
}

impl<'c> Piece<'c> {
    pub(crate) fn new(bytes: &'c [u8]) -> Self {
        Self {
            bytes,
            processor: Best::new(),
            start: 0,
            base: 0,
            filled: 0,
            limit: 0,
            near: 0,
            escaped: false,
            marks: [0xff; SPAN / 8 + 8],
            others: [0xff; SPAN / 8 + 8],
        }
    }

    /// How the processor at hand looks at blocks.
    pub(super) fn processor(&self) -> Best {
        self.processor
    }

    pub(crate) fn bytes(&self) -> &'c [u8] {
        self.bytes
    }

    /// Places are counted from this byte on.
    pub(super) fn begin(&mut self, start: usize) {
        self.base = self.base.wrapping_add(self.start).wrapping_sub(start);
        self.start = start;
    }

    /// Where strings may end from a place on, the lowest bit for the place itself. The place must not follow a backslash that counts,
    /// unless the place before was asked for, too.
    #[inline(always)]
    pub(super) fn marks(&mut self, at: usize) -> u64 {
        let place = at.wrapping_sub(self.base);
        if place < self.limit { bits(&self.marks, place) } else { self.far(at) }
    }

    /// Where among the bits a place is, if they reach a look behind it, too; else more of them are looked up first.
    #[inline(always)]
    pub(super) fn near(&mut self, at: usize) -> Option<usize> {
        let place = at.wrapping_sub(self.base);
        if place < self.near { Some(place) } else { self.come_near(at) }
    }

    #[cold]
    fn come_near(&mut self, at: usize) -> Option<usize> {
        self.more(at);
        let place = at.wrapping_sub(self.base);
        (place < self.near).then_some(place)
    }

    /// The marks from a place among the bits on, at most half a look behind one that is near.
    #[inline(always)]
    pub(super) fn marks_near(&self, place: usize) -> u64 {
        bits(&self.marks, place)
    }

    /// What is no digit, in the same way.
    #[inline(always)]
    pub(super) fn others_near(&self, place: usize) -> u64 {
        bits(&self.others, place)
    }

    /// The marks at a place that was not looked up yet.
    #[cold]
    fn far(&mut self, at: usize) -> u64 {
        self.more(at);
        let place = at.wrapping_sub(self.base);
        if place < self.limit { bits(&self.marks, place) } else { u64::MAX }
    }

    #[inline(never)]
    fn more(&mut self, at: usize) {
        self.processor.work(LookUp { piece: self, at });
    }

    /// Goes on with what was looked up, or begins at the place.
    #[inline(always)]
    fn look_up<P: Processor>(&mut self, processor: P, at: usize) {
        self.limit = self.fill(processor, at);
        self.near = self.limit.saturating_sub(LOOK);
    }

    /// Finds more bits; how many can be asked for.
    #[inline(always)]
    fn fill<P: Processor>(&mut self, processor: P, at: usize) -> usize {
        let known = self.filled & !63;
        let place = at.wrapping_sub(self.base);
        if place <= known && self.filled == known {
            let kept = place & !63;
            self.marks.copy_within(kept / 8..known / 8, 0);
            self.others.copy_within(kept / 8..known / 8, 0);
            self.base = self.base.wrapping_add(kept);
            self.filled = known - kept;
        } else {
            (self.base, self.filled, self.escaped) = (at, 0, false);
        }
        let from = self.start.wrapping_add(self.base).wrapping_add(self.filled);
        let rest = self.bytes.get(from..).unwrap_or_default();
        let (blocks, last) = rest.as_chunks::<64>();
        let room = (SPAN - self.filled) / 64;
        let whole = blocks.get(..room).unwrap_or(blocks);
        self.add(processor, whole, 64 * whole.len());
        if blocks.len() >= room {
            return self.filled.saturating_sub(63);
        }
        let mut padded = [0; 64];
        for (byte, padded) in last.iter().zip(&mut padded) {
            *padded = *byte;
        }
        self.add(processor, &[padded], last.len());
        for bits in [&mut self.marks, &mut self.others] {
            if let Some(behind) = bits.get_mut(self.filled.div_ceil(64) * 8..) {
                behind.fill(0xff);
            }
        }
        self.filled
    }

    /// Adds the bits of some blocks, which have so many bytes.
    #[inline(always)]
    fn add<P: Processor>(&mut self, processor: P, blocks: &[[u8; 64]], len: usize) {
        let from = self.filled / 8;
        let (marked, others) = (self.marks.get_mut(from..), self.others.get_mut(from..));
        let marked = marked.unwrap_or_default().as_chunks_mut().0.iter_mut();
        let others = others.unwrap_or_default().as_chunks_mut().0.iter_mut();
        let mut escaped = self.escaped;
        for ((block, marked), others) in blocks.iter().zip(marked).zip(others) {
            let Marks { special, slashes, no_digit } = processor.marks(block);
            let marks = if slashes == 0 && !escaped {
                special
            } else {
                let behind = behind_slashes(slashes, &mut escaped);
                (special & !slashes & !behind) | (behind & !processor.simple_escapes(block))
            };
            *marked = marks.to_le_bytes();
            *others = no_digit.to_le_bytes();
        }
        self.escaped = escaped;
        self.filled += len;
    }
}

/// Marks what follows a backslash that counts.
#[inline(always)]
fn behind_slashes(slashes: u64, escaped: &mut bool) -> u64 {
    /// Each second byte, from the second one on.
    const ODD: u64 = 0xaaaa_aaaa_aaaa_aaaa;
    let first = u64::from(*escaped);
    // Within a run of backslashes each second one is escaped by the one before. With its first byte added to it, a run leaves
    // only the bit behind it: so the runs that begin at odd places become known.
    let counting = slashes & !first;
    let odd = counting & ODD & !(counting << 1);
    let odd_runs = counting.wrapping_add(odd) ^ counting;
    let behind = (counting << 1) & (ODD ^ odd_runs) | first;
    *escaped = counting & !behind & 1 << 63 != 0;
    behind
}

/// The work of looking up what is at a place and behind it.
struct LookUp<'p, 'c> {
    piece: &'p mut Piece<'c>,
    at: usize,
}

impl Work for LookUp<'_, '_> {
    type Result = ();

    #[inline(always)]
    fn run<P: Processor>(self, processor: P) {
        self.piece.look_up(processor, self.at);
    }
}

/// The bits from a place on.
#[inline(always)]
fn bits(bits: &[u8; SPAN / 8 + 8], place: usize) -> u64 {
    let word = bits[(place / 8) & (SPAN / 8 - 1)..].first_chunk().map_or(u64::MAX, |word| u64::from_le_bytes(*word));
    word >> (place & 7)
}

impl std::fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Piece").field("len", &self.bytes.len()).field("base", &self.base).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, SEEN, SPAN};
    use crate::record::block::{Processor, Work, on_each};
    use proptest::prelude::*;

    /// Bytes, and from which places on the bits are asked for.
    #[derive(Clone)]
    struct Asked(Vec<u8>, Vec<usize>);

    impl Work for Asked {
        type Result = Vec<(u64, u64)>;

        fn run<P: Processor>(self, processor: P) -> Self::Result {
            let mut piece = Piece::new(&self.0);
            let seen = u64::MAX >> (64 - SEEN);
            let asked = self.1.iter().map(|at| {
                if at.wrapping_sub(piece.base) >= piece.limit {
                    piece.look_up(processor, *at);
                }
                let place = at.wrapping_sub(piece.base);
                let others = if place < piece.limit { piece.others_near(place) } else { u64::MAX };
                (piece.marks(*at) & seen, others & seen)
            });
            asked.collect()
        }
    }

    /// The same, byte by byte; the text begins where nothing is escaped.
    fn slowly(bytes: &[u8]) -> Vec<(bool, bool)> {
        let mut escaped = false;
        let bits = bytes.iter().map(|byte| {
            let mark = match byte {
                0..=0x1f => true,
                _ if escaped => !br#""\/bfnrt"#.contains(byte),
                _ => *byte == b'"',
            };
            escaped = !escaped && *byte == b'\\';
            (mark, !byte.is_ascii_digit())
        });
        bits.collect()
    }

    fn agrees(bytes: Vec<u8>, places: Vec<usize>) {
        let bits = slowly(&bytes);
        let word = |at: usize, bit: fn(&(bool, bool)) -> bool| {
            (0..SEEN).fold(0_u64, |word, k| word | u64::from(bits.get(at + k).is_none_or(bit)) << k)
        };
        let expected: Vec<_> = places.iter().map(|at| (word(*at, |bits| bits.0), word(*at, |bits| bits.1))).collect();
        for (kind, found) in on_each(&Asked(bytes, places.clone())).into_iter().enumerate() {
            for ((place, found), expected) in places.iter().zip(found).zip(&expected) {
                assert_eq!(found, *expected, "processor {kind}, place {place}");
            }
        }
    }

    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![4 => Just(b'\\'), 2 => Just(b'"'), 2 => b'0'..=b'9', 2 => proptest::sample::select(b"u/bn,}".as_slice()), 1 => any::<u8>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: if cfg!(debug_assertions) { 64 } else { 2000 }, ..ProptestConfig::default() })]

        /// Places are asked for in their order, no more than a look apart, as the walk does within a string.
        #[test]
        fn all_processors_agree_on_any_bytes(
            bytes in prop::collection::vec(byte(), 0..3 * SPAN),
            steps in prop::collection::vec(1..=SEEN, 1..400),
        ) {
            let places = std::iter::once(0).chain(steps.iter().cycle().scan(0, |at, step| { *at += step; Some(*at) }));
            let places = places.take_while(|at| *at < bytes.len() + 2 * SEEN).collect();
            agrees(bytes, places);
        }
    }

    #[test]
    fn a_run_of_backslashes_goes_on_over_every_border() {
        for run in 0..140 {
            for behind in ["\"", "n", "u0041", "x", "\n"] {
                let text = format!("{}{}{behind} 12,", "p".repeat(SPAN - 70), "\\".repeat(run));
                let places = (0..text.len()).step_by(SEEN).collect();
                agrees(text.into_bytes(), places);
            }
        }
    }

    #[test]
    fn what_is_far_ahead_or_behind_is_looked_up_anew() {
        let bytes: Vec<u8> = (0..5 * SPAN).map(|at| if at % 7 == 0 { b'"' } else { b'0' + (at % 31) as u8 }).collect();
        agrees(bytes, vec![0, 3 * SPAN, 100, 2 * SPAN + 5, 2 * SPAN, 5 * SPAN - 1, 5 * SPAN, 9 * SPAN, 1]);
    }
}
