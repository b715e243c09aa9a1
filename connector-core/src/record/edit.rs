//! What a stream adds to its records, removes from them, or filters: decided from a few values, done on the bytes.

use super::walk_odd::Span;
use crate::error::{Error, ErrorKind, Result};
use serde::Serialize;
use std::sync::Arc;

/// Decides about records: whether one is kept, and what is added to it.
///
/// It is asked once for each record if the descriptor [reads](crate::stream::RecordEdits::reads) fields of the record, else
/// once a slice.
pub trait Editor: Send + Sync {
    /// Whether the record is kept. `fields`: the JSON bytes of the fields that the descriptor reads, in its order; none for what is
    /// not there.
    ///
    /// # Errors
    /// A value that is not there, or does not fit its type.
    fn edit(&self, fields: &[Option<&[u8]>], added: &mut Added) -> Result<bool>;
}

/// The fields that are added to a record, as JSON.
///
/// ```
/// let mut added = connector_core::record::Added::default();
/// added.add("user_id", &7)?;
/// # Ok::<(), connector_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Added {
    /// `,"name":value` for each.
    text: Vec<u8>,
    /// Where each name begins, where its value does, and where that ends.
    places: Vec<[usize; 3]>,
}

impl Added {
    /// Adds a field. Its name has to be one that the descriptor [adds](crate::stream::RecordEdits::added): what the record has
    /// under it gives way.
    ///
    /// # Errors
    /// A value that serde_json cannot write.
    pub fn add<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        let refused =
            |error| Error::new(ErrorKind::Record, format!("the added field `{name}` cannot be written: {error}"));
        self.text.push(b',');
        let begin = self.text.len();
        serde_json::to_writer(&mut self.text, name).map_err(refused)?;
        self.text.push(b':');
        let from = self.text.len();
        serde_json::to_writer(&mut self.text, value).map_err(refused)?;
        self.places.push([begin, from, self.text.len()]);
        Ok(())
    }

    /// The JSON of an added field.
    pub(crate) fn value(&self, name: &str) -> Option<&[u8]> {
        let name = format!("{}:", serde_json::Value::from(name));
        let is_called = |[begin, from, _]: &&[usize; 3]| self.text.get(*begin..*from) == Some(name.as_bytes());
        let [_, from, to] = self.places.iter().find(is_called)?;
        self.text.get(*from..*to)
    }

    /// The members, to stand behind others or alone.
    pub(crate) fn members(&self, alone: bool) -> &[u8] {
        self.text.get(usize::from(alone)..).unwrap_or_default()
    }
}

/// What is done with the records of one slice.
#[derive(Clone)]
pub struct Edits(Kind);

#[derive(Clone)]
enum Kind {
    /// The same for every record.
    Fixed { keep: bool, added: Arc<Added> },
    /// Asked for each record: a dynamic call a record, only where an expression reads the record.
    Each(Arc<dyn Editor>),
}

impl Edits {
    /// The edits of a slice, if there are any. `reads`: whether fields of the record are read.
    ///
    /// # Errors
    /// As [`Editor::edit`].
    pub fn new(editor: Arc<dyn Editor>, reads: bool) -> Result<Option<Self>> {
        if reads {
            return Ok(Some(Self(Kind::Each(editor))));
        }
        let mut added = Added::default();
        let keep = editor.edit(&[], &mut added)?;
        let idle = keep && added.text.is_empty();
        Ok((!idle).then(|| Self(Kind::Fixed { keep, added: Arc::new(added) })))
    }

    /// Decides about a record; `added` holds afterwards what is added.
    pub(crate) fn record<'r>(
        &self,
        fields: impl Iterator<Item = Option<&'r [u8]>>,
        added: &mut Arc<Added>,
    ) -> Result<bool> {
        match &self.0 {
            Kind::Fixed { keep, added: fixed } => {
                if !Arc::ptr_eq(added, fixed) {
                    *added = Arc::clone(fixed);
                }
                Ok(*keep)
            }
            Kind::Each(editor) => {
                let fields: Vec<_> = fields.collect();
                let added = Arc::make_mut(added);
                added.text.clear();
                added.places.clear();
                editor.edit(&fields, added)
            }
        }
    }
}

