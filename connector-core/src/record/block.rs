//! Sixteen bytes looked at in one go: where a string may end, where digits end.
//!
//! x86-64 always has the instructions for it (SSE2), which `safe_arch` makes safe to call; other processors take two words of
//! eight.

/// Where the first quote, backslash or control character is; 16 if there is none.
#[inline(always)]
pub(super) fn special(block: &[u8; 16]) -> usize {
    imp::special(block)
}

/// Where the first byte is that is no digit; 16 if there is none.
#[inline(always)]
pub(super) fn behind_digits(block: &[u8; 16]) -> usize {
    imp::behind_digits(block)
}

#[cfg(target_arch = "x86_64")]
mod imp {
    use safe_arch::{
        cmp_eq_mask_i8_m128i, load_unaligned_m128i, m128i, min_u8_m128i, move_mask_i8_m128i, set_splat_i8_m128i,
        sub_i8_m128i,
    };

    #[inline(always)]
    pub(super) fn special(block: &[u8; 16]) -> usize {
        let bytes = load_unaligned_m128i(block);
        let quote = cmp_eq_mask_i8_m128i(bytes, set_splat_i8_m128i(b'"' as i8));
        let slash = cmp_eq_mask_i8_m128i(bytes, set_splat_i8_m128i(b'\\' as i8));
        let control = at_most(bytes, 0x1f);
        (move_mask_i8_m128i(quote | slash | control) as u32 | 1 << 16).trailing_zeros() as usize
    }

    #[inline(always)]
    pub(super) fn behind_digits(block: &[u8; 16]) -> usize {
        let values = sub_i8_m128i(load_unaligned_m128i(block), set_splat_i8_m128i(b'0' as i8));
        (!move_mask_i8_m128i(at_most(values, 9)) as u32).trailing_zeros() as usize
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

    /// Where in a word the first quote, backslash or control character is; 8 if there is none.
    #[inline(always)]
    fn special_of(word: u64) -> usize {
        // With this bit turned, a quote is 0x20 and a control character still less: one comparison finds both. Above the lowest
        // byte that is found, others may be marked that are none.
        let quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
        let slash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
        ((quote | slash) & !word & (ONES * 0x80)).trailing_zeros() as usize / 8
    }

    /// How many digits a word begins with.
    #[inline(always)]
    fn digits_of(word: u64) -> usize {
        let digits = word ^ (ONES * b'0' as u64);
        ((digits.wrapping_add(ONES * 0x76) | digits) & (ONES * 0x80)).trailing_zeros() as usize / 8
    }

    /// What is found in both words; without branches, because nobody can predict where strings end.
    #[inline(always)]
    fn of_two(block: &[u8; 16], find: impl Fn(u64) -> usize) -> usize {
        let block = u128::from_le_bytes(*block);
        let (low, high) = (find(block as u64), find((block >> 64) as u64));
        // The second word counts if there is nothing in the first, which then gives 8.
        low + (high & 0_usize.wrapping_sub(low >> 3))
    }

    #[inline(always)]
    pub(super) fn special(block: &[u8; 16]) -> usize {
        of_two(block, special_of)
    }

    #[inline(always)]
    pub(super) fn behind_digits(block: &[u8; 16]) -> usize {
        of_two(block, digits_of)
    }
}

#[cfg(not(target_arch = "x86_64"))]
use words as imp;

#[cfg(test)]
mod tests {
    use super::{behind_digits, special, words};

    /// Each byte at each place, among bytes that both sides of it may be confused with.
    #[test]
    fn finds_what_a_loop_finds() {
        for filler in [b'a', b'0', b'9', b'"' + 1, b'!', b' ', 0x80, 0xff, b'/', b':'] {
            for place in 0..16 {
                for byte in 0..=255_u8 {
                    for second in [filler, b'"', b'\\', 0, 0x1f, b'5'] {
                        let mut block = [filler; 16];
                        block[place] = byte;
                        block[15 - place / 2] = second;
                        let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
                        let end = block.iter().position(ends).unwrap_or(16);
                        assert_eq!((special(&block), words::special(&block)), (end, end), "{block:?}");
                        let end = block.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(16);
                        assert_eq!((behind_digits(&block), words::behind_digits(&block)), (end, end), "{block:?}");
                    }
                }
            }
        }
    }
}
