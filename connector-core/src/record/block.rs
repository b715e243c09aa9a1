//! Blocks of bytes looked at in one go: where a string may end, where digits end, whether a key is the expected one, what 64 bytes are.
//! The answers are masks with a bit for each byte.
//!
//! x86-64 always has instructions for 16 bytes (SSE2), which `safe_arch` makes safe to call; other processors take words of
//! eight. What goes through long runs of bytes is [`Work`]: it is built once for these and once for processors with AVX2.

/// Marks quotes, backslashes and control characters.
#[inline(always)]
pub(super) fn special(block: &[u8; 32]) -> u32 {
    imp::special(block)
}

/// Marks what is no digit among sixteen bytes.
#[inline(always)]
pub(super) fn no_digit(block: &[u8; 16]) -> u32 {
    imp::no_digit(block)
}

/// Marks the bytes that are the same in both.
#[inline(always)]
pub(super) fn equal(block: &[u8; 32], other: &[u8; 32]) -> u32 {
    imp::equal(block, other)
}

/// The same for sixteen bytes.
#[inline(always)]
pub(super) fn equal_half(block: &[u8; 16], other: &[u8; 16]) -> u32 {
    imp::equal_half(block, other)
}

/// Whether each byte lies between those of two other blocks, both included.
#[inline(always)]
pub(super) fn within(block: &[u8; 16], low: &[u8; 16], high: &[u8; 16]) -> bool {
    imp::within(block, low, high)
}

/// What 64 bytes are, a bit for each byte.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Structure {
    pub(super) quotes: u64,
    pub(super) slashes: u64,
    /// Braces and brackets, opening ones.
    pub(super) opens: u64,
    /// Closing ones.
    pub(super) closes: u64,
    pub(super) spaces: u64,
    /// Whether there is any control character.
    pub(super) controls: bool,
}

/// What a walk wants to know of 64 bytes ahead, a bit for each byte.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Quotes, backslashes and control characters.
    pub(super) special: u64,
    pub(super) slashes: u64,
    pub(super) no_digit: u64,
}

/// How 64 bytes are looked at: with what each processor of its kind can do, or with more.
pub(super) trait Processor: Copy {
    fn marks(self, block: &[u8; 64]) -> Marks;

    /// Marks what may follow a backslash, but for `u`.
    fn simple_escapes(self, block: &[u8; 64]) -> u64;

    fn structure(self, block: &[u8; 64]) -> Structure;
}

/// A piece of work that each processor does in its own way. What it calls has to be inlined into it, or is built for any processor.
pub(super) trait Work {
    type Result;

    fn run<P: Processor>(self, processor: P) -> Self::Result;
}

/// What any processor of its kind can do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain;

/// The best that the processor at hand can do. To ask it takes longer than many a piece of work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    #[cfg(target_arch = "x86_64")]
    wide: Option<avx2::Wide>,
}

impl Best {
    pub(super) fn new() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            wide: avx2::Wide::new(),
        }
    }

    #[inline(always)]
    pub(super) fn work<W: Work>(self, work: W) -> W::Result {
        #[cfg(target_arch = "x86_64")]
        if let Some(wide) = self.wide {
            return wide.work(work);
        }
        work.run(Plain)
    }
}

/// What may follow a backslash, but for `u`.
const SIMPLE: [u8; 8] = *b"\"\\/bfnrt";

impl Processor for Plain {
    #[inline(always)]
    fn marks(self, block: &[u8; 64]) -> Marks {
        imp::marks(block)
    }

    #[inline(always)]
    fn simple_escapes(self, block: &[u8; 64]) -> u64 {
        imp::simple_escapes(block)
    }

    #[inline(always)]
    fn structure(self, block: &[u8; 64]) -> Structure {
        imp::structure(block)
    }
}

/// Both halves of a block.
#[inline(always)]
fn halves(block: &[u8; 32]) -> (&[u8; 16], &[u8; 16]) {
    let (low, high) = block.split_at(16);
    match (low.first_chunk(), high.first_chunk()) {
        (Some(low), Some(high)) => (low, high),
        _ => (&[0; 16], &[0; 16]),
    }
}

#[cfg(target_arch = "x86_64")]
mod imp {
    use super::{Marks, SIMPLE, Structure, halves};
    use safe_arch::{
        cmp_eq_mask_i8_m128i, load_unaligned_m128i, m128i, max_u8_m128i, min_u8_m128i, move_mask_i8_m128i,
        set_splat_i8_m128i, sub_i8_m128i,
    };

