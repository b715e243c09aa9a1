//! What identifies a partition and a slice in the state.

use std::fmt;
use std::sync::Arc;

use crate::cursor::Window;

/// The identity of a partition: the values that the stream's requests use, as compact JSON. Never a whole parent record.
///
/// The text form is `7` for one value, `7,"eu"` for two of one level, `7/3` for a partition of parent 7 in grandparent 3.
///
/// ```
/// use connector_core::state::PartitionKey;
/// let key = PartitionKey::new([vec![&b"7"[..], &b"\"eu\" "[..]], vec![&b"3"[..]]]);
/// assert_eq!(key.as_str(), r#"7,"eu"/3"#);
/// assert!(PartitionKey::root().is_root());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionKey(Arc<str>);

impl PartitionKey {
    /// The one partition of a stream without partitions.
    #[must_use]
    pub fn root() -> Self {
        Self(Arc::from(""))
    }

    /// A partition by the raw JSON of its values: its own level (or the nearest parent's) first, then the levels above.
    /// Levels without values are left out. Bytes that are no JSON are taken as a string.
    pub fn new<'a, L, V>(levels: L) -> Self
    where
        L: IntoIterator<Item = V>,
        V: IntoIterator<Item = &'a [u8]>,
    {
        let mut text = String::new();
        for level in levels {
            let mut separator = if text.is_empty() { "" } else { "/" };
            for value in level {
                text.push_str(separator);
                text.push_str(&canonical(value));
                separator = ",";
            }
        }
        Self(text.into())
    }

    /// A key by its text form.
    pub(crate) fn of_text(text: &str) -> Self {
        Self(text.into())
    }

    /// Whether it is the one partition of a stream without partitions.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The values, level by level.
    pub(crate) fn levels(&self) -> Vec<Vec<&str>> {
        let mut levels = vec![Vec::new()];
        let (mut start, mut depth, mut quoted, mut escaped) = (0, 0_u32, false, false);
        for (place, byte) in self.0.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.saturating_sub(1),
                b',' | b'/' if depth == 0 => {
                    if let Some(level) = levels.last_mut() {
                        level.push(&self.0[start..place]);
                    }
                    if byte == b'/' {
                        levels.push(Vec::new());
                    }
                    start = place + 1;
                }
                _ => {}
            }
        }
        if let Some(level) = levels.last_mut() {
            level.push(&self.0[start..]);
        }
        levels
    }
}

impl fmt::Display for PartitionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One text for each value: numbers keep their digits, strings their shortest escapes, objects sorted keys.
pub(super) fn canonical(json: &[u8]) -> String {
    let json = json.trim_ascii();
    if let [b'-' | b'0'..=b'9', ..] = json
        && json.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
    {
        return String::from_utf8_lossy(json).into_owned();
    }
    match serde_json::from_slice::<serde_json::Value>(json) {
        Ok(value) => value.to_string(),
        Err(_) => serde_json::Value::String(String::from_utf8_lossy(json).into_owned()).to_string(),
    }
}

/// The identity of a slice: a window of a partition.
#[derive(Debug, Clone, Copy)]
pub struct SliceKey<'a> {
    /// The partition.
    pub partition: &'a PartitionKey,
    /// The window, as [`StreamState::windows`](super::StreamState::windows) gave it.
    pub window: &'a Window,
}
