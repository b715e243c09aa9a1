//! The keys of the records that whoever reads the output may have: what is told as deleted once they are gone.
//!
//! The document has every key that was emitted and not yet told as gone, whichever sync it came in. So a sync that was cut off
//! loses nothing but what it emitted after its last STATE.

use serde_json::{Map, Value, json};

use super::front::{Reader, Writer};
use super::runs::RunMap;
use crate::{Error, ErrorKind, Result};

/// The form that is written.
const VERSION: u64 = 1;
/// Seen in this sync.
const SEEN: &str = "1";

#[derive(Debug, Default)]
pub(super) struct Snapshot {
    /// Key → whether it was seen in this sync.
    keys: RunMap,
    known: usize,
    /// Records whose key has no value: which of the others are gone cannot be told.
    without_key: u64,
    limit: usize,
}

impl Snapshot {
    /// The snapshot of a document; nothing if it is none.
    ///
    /// # Errors
    /// [`ErrorKind::State`] for one that is damaged, or of another version.
    pub(super) fn open(incoming: Option<&Value>, limit: usize) -> Result<Option<Self>> {
        let Some(document) = incoming.and_then(Value::as_object) else {
            return Ok(Some(Self { limit, ..Self::default() }));
        };
        let Some(snapshot) = document.get("snapshot") else {
            return Ok(document.is_empty().then_some(Self { limit, ..Self::default() }));
        };
        let refused = |what: &str| {
            Error::new(
                ErrorKind::State,
                format!(
                    "the state's snapshot of keys {what}; reset the stream's state: what was deleted since is not told then"
                ),
            )
        };
        if snapshot["version"].as_u64() != Some(VERSION) {
            return Err(refused("has another version than this connector writes"));
        }
        let text = snapshot["keys"].as_str().ok_or_else(|| refused("has no `keys`"))?;
        let (mut reader, mut previous, mut known) = (Reader::new(text, false), String::new(), 0);
        let keys = RunMap::load(|push| {
            if !reader.advance()? {
                return Ok(false);
            }
            if known > 0 && reader.key <= previous {
                return Err(refused("is damaged"));
            }
            known += 1;
            previous.clone_from(&reader.key);
            push(&reader.key, "");
            Ok(true)
        })?;
        Ok(Some(Self { keys, known, without_key: 0, limit }))
    }

    /// Records with these keys were put out.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`]: there are more keys than may be remembered.
    pub(super) fn saw<'k>(&mut self, keys: impl Iterator<Item = Option<&'k str>>) -> Result<()> {
        for key in keys {
            let Some(key) = key else {
                self.without_key += 1;
                continue;
            };
            match self.keys.get(key) {
                Some(SEEN) => continue,
                Some(_) => {}
                None if self.known >= self.limit => return Err(too_many(self.limit)),
                None => self.known += 1,
            }
            self.keys.insert(key, SEEN);
        }
        Ok(())
    }

    pub(super) const fn without_key(&self) -> u64 {
        self.without_key
    }

    /// The keys that were not seen, from the `from`-th on, at most so many.
    pub(super) fn gone(&self, from: usize, most: usize) -> Vec<String> {
        let (mut at, mut gone) = (0, Vec::new());
        self.keys.for_each(|key, seen| {
            if seen != SEEN {
                if at >= from && gone.len() < most {
                    gone.push(key.to_owned());
                }
                at += 1;
            }
        });
        gone
    }

    /// Those that were not seen were told: they are forgotten.
    pub(super) fn forget_gone(&mut self) {
        let mut known = 0;
        self.keys = self.keys.rewrite(|_, seen, kept| {
            kept.push_str(seen);
            known += usize::from(seen == SEEN);
            seen == SEEN
        });
        self.known = known;
    }

    pub(super) fn bytes(&self) -> usize {
        self.keys.text_bytes() + 64
    }

    /// Writes the document, without the closing brace.
    pub(super) fn write_to(&self, out: &mut Vec<u8>) {
        let mut keys = Writer::default();
        self.keys.for_each(|key, _| keys.key(key));
        let document = json!({"snapshot": {"version": VERSION, "keys": keys.text}}).to_string();
        out.extend_from_slice(document.trim_end_matches('}').as_bytes());
        out.push(b'}');
    }
}

/// The error of a stream with more keys than may be remembered.
pub(crate) fn too_many(limit: usize) -> Error {
    let text = format!(
        "it has more than {limit} different keys, which is as many as may be remembered; raise `remembered_keys` if the memory is there"
    );
    Error::new(ErrorKind::Limit, text)
}

/// Whether a document is a snapshot.
pub(super) fn is_snapshot(object: &Map<String, Value>) -> bool {
    object.contains_key("snapshot")
}
