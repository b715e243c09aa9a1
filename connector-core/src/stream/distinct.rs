//! Which records of a stream have left, where one that comes again is dropped.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::Result;
use crate::state::too_many;

/// Fingerprints of keys, 128 bits each: two keys out of a hundred million are taken for one with a probability below 10⁻²². The table
/// costs at most 40 bytes a key.
#[derive(Debug)]
pub(super) struct Distinct {
    seen: HashSet<u128>,
    halves: [RandomState; 2],
    limit: usize,
}

impl Distinct {
    pub(super) fn new(limit: usize) -> Self {
        Self { seen: HashSet::new(), halves: [RandomState::new(), RandomState::new()], limit }
    }

    /// Drops the lines whose key was met before. Returns how many were dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`](crate::ErrorKind::Limit): there are more keys than may be remembered.
    pub(super) fn keep_new<'k>(
        &mut self,
        lines: &mut Vec<u8>,
        mut keys: impl Iterator<Item = Option<&'k str>>,
    ) -> Result<u64> {
        let (mut dropped, mut read, mut kept) = (0, 0, 0);
        while read < lines.len() {
            let rest = lines.get(read..).unwrap_or_default();
            let end = read + memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            if self.is_new(keys.next().flatten())? {
                lines.copy_within(read..end, kept);
                kept += end - read;
            } else {
                dropped += 1;
            }
            read = end;
        }
        lines.truncate(kept);
        Ok(dropped)
    }

    /// A record without a key is like no other.
    fn is_new(&mut self, key: Option<&str>) -> Result<bool> {
        let Some(key) = key else { return Ok(true) };
        let [high, low] = &self.halves;
        let print = u128::from(high.hash_one(key)) << 64 | u128::from(low.hash_one(key));
        if self.seen.len() >= self.limit && !self.seen.contains(&print) {
            return Err(too_many(self.limit));
        }
        Ok(self.seen.insert(print))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Distinct;

    #[test]
    fn lines_whose_key_was_met_go() {
        let mut distinct = Distinct::new(3);
        let mut lines = b"a\nb\na2\n-\n-\n".to_vec();
        let keys = [Some("1"), Some("2"), Some("1"), None, None];
        assert_eq!(distinct.keep_new(&mut lines, keys.into_iter()).unwrap(), 1);
        assert_eq!(lines, b"a\nb\n-\n-\n");
        let mut lines = b"b2\nc\n".to_vec();
        assert_eq!(distinct.keep_new(&mut lines, [Some("2"), Some("3")].into_iter()).unwrap(), 1);
        assert_eq!(lines, b"c\n");
        let error = distinct.keep_new(&mut b"d\n".to_vec(), [Some("4")].into_iter()).unwrap_err();
        assert!(error.message().contains("more than 3 different keys"), "{error}");
    }
}
