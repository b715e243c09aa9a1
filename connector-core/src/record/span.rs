//! Where an object or a list ends that arrives in pieces: brackets are counted, strings are jumped over, nothing is checked.

/// A search for the end of one object or list; it goes on where the last piece ended.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SpanScan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl SpanScan {
    /// Looks through the next piece, the first of which begins with the bracket: the place behind the last one.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Option<usize> {
        let mut at = 0;
        if self.escaped && !piece.is_empty() {
            self.escaped = false;
            at = 1;
        }
        while let Some(rest) = piece.get(at..)
            && !rest.is_empty()
        {
            if self.in_string {
                let Some(special) = memchr::memchr2(b'"', b'\\', rest) else { break };
                at += special + 1;
                if rest.get(special) == Some(&b'"') {
                    self.in_string = false;
                } else if at == piece.len() {
                    self.escaped = true;
                } else {
                    at += 1;
                }
                continue;
            }
            for byte in rest {
                at += 1;
                match byte {
                    b'"' => {
                        self.in_string = true;
                        break;
                    }
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => {
                        self.depth = self.depth.saturating_sub(1);
                        if self.depth == 0 {
                            return Some(at);
                        }
                    }
                    _ => {}
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_end_wherever_the_pieces_are_cut() {
        let text = br#"{"a":"}\"]\\","b":[{},"\\\""],"c":{}} ,{"next":1}"#;
        let end = text.iter().position(|byte| *byte == b' ');
        for first in 1..text.len() {
            for second in first..text.len() {
                let mut scan = SpanScan::default();
                let found = scan
                    .feed(&text[..first])
                    .or_else(|| scan.feed(&text[first..second]).map(|end| end + first))
                    .or_else(|| scan.feed(&text[second..]).map(|end| end + second));
                assert_eq!(found, end, "{first} {second}");
            }
        }
    }
}
