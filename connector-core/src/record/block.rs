//! Thirty-two bytes looked at in one go: where a string may end, where digits end, whether a key is the expected one.
//! The answers are masks with a bit for each byte.
//!
//! x86-64 always has the instructions for it (SSE2), which `safe_arch` makes safe to call; other processors take words of
//! eight bytes.

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
    use super::halves;
    use safe_arch::{
        cmp_eq_mask_i8_m128i, load_unaligned_m128i, m128i, min_u8_m128i, move_mask_i8_m128i, set_splat_i8_m128i,
        sub_i8_m128i,
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
    fn mask(low: m128i, high: m128i) -> u32 {
        move_mask_i8_m128i(low) as u32 | (move_mask_i8_m128i(high) as u32) << 16
    }

    /// Marks the bytes that are not above a limit.
    #[inline(always)]
    fn at_most(bytes: m128i, limit: i8) -> m128i {
        cmp_eq_mask_i8_m128i(min_u8_m128i(bytes, set_splat_i8_m128i(limit)), bytes)
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
mod words {
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
        block.as_chunks::<8>().0.iter().enumerate().fold(0, |mask, (at, word)| {
            mask | gather(find(at, u64::from_le_bytes(*word))) << (8 * at)
        })
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
        let other = other.as_chunks::<8>().0;
        each(block, |at, word| zeros(word ^ other.get(at).map_or(!word, |other| u64::from_le_bytes(*other))))
    }
}

#[cfg(not(target_arch = "x86_64"))]
use words as imp;

#[cfg(test)]
mod tests {
    use super::{equal, no_digit, special, words};

    fn marks<const N: usize>(block: &[u8; N], marked: impl Fn(usize, u8) -> bool) -> u32 {
        (0..N).fold(0, |mask, at| mask | u32::from(marked(at, block[at])) << at)
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
                        let found = marks(&block, |_, byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
                        assert_eq!((special(&block), words::special(&block)), (found, found), "{block:?}");
                        let half = block.first_chunk::<16>().expect("it is longer");
                        let found = marks(half, |_, byte| !byte.is_ascii_digit());
                        assert_eq!((no_digit(half), words::no_digit(half)), (found, found), "{block:?}");
                        let other = [filler; 32];
                        let found = marks(&block, |_, byte| byte == filler);
                        assert_eq!((equal(&block, &other), words::equal(&block, &other)), (found, found), "{block:?}");
                    }
                }
            }
        }
    }
}
