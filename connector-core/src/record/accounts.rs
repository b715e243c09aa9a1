//! What became of the records of a batch, and what was noticed about them.

use super::mend::Mend;
use super::plan::Plan;
use super::walk_odd::{Unfit, Why};
use std::collections::BTreeMap;

/// The count of a batch's records, and of what was noticed about them.
///
/// `extracted = emitted + filtered + rejected + unrendered`, always.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts {
    /// Records that were found.
    pub extracted: u64,
    /// Records that became lines.
    pub emitted: u64,
    /// Records that the cursor's bounds, or the stream's filter, kept out.
    pub filtered: u64,
    /// Records that did not fit, where the stream says to skip them.
    pub rejected: u64,
    /// Records of a stream that is only read as a parent: no line was due.
    pub unrendered: u64,
    /// Records that did not fit their struct, whatever became of them.
    pub misfits: u64,
    fields: BTreeMap<String, FieldMisfit>,
    mended: BTreeMap<(String, Mend), u64>,
}

/// How often a field did not fit, and how it was the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMisfit {
    /// How often.
    pub count: u64,
    /// What was expected the first time: `a string`.
    pub expected: String,
    /// What was found then, at most 60 characters of it: `7`, or `nothing` where a required field is missing.
    pub found: String,
}

/// More fields than this are not told apart; the keys of maps and of mended objects could be any number.
const FIELDS: usize = 1000;

impl Accounts {
    /// The fields that did not fit: path in words (`address.zip`, `lines[].price`), count, first example.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &FieldMisfit)> {
        self.fields.iter().map(|(path, misfit)| (path.as_str(), misfit))
    }

    /// What was mended: path in words, what, how often.
    pub fn mended(&self) -> impl Iterator<Item = (&str, Mend, u64)> {
        self.mended.iter().map(|((path, mend), count)| (path.as_str(), *mend, *count))
    }

    /// Adds the counts of another batch of the same stream.
    pub fn merge(&mut self, other: &Self) {
        self.extracted += other.extracted;
        self.emitted += other.emitted;
        self.filtered += other.filtered;
        self.rejected += other.rejected;
        self.unrendered += other.unrendered;
        self.misfits += other.misfits;
        for (path, misfit) in &other.fields {
            if let Some(known) = self.fields.get_mut(path) {
                known.count += misfit.count;
            } else if self.fields.len() < FIELDS {
                self.fields.insert(path.clone(), misfit.clone());
            }
        }
        for ((path, mend), count) in &other.mended {
            self.add_mended(path, *mend, *count);
        }
    }

    pub(crate) fn add_mended(&mut self, path: &str, mend: Mend, count: u64) {
        let key = (path.to_owned(), mend);
        if let Some(known) = self.mended.get_mut(&key) {
            *known += count;
        } else if self.mended.len() < FIELDS {
            self.mended.insert(key, count);
        }
    }

    pub(crate) fn add_unfit(&mut self, plan: &Plan, unfit: &Unfit, record: &[u8]) {
        let path = plan.path(unfit.node);
        if let Some(known) = self.fields.get_mut(path) {
            known.count += 1;
        } else if self.fields.len() < FIELDS {
            let (expected, found) = explain(plan, unfit, record);
            self.fields.insert(path.to_owned(), FieldMisfit { count: 1, expected, found });
        }
    }
}

/// What was expected and what was found, in words.
pub(crate) fn explain(plan: &Plan, unfit: &Unfit, record: &[u8]) -> (String, String) {
    let found = record.get(unfit.span.0 as usize..unfit.span.1 as usize).unwrap_or_default();
    let expected = match &unfit.why {
        Why::Kind | Why::Missing => plan.wants(unfit.node),
        Why::Twice => "the field once, not under two of its names".to_owned(),
        Why::Serde(reason) => format!("{} ({reason})", plan.wants(unfit.node)),
    };
    let found = if unfit.why == Why::Missing { "nothing".to_owned() } else { shorten(found) };
    (expected, found)
}

/// At most 60 characters of a value.
fn shorten(value: &[u8]) -> String {
    // Four bytes a character at most, and one character more to see that there is more.
    let text = String::from_utf8_lossy(value.get(..61 * 4).unwrap_or(value));
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into_owned(),
    }
}
