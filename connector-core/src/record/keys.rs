//! Keys of objects: compared in one go where the expected one stands, and told apart so that none is given twice.

/// A key as it usually stands: `"name":`.
pub(crate) struct KeyMatch {
    /// With quotes and colon; a zero byte, which never stands in JSON, where the name cannot stand unescaped.
    text: Box<[u8]>,
    /// Its first sixteen bytes, and which of them count.
    head: u128,
    mask: u128,
}

impl KeyMatch {
    pub(crate) fn new(name: &str) -> Self {
        let plain = !name.bytes().any(|byte| byte == b'"' || byte == b'\\' || byte < 0x20);
        let text = if plain { format!("\"{name}\":").into_bytes() } else { vec![0] };
        let mut head = [0; 16];
        let mut mask = [0; 16];
        for ((byte, head), mask) in text.iter().zip(&mut head).zip(&mut mask) {
            (*head, *mask) = (*byte, 0xff);
        }
        Self { text: text.into(), head: u128::from_le_bytes(head), mask: u128::from_le_bytes(mask) }
    }

    /// How many bytes it takes if it stands at the beginning of these.
    #[inline(always)]
    pub(crate) fn at(&self, rest: &[u8]) -> Option<usize> {
        let len = self.text.len();
        let stands = match rest.first_chunk::<16>() {
            Some(block) => {
                (u128::from_le_bytes(*block) ^ self.head) & self.mask == 0
                    && (len <= 16 || rest.get(16..len) == self.text.get(16..))
            }
            None => rest.starts_with(&self.text),
        };
        if stands { Some(len) } else { None }
    }
}

/// A number by which keys are told apart: different numbers, different keys.
#[inline(always)]
pub(crate) fn fingerprint(key: &[u8]) -> u64 {
    let (head, tail) = match (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
        _ => (key.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    (head ^ tail.rotate_left(29) ^ key.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A key of an object that is being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    print: u64,
    start: u32,
    end: u32,
}

impl Key {
    #[inline(always)]
    pub(crate) fn new(bytes: &[u8], start: usize, end: usize) -> Self {
        let print = fingerprint(bytes.get(start..end).unwrap_or_default());
        Self { print, start: start as u32, end: end as u32 }
    }

    fn text<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    fn same(&self, other: &Self, bytes: &[u8]) -> bool {
        self.print == other.print && self.text(bytes) == other.text(bytes)
    }
}

/// Up to so many keys are compared each with each, more are sorted: never quadratic.
const FEW: usize = 12;

/// Whether a key stands twice among these; they may be put into another order.
#[inline(always)]
pub(crate) fn any_twice(keys: &mut [Key], bytes: &[u8]) -> bool {
    if keys.len() < 2 { false } else { several_twice(keys, bytes) }
}

fn several_twice(keys: &mut [Key], bytes: &[u8]) -> bool {
    if keys.len() > FEW {
        keys.sort_unstable_by(|a, b| a.print.cmp(&b.print).then_with(|| a.text(bytes).cmp(b.text(bytes))));
        return keys.windows(2).any(|pair| matches!(pair, [a, b] if a.same(b, bytes)));
    }
    let mut rest = &*keys;
    while let Some((first, others)) = rest.split_first() {
        if others.iter().any(|other| first.same(other, bytes)) {
            return true;
        }
        rest = others;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(names: &[String]) -> bool {
        let mut bytes = Vec::new();
        let mut keys = Vec::new();
        for name in names {
            let start = bytes.len();
            bytes.extend_from_slice(name.as_bytes());
            keys.push((start, bytes.len()));
        }
        let mut keys: Vec<Key> = keys.into_iter().map(|(start, end)| Key::new(&bytes, start, end)).collect();
        any_twice(&mut keys, &bytes)
    }

    #[test]
    fn a_key_stands_only_as_a_whole() {
        for name in ["a", "updated_at", "exactly13byte", "a_name_of_far_more_than_sixteen_bytes", "é"] {
            let key = KeyMatch::new(name);
            let text = format!("\"{name}\":1,\"and\":\"so on and so on\"}}");
            assert_eq!(key.at(text.as_bytes()), Some(name.len() + 3), "{name}");
            assert_eq!(key.at(format!("\"{name}\":").as_bytes()), Some(name.len() + 3), "{name}");
            assert_eq!(key.at(format!("\"{name}x\":1,\"and\":\"so on and so on\"").as_bytes()), None, "{name}");
            assert_eq!(key.at(format!("\"{name}\"").as_bytes()), None, "{name}");
        }
        assert_eq!(KeyMatch::new("a\"b").at(b"\"a\"b\":1"), None);
    }

    #[test]
    fn finds_double_keys_among_few_and_many() {
        for count in [2, 5, FEW, FEW + 1, 500] {
            let mut names: Vec<String> =
                (0..count).map(|k| format!("a rather long key {k} with an equal end")).collect();
            assert!(!twice(&names), "{count}");
            names.push(names[count / 2].clone());
            assert!(twice(&names), "{count}");
        }
        assert!(!twice(&["".into(), "\0".into(), "a".into()]));
    }
}
