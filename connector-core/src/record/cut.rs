//! Where a record ends, told by its quotes and brackets alone: for streams whose records are not compared with a struct and of
//! which nothing is picked out.
//!
//! 64 bytes are looked at in one go. A record that may need more than to be copied (whitespace between its tokens, a control
//! character, half a surrogate pair) is left to the walk.

use super::block::{Best, Processor, Structure, Work};
use super::fault::MAX_DEPTH;

/// What was found at the beginning of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// A record of so many bytes that can leave as it is.
    Plain(usize),
    /// Something that the walk has to look at.
    Odd,
    /// A record that is not complete.
    Short,
}

/// Looks for the end of the record at the beginning of some bytes.
pub(super) fn cut(bytes: &[u8], processor: Best) -> Cut {
    processor.work(Search(bytes))
}

#[derive(Clone, Copy)]
struct Search<'b>(&'b [u8]);

impl Work for Search<'_> {
    type Result = Cut;

    #[inline(always)]
    fn run<P: Processor>(self, processor: P) -> Cut {
        search(processor, self.0)
    }
}

#[inline(always)]
fn search<P: Processor>(processor: P, bytes: &[u8]) -> Cut {
    if bytes.first() != Some(&b'{') {
        return Cut::Odd;
    }
    let (blocks, rest) = bytes.as_chunks::<64>();
    let mut scan = Scan { depth: 0, inside: 0, escaped: false, second_half: 0 };
    for (at, block) in blocks.iter().enumerate() {
        match scan.block(processor.structure(block), bytes, at * 64) {
            Turn::More => {}
            Turn::End(end) => return Cut::Plain(end),
            Turn::Odd => return Cut::Odd,
        }
    }
    // Letters stand for what is not there.
    let mut last = [b'x'; 64];
    for (byte, last) in rest.iter().zip(&mut last) {
        *last = *byte;
    }
    match scan.block(processor.structure(&last), bytes, blocks.len() * 64) {
        Turn::More => Cut::Short,
        Turn::End(end) => Cut::Plain(end),
        Turn::Odd => Cut::Odd,
    }
}

enum Turn {
    More,
    End(usize),
    Odd,
}

struct Scan {
    /// How many brackets are open.
    depth: u32,
    /// All bits if a string goes on from the block before.
    inside: u64,
    /// Whether the first byte follows a backslash.
    escaped: bool,
    /// Where the second half of a surrogate pair is due.
    second_half: usize,
}

impl Scan {
    #[inline(always)]
    fn block(&mut self, found: Structure, bytes: &[u8], from: usize) -> Turn {
        let mut quotes = found.quotes;
        if found.slashes != 0 || self.escaped {
            match self.escapes(found.slashes, bytes, from) {
                Some(escaped) => quotes &= !escaped,
                None => return Turn::Odd,
            }
        }
        // A bit for each byte inside of a string, its first quote included.
        let strings = spread(quotes) ^ self.inside;
        self.inside = 0_u64.wrapping_sub(strings >> 63);
        let (opens, closes) = (found.opens & !strings, found.closes & !strings);
        let end = match self.brackets(opens, closes) {
            None => return Turn::Odd,
            Some(end) => end,
        };
        // What comes behind the end is none of the record's.
        let ours = end.map_or(u64::MAX, |end| u64::MAX >> (63 - end));
        if found.spaces & !strings & ours != 0 {
            return Turn::Odd;
        }
        // Line breaks between records, too, are left to the walk.
        if found.controls {
            return Turn::Odd;
        }
        match end {
            Some(end) => Turn::End(from + end as usize + 1),
            None => Turn::More,
        }
    }

