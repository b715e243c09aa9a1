//! What to look for: a secret as it is, and in base64.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem;
use zeroize::Zeroizing;

use super::view::View;

/// Below this length in characters, the part of a base64 text that a secret alone decides is too short to look for.
const SHORTEST_INTERIOR: usize = 8;

/// One form of a secret.
pub(super) struct Needle {
    bytes: Zeroizing<Vec<u8>>,
    /// Whether the character before it, and the one after it, hold a few bits of the secret, too (base64).
    before: bool,
    after: bool,
}

impl Needle {
    /// All forms of a secret that no [`View`] decodes; and the most usual encodings, since a stray `%` or `\` in front of one
    /// puts a decoder out of step.
    pub(super) fn all_of(secret: &str) -> Vec<Self> {
        let mut needles = vec![Self { bytes: Zeroizing::new(secret.as_bytes().to_vec()), before: false, after: false }];
        let json = Zeroizing::new(serde_json::Value::from(secret).to_string());
        let json = json.get(1..json.len() - 1).unwrap_or_default();
        let whole = Zeroizing::new(STANDARD.encode(secret));
        for usual in [Zeroizing::new(json.to_owned()), percent_encoded(secret), percent_encoded(&whole)] {
            needles.push(Self { bytes: Zeroizing::new(usual.as_bytes().to_vec()), before: false, after: false });
        }
        for shift in 0..3 {
            // The text that the secret is part of may begin at any of three places relative to base64's groups.
            let mut shifted = Zeroizing::new(vec![0; shift]);
            shifted.extend_from_slice(secret.as_bytes());
            for encoded in [STANDARD_NO_PAD.encode(&*shifted), URL_SAFE_NO_PAD.encode(&*shifted)] {
                let encoded = Zeroizing::new(encoded);
                // Characters that only bits of the secret decide.
                let first = (shift * 8).div_ceil(6);
                let last = shifted.len() * 8 / 6;
                let interior = encoded.as_bytes().get(first..last).unwrap_or_default();
                if interior.len() >= SHORTEST_INTERIOR {
                    let after = last < encoded.len();
                    needles.push(Self { bytes: Zeroizing::new(interior.to_vec()), before: shift > 0, after });
                } else if shift == 0 {
                    let bytes = Zeroizing::new(encoded.as_bytes().to_vec());
                    needles.push(Self { bytes, before: false, after: false });
                }
            }
        }
        let mut kept: Vec<Self> = Vec::new();
        for needle in needles {
            if !kept.iter().any(|known| known.bytes == needle.bytes) {
                kept.push(needle);
            }
        }
        kept
    }

    /// Adds where it stands, as ranges of the original text.
    pub(super) fn find_in(&self, view: &View<'_>, found: &mut Vec<(usize, usize)>) {
        let text = view.bytes();
        let mut from = 0;
        // Occurrences may overlap (`aaaa` in `aaaaa`), so the search goes on one byte further, not behind the match.
        while let Some(at) = text.get(from..).and_then(|rest| memmem::find(rest, &self.bytes)) {
            let (mut start, mut end) = (from + at, from + at + self.bytes.len());
            from = start + 1;
            if self.before && start > 0 && is_base64(text[start - 1]) {
                start -= 1;
            }
            if self.after && text.get(end).is_some_and(|&byte| is_base64(byte)) {
                end += 1;
            }
            found.push(view.original(start, end));
        }
    }
}

/// RFC 3986: all but the unreserved characters.
fn percent_encoded(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::new());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}
