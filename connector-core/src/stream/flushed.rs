//! The part of a large page that has left before the page was whole.
//!
//! When such a page fails and is asked again, its lines are compared with what has left, and skipped while they are equal.

/// Lines of one page that are remembered, eight bytes each; lines beyond may come twice after a failure.
const REMEMBERED: usize = 1 << 20;

/// Fingerprints of the lines of the current page that have left.
#[derive(Debug, Default)]
pub(super) struct Flushed {
    lines: Vec<u64>,
    /// While the page is repeated: how many of its lines were seen again.
    repeating: Option<usize>,
}

impl Flushed {
    /// Whether any line of the page has left.
    pub(super) fn any(&self) -> bool {
        !self.lines.is_empty()
    }

    /// The page is asked again. Returns how many of its lines have left.
    pub(super) fn repeat(&mut self) -> usize {
        self.repeating = Some(0);
        self.lines.len()
    }

    /// Notes the lines of a piece. Returns how many lines and bytes from the first have left already.
    pub(super) fn pass(&mut self, rendered: &[u8]) -> (usize, usize) {
        let (mut lines, mut bytes) = (0, 0);
        for line in rendered.split_inclusive(|&byte| byte == b'\n') {
            let print = fingerprint(line);
            match self.repeating {
                Some(seen) if self.lines.get(seen) == Some(&print) => {
                    self.repeating = Some(seen + 1);
                    lines += 1;
                    bytes += line.len();
                    continue;
                }
                // What differs from here on is new; what had left in its place stays as it was.
                Some(seen) => {
                    self.lines.truncate(seen);
                    self.repeating = None;
                }
                None => {}
            }
            if self.lines.len() < REMEMBERED {
                self.lines.push(print);
            }
        }
        (lines, bytes)
    }
}

/// A quick 64-bit hash; both ends are our own, so nobody can choose collisions to their advantage.
pub(super) fn fingerprint(line: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (words, rest) = line.as_chunks::<8>();
    let mut hash = line.len() as u64;
    for word in words {
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    for &byte in rest {
        hash = (hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(FACTOR);
    }
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_page_is_skipped_while_it_is_the_same() {
        let mut flushed = Flushed::default();
        assert_eq!(flushed.pass(b"a\nb\nc\n"), (0, 0));
        assert_eq!(flushed.repeat(), 3);
        assert_eq!(flushed.pass(b"a\nb\n"), (2, 4));
        assert_eq!(flushed.pass(b"c\nd\n"), (1, 2));
        assert_eq!(flushed.pass(b"e\n"), (0, 0));
    }

    #[test]
    fn a_page_that_changed_is_written_from_the_change_on() {
        let mut flushed = Flushed::default();
        assert_eq!(flushed.pass(b"a\nb\nc\n"), (0, 0));
        assert_eq!(flushed.repeat(), 3);
        assert_eq!(flushed.pass(b"a\nx\nc\n"), (1, 2));
        assert_eq!(flushed.repeat(), 3);
        assert_eq!(flushed.pass(b"a\nx\nc\ny\n"), (3, 6));
    }
}
