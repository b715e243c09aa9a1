//! Keys of objects, told apart so that none is given twice.

/// A key with comma, quotes and colon; a zero byte, which never stands in JSON, where the name cannot stand unescaped.
pub(crate) fn key_text(name: &str) -> Box<[u8]> {
    let plain = !name.bytes().any(|byte| byte == b'"' || byte == b'\\' || byte < 0x20);
    if plain { format!(",\"{name}\":").into_bytes().into() } else { [0; 2].into() }
}

/// The first eight bytes, as many as there are.
fn padded(text: &[u8]) -> u64 {
    text.iter().take(8).rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// A number by which keys are told apart: different numbers, different keys.
pub(crate) fn fingerprint(key: &[u8]) -> u64 {
    mix(padded(key), key.last_chunk::<8>().map_or(0, |tail| u64::from_le_bytes(*tail)), key.len())
}

#[inline(always)]
fn mix(head: u64, tail: u64, len: usize) -> u64 {
    (head ^ tail.rotate_left(29) ^ len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The fingerprint of a key that stands in a text.
#[inline(always)]
fn fingerprint_at(bytes: &[u8], start: usize, end: usize) -> u64 {
    let len = end - start;
    match bytes.get(start..).and_then(<[u8]>::first_chunk::<8>) {
        Some(head) if len < 8 => mix(u64::from_le_bytes(*head) & ((1 << (8 * len)) - 1), 0, len),
        _ => fingerprint(bytes.get(start..end).unwrap_or_default()),
    }
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
        Self { print: fingerprint_at(bytes, start, end), start: start as u32, end: end as u32 }
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
    fn a_fingerprint_does_not_depend_on_what_follows() {
        let text = "0123456789abcdef0123456789";
        for len in 0..18 {
            let key = &text.as_bytes()[..len];
            assert_eq!(fingerprint_at(text.as_bytes(), 0, len), fingerprint(key));
            assert_eq!(fingerprint_at(key, 0, len), fingerprint(key));
        }
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