    #[inline(always)]
    pub(super) fn special(block: &[u8; 32]) -> u32 {
        let (low, high) = halves(block);
        mask(special_of(low), special_of(high))
    }

    #[inline(always)]
    fn special_of(half: &[u8; 16]) -> m128i {
        let bytes = load_unaligned_m128i(half);
        // With this bit turned, a quote is 0x20 and a control character still less: one comparison finds both.
        let turned = bytes ^ set_splat_i8_m128i(2);
        at_most(turned, 0x20) | cmp_eq_mask_i8_m128i(bytes, set_splat_i8_m128i(b'\\' as i8))
    }

    #[inline(always)]
    pub(super) fn no_digit(block: &[u8; 16]) -> u32 {
        let values = sub_i8_m128i(load_unaligned_m128i(block), set_splat_i8_m128i(b'0' as i8));
        move_mask_i8_m128i(at_most(values, 9)) as u32 ^ 0xffff
    }

    #[inline(always)]
    pub(super) fn equal(block: &[u8; 32], other: &[u8; 32]) -> u32 {
        let ((low, high), (other_low, other_high)) = (halves(block), halves(other));
        let same =
            |one: &[u8; 16], two: &[u8; 16]| cmp_eq_mask_i8_m128i(load_unaligned_m128i(one), load_unaligned_m128i(two));
        mask(same(low, other_low), same(high, other_high))
    }

    #[inline(always)]
    pub(super) fn equal_half(block: &[u8; 16], other: &[u8; 16]) -> u32 {
        move_mask_i8_m128i(cmp_eq_mask_i8_m128i(load_unaligned_m128i(block), load_unaligned_m128i(other))) as u32
    }

    #[inline(always)]
    pub(super) fn within(block: &[u8; 16], low: &[u8; 16], high: &[u8; 16]) -> bool {
        let bytes = load_unaligned_m128i(block);
        let inside = min_u8_m128i(max_u8_m128i(bytes, load_unaligned_m128i(low)), load_unaligned_m128i(high));
        move_mask_i8_m128i(cmp_eq_mask_i8_m128i(inside, bytes)) == 0xffff
    }

    #[inline(always)]
    pub(super) fn structure(block: &[u8; 64]) -> Structure {
        let mut found = Structure::default();
        let mut controls = set_splat_i8_m128i(0);
        for (at, quarter) in block.as_chunks::<16>().0.iter().enumerate() {
            let bytes = load_unaligned_m128i(quarter);
            // With this bit set, braces and brackets are the same; no other byte of JSON outside of strings becomes one.
            let either = bytes | set_splat_i8_m128i(0x20);
            let is = |bytes: m128i, byte: u8| {
                u64::from(move_mask_i8_m128i(cmp_eq_mask_i8_m128i(bytes, set_splat_i8_m128i(byte as i8))) as u16)
                    << (16 * at)
            };
            found.quotes |= is(bytes, b'"');
            found.slashes |= is(bytes, b'\\');
            found.opens |= is(either, b'{');
            found.closes |= is(either, b'}');
            found.spaces |= is(bytes, b' ');
            controls |= at_most(bytes, 0x1f);
        }
        found.controls = move_mask_i8_m128i(controls) != 0;
        found
    }

    #[inline(always)]
    pub(super) fn marks(block: &[u8; 64]) -> Marks {
        let mut found = Marks::default();
        for (at, quarter) in block.as_chunks::<16>().0.iter().enumerate() {
            let bytes = load_unaligned_m128i(quarter);
            let bits = |mask: m128i| u64::from(move_mask_i8_m128i(mask) as u16) << (16 * at);
            let slashes = cmp_eq_mask_i8_m128i(bytes, set_splat_i8_m128i(b'\\' as i8));
            found.special |= bits(at_most(bytes ^ set_splat_i8_m128i(2), 0x20) | slashes);
            found.slashes |= bits(slashes);
            found.no_digit |= bits(at_most(sub_i8_m128i(bytes, set_splat_i8_m128i(b'0' as i8)), 9));
        }
        Marks { no_digit: !found.no_digit, ..found }
    }

