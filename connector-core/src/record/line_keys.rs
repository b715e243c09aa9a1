//! The primary keys of the records that became lines, one beside each line.

use crate::state::PartitionKey;

/// Keys, as the state has them: compact JSON, parts behind commas. A line whose record lacks a part of it has none.
#[derive(Debug, Default)]
pub(crate) struct LineKeys {
    text: String,
    /// Where the key of each line ends.
    ends: Vec<usize>,
}

impl LineKeys {
    /// Adds the key of the next line.
    pub(crate) fn push<'r>(&mut self, parts: impl Iterator<Item = Option<&'r [u8]>>) {
        let parts: Option<Vec<&[u8]>> = parts.map(|part| part.filter(|part| *part != b"null")).collect();
        if let Some(parts) = parts {
            self.text.push_str(PartitionKey::new([parts]).as_str());
        }
        self.ends.push(self.text.len());
    }

    /// The keys, one a line.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let key = self.text.get(from..*end).unwrap_or_default();
            from = *end;
            (!key.is_empty()).then_some(key)
        })
    }
}
