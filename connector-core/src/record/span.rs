//! Where a value ends that arrives in pieces: brackets are counted, strings are jumped over, nothing is checked.

/// A search for the end of one value; it goes on where the last piece ended.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SpanScan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl SpanScan {
    /// Looks through the next piece, the first of which begins with the value: the place behind its end.
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
                    if self.depth == 0 {
                        return Some(at);
                    }
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
                    // Behind a number or a literal.
                    b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' if self.depth == 0 => return Some(at - 1),
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
    fn finds_the_end_of_scalars() {
        for (text, length) in [("12,", 2), ("12]", 2), ("-1.5e3 ,", 6), ("null]", 4), (r#""a\",]","#, 7), ("[1,2],", 5)]
        {
            for cut in 1..text.len() {
                let mut scan = SpanScan::default();
                let (first, second) = text.as_bytes().split_at(cut);
                let found = scan.feed(first).or_else(|| scan.feed(second).map(|end| end + cut));
                assert_eq!(found, Some(length), "{text} {cut}");
            }
        }
    }

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