    #[inline(always)]
    pub(super) fn simple_escapes(block: &[u8; 64]) -> u64 {
        let mut found = 0;
        for (at, quarter) in block.as_chunks::<16>().0.iter().enumerate() {
            let bytes = load_unaligned_m128i(quarter);
            let each = SIMPLE.iter().map(|byte| cmp_eq_mask_i8_m128i(bytes, set_splat_i8_m128i(*byte as i8)));
            let any = each.fold(set_splat_i8_m128i(0), |any, each| any | each);
            found |= u64::from(move_mask_i8_m128i(any) as u16) << (16 * at);
        }
        found
    }

    #[inline(always)]
    fn mask(low: m128i, high: m128i) -> u32 {
        move_mask_i8_m128i(low) as u32 | (move_mask_i8_m128i(high) as u32) << 16
    }

    /// Marks the bytes that are not above a limit.
    #[inline(always)]
    fn at_most(bytes: m128i, limit: i8) -> m128i {
        cmp_eq_mask_i8_m128i(min_u8_m128i(bytes, set_splat_i8_m128i(limit)), bytes)
    }
}

/// Processors with AVX2, which is asked for at run time: `fearless_simd` lets code be built for them and called safely.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{Marks, Processor, SIMPLE, Structure, Work};
    use fearless_simd::{Level, Simd, mask8x32, prelude::*, u8x32, x86::Avx2};

    #[derive(Debug, Clone, Copy)]
    pub(super) struct Wide(Avx2);

    impl Wide {
        #[inline(always)]
        pub(super) fn new() -> Option<Self> {
            Level::new().as_avx2().map(Self)
        }

        #[inline(always)]
        pub(super) fn work<W: Work>(self, work: W) -> W::Result {
            self.0.vectorize(
                #[inline(always)]
                || work.run(self),
            )
        }

        /// The bits of both halves of a block.
        #[inline(always)]
        fn bits(self, block: &[u8; 64], is: impl Fn(u8x32<Avx2>) -> mask8x32<Avx2>) -> u64 {
            let [low, high] = block.as_chunks::<32>().0 else { return 0 };
            let (low, high) = (is(self.0.load_array_ref_u8x32(low)), is(self.0.load_array_ref_u8x32(high)));
            u64::from(self.half(low)) | u64::from(self.half(high)) << 32
        }

        #[inline(always)]
        fn half(self, mask: mask8x32<Avx2>) -> u32 {
            self.0.avx2._mm256_movemask_epi8(mask.into()) as u32
        }

        #[inline(always)]
        fn splat(self, byte: u8) -> u8x32<Avx2> {
            self.0.splat_u8x32(byte)
        }

        #[inline(always)]
        fn is(self, block: &[u8; 64], byte: u8) -> u64 {
            self.bits(block, |bytes| bytes.simd_eq(self.splat(byte)))
        }
    }

    impl Processor for Wide {
        #[inline(always)]
        fn marks(self, block: &[u8; 64]) -> Marks {
            Marks {
                special: self.bits(block, |bytes| {
                    (bytes ^ self.splat(2)).simd_le(self.splat(0x20)) | bytes.simd_eq(self.splat(b'\\'))
                }),
                slashes: self.is(block, b'\\'),
                no_digit: !self.bits(block, |bytes| (bytes - self.splat(b'0')).simd_le(self.splat(9))),
            }
        }

        #[inline(always)]
        fn simple_escapes(self, block: &[u8; 64]) -> u64 {
            let [a, b, c, d, e, f, g, h] = SIMPLE;
            self.bits(
                block,
                #[inline(always)]
                |bytes| {
                    let either = |one, other| bytes.simd_eq(self.splat(one)) | bytes.simd_eq(self.splat(other));
                    either(a, b) | either(c, d) | (either(e, f) | either(g, h))
                },
            )
        }

        #[inline(always)]
        fn structure(self, block: &[u8; 64]) -> Structure {
            let either = |bytes: u8x32<Avx2>| bytes | self.splat(0x20);
            Structure {
                quotes: self.is(block, b'"'),
                slashes: self.is(block, b'\\'),
                opens: self.bits(block, |bytes| either(bytes).simd_eq(self.splat(b'{'))),
                closes: self.bits(block, |bytes| either(bytes).simd_eq(self.splat(b'}'))),
                spaces: self.is(block, b' '),
                controls: self.bits(block, |bytes| bytes.simd_le(self.splat(0x1f))) != 0,
            }
        }
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
mod words {
    use super::{Marks, SIMPLE, Structure};

    /// One in each byte.
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES * 0x80;

    /// One bit for each byte of a word, from the highest bit of each.
    #[inline(always)]
    fn gather(word: u64) -> u32 {
        ((word & HIGH).wrapping_mul(0x0002_0408_1020_4081) >> 56) as u32
    }

    /// Marks the bytes of a word that are zero.
    #[inline(always)]
    fn zeros(word: u64) -> u64 {
        !((word & !HIGH).wrapping_add(!HIGH) | word | !HIGH)
    }

    /// Marks the bytes of a word that are below a limit of at most 128.
    #[inline(always)]
    fn below(word: u64, limit: u64) -> u64 {
        !((word & !HIGH).wrapping_add(ONES * (0x80 - limit)) | word) & HIGH
    }

    #[inline(always)]
    fn each<const N: usize>(block: &[u8; N], find: impl Fn(usize, u64) -> u64) -> u32 {
        block
            .as_chunks::<8>()
            .0
            .iter()
            .enumerate()
            .fold(0, |mask, (at, word)| mask | gather(find(at, u64::from_le_bytes(*word))) << (8 * at))
    }

    #[inline(always)]
    pub(super) fn special(block: &[u8; 32]) -> u32 {
        each(block, |_, word| {
            zeros(word ^ (ONES * b'"' as u64)) | zeros(word ^ (ONES * b'\\' as u64)) | below(word, 0x20)
        })
    }

    #[inline(always)]
    pub(super) fn no_digit(block: &[u8; 16]) -> u32 {
        each(block, |_, word| !below(word ^ (ONES * b'0' as u64), 10) & HIGH)
    }

    #[inline(always)]
    pub(super) fn equal(block: &[u8; 32], other: &[u8; 32]) -> u32 {
        same(block, other)
    }

    #[inline(always)]
    pub(super) fn equal_half(block: &[u8; 16], other: &[u8; 16]) -> u32 {
        same(block, other)
    }

    #[inline(always)]
    fn same<const N: usize>(block: &[u8; N], other: &[u8; N]) -> u32 {
        let other = other.as_chunks::<8>().0;
        each(block, |at, word| zeros(word ^ other.get(at).map_or(!word, |other| u64::from_le_bytes(*other))))
    }

    #[inline(always)]
    pub(super) fn structure(block: &[u8; 64]) -> Structure {
        let mut found = Structure::default();
        for (at, word) in block.as_chunks::<8>().0.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let is = |word: u64, byte: u8| u64::from(gather(zeros(word ^ (ONES * u64::from(byte))))) << (8 * at);
            found.quotes |= is(word, b'"');
            found.slashes |= is(word, b'\\');
            found.opens |= is(word | (ONES * 0x20), b'{');
            found.closes |= is(word | (ONES * 0x20), b'}');
            found.spaces |= is(word, b' ');
            found.controls |= below(word, 0x20) != 0;
        }
        found
    }

    #[inline(always)]
    pub(super) fn marks(block: &[u8; 64]) -> Marks {
        let mut found = Marks::default();
        for (at, word) in block.as_chunks::<8>().0.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let slashes = zeros(word ^ (ONES * b'\\' as u64));
            let bits = |marked: u64| u64::from(gather(marked)) << (8 * at);
            found.special |= bits(zeros(word ^ (ONES * b'"' as u64)) | slashes | below(word, 0x20));
            found.slashes |= bits(slashes);
            found.no_digit |= bits(!below(word ^ (ONES * b'0' as u64), 10));
        }
        found
    }

    #[inline(always)]
    pub(super) fn simple_escapes(block: &[u8; 64]) -> u64 {
        let bits = block.as_chunks::<8>().0.iter().enumerate().map(|(at, word)| {
            let word = u64::from_le_bytes(*word);
            let any = SIMPLE.iter().fold(0, |any, byte| any | zeros(word ^ (ONES * u64::from(*byte))));
            u64::from(gather(any)) << (8 * at)
        });
        bits.fold(0, |all, bits| all | bits)
    }

    #[inline(always)]
    pub(super) fn within(block: &[u8; 16], low: &[u8; 16], high: &[u8; 16]) -> bool {
        block.iter().zip(low.iter().zip(high)).all(|(byte, (low, high))| low <= byte && byte <= high)
    }
}