impl std::fmt::Debug for Edits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Kind::Fixed { .. } => "Edits(fixed)",
            Kind::Each(_) => "Edits(each)",
        })
    }
}

/// The spans to cut out of an object, so that members go with their keys and commas. `values`: where the values of the members are.
pub(crate) fn members(record: &[u8], values: &mut Vec<Span>) {
    values.sort_unstable();
    values.dedup();
    let mut cuts: Vec<Span> = Vec::with_capacity(values.len());
    for (from, to) in values.drain(..) {
        // Inside a member that goes as a whole.
        if cuts.last().is_some_and(|cut| from < cut.1) {
            continue;
        }
        let begin = key_start(record, from as usize);
        let behind = forward(record, to as usize);
        if record.get(behind) == Some(&b',') {
            cuts.push((begin as u32, behind as u32 + 1));
            continue;
        }
        // The last member: the comma before it goes too, and members before it that were cut have taken theirs.
        let mut begin = begin;
        loop {
            let before = backward(record, begin);
            if let Some(cut) = cuts.last().copied()
                && cut.1 as usize == before
            {
                cuts.pop();
                begin = cut.0 as usize;
                continue;
            }
            if before > 0 && record.get(before - 1) == Some(&b',') {
                begin = before - 1;
            }
            break;
        }
        cuts.push((begin as u32, to));
    }
    *values = cuts;
}

const fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Behind the whitespace from here on.
fn forward(text: &[u8], at: usize) -> usize {
    at + text.get(at..).unwrap_or_default().iter().take_while(|byte| blank(**byte)).count()
}

/// Before the whitespace that ends here.
fn backward(text: &[u8], at: usize) -> usize {
    at - text.get(..at).unwrap_or_default().iter().rev().take_while(|byte| blank(**byte)).count()
}

/// Where the key of the value that begins here begins.
fn key_start(text: &[u8], value: usize) -> usize {
    let colon = backward(text, value).saturating_sub(1);
    let mut at = backward(text, colon).saturating_sub(1);
    while at > 0 {
        at -= 1;
        let slashes = text.get(..at).unwrap_or_default().iter().rev().take_while(|byte| **byte == b'\\').count();
        if text.get(at) == Some(&b'"') && slashes % 2 == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Removes the members whose values are written so.
    fn without(record: &str, values: &[&str]) -> String {
        let mut spans: Vec<Span> = values
            .iter()
            .map(|value| {
                let at = record.find(&format!(":{value}")).map_or_else(|| record.find(value).unwrap(), |at| at + 1);
                (at as u32, (at + value.len()) as u32)
            })
            .collect();
        members(record.as_bytes(), &mut spans);
        let mut out = record.to_owned();
        for (from, to) in spans.iter().rev() {
            out.replace_range(*from as usize..*to as usize, "");
        }
        assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
        out
    }

    #[test]
    fn members_go_with_their_keys_and_commas() {
        let text = r#"{"a":1,"b\"":22,"c":{"d":4,"e":5}}"#;
        assert_eq!(without(text, &["1"]), r#"{"b\"":22,"c":{"d":4,"e":5}}"#);
        assert_eq!(without(text, &["22"]), r#"{"a":1,"c":{"d":4,"e":5}}"#);
        assert_eq!(without(text, &["5"]), r#"{"a":1,"b\"":22,"c":{"d":4}}"#);
        assert_eq!(without(text, &["22", r#"{"d":4,"e":5}"#, "5"]), r#"{"a":1}"#);
        assert_eq!(without(text, &["1", "22", r#"{"d":4,"e":5}"#]), "{}");
        assert_eq!(without(text, &["4", "5"]), r#"{"a":1,"b\"":22,"c":{}}"#);
        assert_eq!(without(text, &["1", "4", "5"]), r#"{"b\"":22,"c":{}}"#);
        assert_eq!(without("{ \"a\" : 1 , \"b\" : 22 , \"c\" : 3 }", &["22", "3"]), "{ \"a\" : 1  }");
    }
}
