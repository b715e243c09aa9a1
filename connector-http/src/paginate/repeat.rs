//! Notices a pagination that goes round in circles, in constant memory.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

/// How many tokens are remembered exactly (16 bytes each); a longer circle is found by Brent's method.
const REMEMBERED: usize = 4096;

/// The page tokens of a slice, as 64-bit hashes with random keys.
///
/// The first 4096 are remembered, so that a circle within them is seen at its first repetition. For longer ones one
/// token is kept and renewed at page 1, 2, 4, 8, … (Brent): a circle of any length is seen within three times its
/// length after it is entered.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    hasher: RandomState,
    seen: HashMap<u64, u64>,
    kept: Option<(u64, u64)>,
    pages: u64,
}

impl Repeats {
    /// Takes the token that a page names; returns the number of the page that named the same one before.
    pub(crate) fn repeats(&mut self, token: &str) -> Option<u64> {
        let hash = self.hasher.hash_one(token);
        self.pages += 1;
        let before =
            self.seen.get(&hash).copied().or_else(|| self.kept.filter(|(kept, _)| *kept == hash).map(|(_, page)| page));
        if before.is_some() {
            return before;
        }
        if self.seen.len() < REMEMBERED {
            self.seen.insert(hash, self.pages);
        }
        if self.pages.is_power_of_two() {
            self.kept = Some((hash, self.pages));
        }
        None
    }
}

/// How much of a last record is compared.
const COMPARED: usize = 64 << 10;

/// Compares each page to the one before: counts, the length of its lines, the beginning of the first and the last record.
#[derive(Debug, Default)]
pub(crate) struct Twins {
    count: u64,
    bytes: u64,
    first: Vec<u8>,
    last: Vec<u8>,
}

impl Twins {
    /// Whether a page with records is the same as the one before it.
    pub(crate) fn is_twin(&mut self, count: u64, bytes: u64, first: &[u8], last: &[u8]) -> bool {
        let last = &last[..last.len().min(COMPARED)];
        if count > 0 && (self.count, self.bytes) == (count, bytes) && self.first == first && self.last == last {
            return true;
        }
        (self.count, self.bytes) = (count, bytes);
        for (kept, seen) in [(&mut self.first, first), (&mut self.last, last)] {
            kept.clear();
            kept.extend_from_slice(seen);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_token_twice_is_seen_at_once() {
        let mut repeats = Repeats::default();
        assert_eq!(repeats.repeats("a"), None);
        assert_eq!(repeats.repeats("b"), None);
        assert_eq!(repeats.repeats("a"), Some(1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn every_circle_is_found(run_up in 0_u64..9000, length in 1_u64..9000) {
            let mut repeats = Repeats::default();
            let name = |page: u64| if page < run_up { page } else { run_up + (page - run_up) % length };
            let found = (0..run_up + 8 * (run_up + length) + 8).position(|page| repeats.repeats(&name(page).to_string()).is_some());
            prop_assert!(found.is_some_and(|page| page as u64 >= length));
            prop_assert!(repeats.seen.len() <= REMEMBERED);
        }

        #[test]
        fn nothing_is_found_where_nothing_repeats(pages in 0_u64..20_000) {
            let mut repeats = Repeats::default();
            prop_assert!((0..pages).all(|page| repeats.repeats(&page.to_string()).is_none()));
        }
    }
}