#[cfg(not(target_arch = "x86_64"))]
use words as imp;

/// What a piece of work comes to on each kind of processor that is at hand.
#[cfg(test)]
pub(super) fn on_each<W: Work + Clone>(work: &W) -> Vec<W::Result> {
    let mut results = vec![work.clone().run(Plain), work.clone().run(tests::Words)];
    #[cfg(target_arch = "x86_64")]
    results.extend(avx2::Wide::new().map(|wide| wide.work(work.clone())));
    results
}

#[cfg(test)]
mod tests {
    use super::{
        Marks, Processor, SIMPLE, Structure, Work, equal, equal_half, no_digit, on_each, special, within, words,
    };

    /// A processor without instructions for blocks.
    #[derive(Debug, Clone, Copy)]
    pub(super) struct Words;

    impl Processor for Words {
        fn marks(self, block: &[u8; 64]) -> Marks {
            words::marks(block)
        }

        fn simple_escapes(self, block: &[u8; 64]) -> u64 {
            words::simple_escapes(block)
        }

        fn structure(self, block: &[u8; 64]) -> Structure {
            words::structure(block)
        }
    }

    #[derive(Clone)]
    struct All([u8; 64]);

    impl Work for All {
        type Result = (Structure, Marks, u64);

        fn run<P: Processor>(self, processor: P) -> Self::Result {
            (processor.structure(&self.0), processor.marks(&self.0), processor.simple_escapes(&self.0))
        }
    }