    /// The place of the bracket with which the record ends, if it does; nothing for one that is nested too deeply.
    #[inline(always)]
    fn brackets(&mut self, opens: u64, closes: u64) -> Option<Option<u32>> {
        if self.depth > closes.count_ones() && self.depth + opens.count_ones() < MAX_DEPTH {
            self.depth += opens.count_ones();
            self.depth -= closes.count_ones();
            return Some(None);
        }
        let mut both = opens | closes;
        while both != 0 {
            let at = both.trailing_zeros();
            if opens >> at & 1 != 0 {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return None;
                }
            } else {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Some(Some(at));
                }
            }
            both &= both - 1;
        }
        Some(None)
    }

    /// A bit for each byte that follows a backslash which counts; nothing if an escape may be half a surrogate pair.
    #[inline(never)]
    fn escapes(&mut self, slashes: u64, bytes: &[u8], from: usize) -> Option<u64> {
        let mut escaped = u64::from(std::mem::take(&mut self.escaped));
        let mut rest = slashes & !escaped;
        while rest != 0 {
            let at = rest.trailing_zeros();
            let place = from + at as usize;
            if let Some([b'u', b'd' | b'D', rest @ ..]) = bytes.get(place + 1..)
                && place != self.second_half
            {
                if !matches!(rest, [b'8' | b'9' | b'a' | b'b' | b'A' | b'B', h1, h2, b'\\', b'u', b'd' | b'D', b'c'..=b'f' | b'C'..=b'F', h3, h4, ..]
                    if [h1, h2, h3, h4].iter().all(|digit| digit.is_ascii_hexdigit()))
                {
                    return None;
                }
                self.second_half = place + 6;
            }
            let next = 2_u64.wrapping_shl(at);
            self.escaped = at == 63;
            escaped |= if self.escaped { 0 } else { next };
            rest &= !(1 << at);
            rest &= if self.escaped { 0 } else { !next };
        }
        Some(escaped)
    }
}

/// From each odd bit that is set to the next even one: one bit that is set stands for all up to the next.
#[inline(always)]
fn spread(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::block::on_each;

    fn cut(bytes: &[u8]) -> Cut {
        super::cut(bytes, Best::new())
    }

    /// The same, byte by byte.
    fn slowly(bytes: &[u8]) -> Cut {
        let (mut depth, mut inside, mut escaped) = (0, false, false);
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => inside = !inside,
                _ if inside => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Cut::Plain(at + 1);
                    }
                }
                _ => {}
            }
        }
        Cut::Short
    }

    #[test]
    fn finds_the_end_at_every_border_and_with_every_run_of_backslashes() {
        for pad in 0..140 {
            for run in 0..5 {
                let (pad, slashes) = ("p".repeat(pad), "\\\\".repeat(run));
                let record =
                    format!("{{\"a {pad}{slashes}\\\"]}}\":[{{}},[],\"{slashes}\",\"}}]{{[\"],\"\\ud83d\\uDE00\":7}}");
                for behind in ["", "]", ",{\"a\":1}", "  ", " }"] {
                    let text = format!("{record}{behind}");
                    assert_eq!(cut(text.as_bytes()), Cut::Plain(record.len()), "{text}");
                    assert_eq!(slowly(text.as_bytes()), Cut::Plain(record.len()), "{text}");
                }
                for end in 1..record.len() {
                    // Half a pair at the end may be whole with what follows, which the walk tells.
                    let half = record[..end].contains("\\ud") && !record[..end].contains("\\uDE00");
                    let expected = if half { Cut::Odd } else { Cut::Short };
                    assert_eq!(cut(&record.as_bytes()[..end]), expected, "{record} {end}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn all_processors_agree_on_any_bytes(bytes in "\\{[\\[\\]{}\",:0 \\\\ud8é\n]{0,300}") {
            let found = on_each(&Search(bytes.as_bytes()));
            proptest::prop_assert!(found.iter().all(|cut| *cut == found[0]), "{:?}", found);
        }
    }

    #[test]
    fn what_is_more_than_to_be_copied_is_odd() {
        for pad in [0, 50, 63, 64, 100] {
            let pad = "p".repeat(pad);
            for odd in [
                format!("{{\"{pad}\": 1}}"),
                format!("{{\"{pad}\":1\n}}"),
                format!("{{\"{pad}\t\":1}}"),
                format!("{{\"{pad}\\ud83d\":1}}"),
                format!("{{\"{pad}\\ud83d\\u0041\":1,\"b\":1}}"),
                format!("{{\"{pad}\\ude00\":1}}"),
                format!("{{\"{pad}\\ud83d\\ude00\\ude00\":1}}"),
                format!("{{\"{pad}\":{}", "[".repeat(200)),
                format!("[{pad}]"),
            ] {
                assert_eq!(cut(odd.as_bytes()), Cut::Odd, "{odd}");
            }
        }
        assert_eq!(cut(b""), Cut::Odd);
    }
}