    fn marked<const N: usize>(block: &[u8; N], is: impl Fn(usize, u8) -> bool) -> u32 {
        (0..N).fold(0, |mask, at| mask | u32::from(is(at, block[at])) << at)
    }

    /// Each byte at each place, among bytes that both sides of it may be confused with.
    #[test]
    fn finds_what_a_loop_finds() {
        for filler in [b'a', b'0', b'9', b'"' + 1, b'!', b' ', 0x80, 0xff, b'/', b':'] {
            for place in 0..32 {
                for byte in 0..=255_u8 {
                    for second in [filler, b'"', b'\\', 0, 0x1f, b'5'] {
                        let mut block = [filler; 32];
                        block[31 - place / 2] = second;
                        block[place] = byte;
                        let found = marked(&block, |_, byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
                        assert_eq!((special(&block), words::special(&block)), (found, found), "{block:?}");
                        let half: &[u8; 16] = &std::array::from_fn(|at| block[at]);
                        let found = marked(half, |_, byte| !byte.is_ascii_digit());
                        assert_eq!((no_digit(half), words::no_digit(half)), (found, found), "{block:?}");
                        let (low, high) = ([byte.min(filler); 16], [byte; 16]);
                        let found = half.iter().all(|each| (low[0]..=byte).contains(each));
                        let answers = (within(half, &low, &high), words::within(half, &low, &high));
                        assert_eq!(answers, (found, found), "{half:?}");
                        let other = [filler; 32];
                        let found = marked(&block, |_, byte| byte == filler);
                        assert_eq!((equal(&block, &other), words::equal(&block, &other)), (found, found), "{block:?}");
                        let (other, found) = ([filler; 16], found & 0xffff);
                        let answers = (equal_half(half, &other), words::equal_half(half, &other));
                        assert_eq!(answers, (found, found), "{half:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn all_processors_find_what_a_loop_finds() {
        for filler in [b'a', b'"' + 1, b'|', b'~', 0x80, 0xff, b'\\', b'5'] {
            for place in 0..64 {
                for byte in 0..=255_u8 {
                    let mut block = [filler; 64];
                    block[place] = byte;
                    let is = |is: fn(u8) -> bool| (0..64).fold(0_u64, |mask, at| mask | u64::from(is(block[at])) << at);
                    let structure = Structure {
                        quotes: is(|byte| byte == b'"'),
                        slashes: is(|byte| byte == b'\\'),
                        opens: is(|byte| matches!(byte, b'{' | b'[')),
                        closes: is(|byte| matches!(byte, b'}' | b']')),
                        spaces: is(|byte| byte == b' '),
                        controls: block.iter().any(|byte| *byte < 0x20),
                    };
                    let marks = Marks {
                        special: is(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)),
                        slashes: structure.slashes,
                        no_digit: is(|byte| !byte.is_ascii_digit()),
                    };
                    let expected = (structure, marks, is(|byte| SIMPLE.contains(&byte)));
                    for found in on_each(&All(block)) {
                        assert_eq!(found, expected, "{block:?}");
                    }
                }
            }
        }
    }
}
