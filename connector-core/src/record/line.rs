//! A record's line: its bytes between the constant parts of the envelope, without whitespace, nulled where it must be.

use super::edit::Added;
use super::plan::Plan;
use super::walk_odd::Span;

/// How records leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Framing {
    /// Inside the protocol's envelope: `{"type":"RECORD","record":{"stream":…,"data":{…},"emitted_at":…}}`, a line each.
    #[default]
    Protocol,
    /// Bare, a line each.
    Bare,
}

/// Lines under construction.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) out: Vec<u8>,
    /// How many lines.
    pub(crate) count: u64,
    head: Box<[u8]>,
    tail: Box<[u8]>,
    framing: Framing,
}

impl Lines {
    pub(crate) fn new(plan: &Plan, framing: Framing, emitted_at_ms: i64) -> Self {
        let (head, tail) = match framing {
            Framing::Protocol => (plan.head.clone(), format!(",\"emitted_at\":{emitted_at_ms}}}}}\n")),
            Framing::Bare => (Box::default(), "\n".to_owned()),
        };
        Self { out: Vec::new(), count: 0, head, tail: tail.into_bytes().into(), framing }
    }

    /// Adds a line; where in `out` the record's own bytes are.
    #[inline]
    pub(crate) fn push(&mut self, record: &[u8], gaps: &[Span]) -> std::ops::Range<usize> {
        self.out.reserve(self.head.len() + record.len() + self.tail.len());
        self.out.extend_from_slice(&self.head);
        let start = self.out.len();
        if gaps.is_empty() {
            self.out.extend_from_slice(record);
        } else {
            without(&mut self.out, record, gaps);
        }
        let end = self.out.len();
        self.out.extend_from_slice(&self.tail);
        self.count += 1;
        start..end
    }

    /// Adds a line in which some values are null; `fields` are the paths for `meta.changes`.
    #[cold]
    pub(crate) fn push_nulled(
        &mut self,
        record: &[u8],
        gaps: &[Span],
        nulled: &[Span],
        fields: &[&str],
    ) -> std::ops::Range<usize> {
        self.out.extend_from_slice(&self.head);
        let start = self.out.len();
        let mut from = 0;
        let mut gaps = gaps.iter().peekable();
        for (begin, end) in nulled {
            while let Some(gap) = gaps.next_if(|gap| gap.1 <= *begin) {
                self.out.extend_from_slice(record.get(from..gap.0 as usize).unwrap_or_default());
                from = gap.1 as usize;
            }
            self.out.extend_from_slice(record.get(from..*begin as usize).unwrap_or_default());
            self.out.extend_from_slice(b"null");
            from = *end as usize;
            while gaps.next_if(|gap| gap.1 <= *end).is_some() {}
        }
        for gap in gaps {
            self.out.extend_from_slice(record.get(from..gap.0 as usize).unwrap_or_default());
            from = gap.1 as usize;
        }
        self.out.extend_from_slice(record.get(from..).unwrap_or_default());
        let end = self.out.len();
        if self.framing == Framing::Protocol {
            self.changes(fields);
        }
        self.out.extend_from_slice(&self.tail);
        self.count += 1;
        start..end
    }

    /// Adds a line of a record that is edited: some values are null, some spans cut out, some members added.
    pub(crate) fn push_edited(
        &mut self,
        record: &[u8],
        gaps: &[Span],
        nulled: (&[Span], &[&str]),
        cuts: &[Span],
        added: &Added,
    ) -> std::ops::Range<usize> {
        let (nulled, fields) = nulled;
        let mut parts: Vec<(Span, &[u8])> = Vec::with_capacity(gaps.len() + nulled.len() + cuts.len());
        parts.extend(gaps.iter().chain(cuts).map(|span| (*span, &b""[..])));
        parts.extend(nulled.iter().map(|span| (*span, &b"null"[..])));
        parts.sort_unstable_by_key(|((from, to), _)| (*from, std::cmp::Reverse(*to)));
        self.out.extend_from_slice(&self.head);
        let start = self.out.len();
        let mut from = 0;
        for ((begin, end), text) in parts {
            // Inside a part that is gone already.
            if (begin as usize) < from {
                from = from.max(end as usize);
                continue;
            }
            self.out.extend_from_slice(record.get(from..begin as usize).unwrap_or_default());
            self.out.extend_from_slice(text);
            from = end as usize;
        }
        let close = record.len().saturating_sub(1);
        self.out.extend_from_slice(record.get(from..close).unwrap_or_default());
        self.out.extend_from_slice(added.members(self.out.last() == Some(&b'{')));
        self.out.push(b'}');
        let end = self.out.len();
        if self.framing == Framing::Protocol && !fields.is_empty() {
            self.changes(fields);
        }
        self.out.extend_from_slice(&self.tail);
        self.count += 1;
        start..end
    }

    fn changes(&mut self, fields: &[&str]) {
        self.out.extend_from_slice(b",\"meta\":{\"changes\":[");
        for (number, field) in fields.iter().enumerate() {
            if number > 0 {
                self.out.push(b',');
            }
            self.out.extend_from_slice(b"{\"field\":");
            self.out.extend_from_slice(quoted(field).as_bytes());
            self.out.extend_from_slice(b",\"change\":\"NULLED\",\"reason\":\"SOURCE_SERIALIZATION_ERROR\"}");
        }
        self.out.extend_from_slice(b"]}");
    }
}

/// Copies a text without its gaps, which are in order.
fn without(out: &mut Vec<u8>, text: &[u8], gaps: &[Span]) {
    let start = out.len();
    out.resize(start + text.len() + SHORT, 0);
    let room = out.get_mut(start..).unwrap_or_default();
    let (mut from, mut to) = (0_usize, 0);
    for (begin, end) in gaps {
        let len = (*begin as usize).wrapping_sub(from);
        let part = text.get(from..).and_then(<[u8]>::first_chunk::<SHORT>);
        match (part, room.get_mut(to..).and_then(<[u8]>::first_chunk_mut::<SHORT>)) {
            // To copy too much, and the next part over it, costs less than to copy just as much.
            (Some(part), Some(room)) if len <= SHORT => *room = *part,
            _ => copy(room, to, text.get(from..*begin as usize).unwrap_or_default()),
        }
        (from, to) = (*end as usize, to + len);
    }
    let rest = text.get(from..).unwrap_or_default();
    copy(room, to, rest);
    out.truncate(start + to + rest.len());
}

fn copy(room: &mut [u8], to: usize, part: &[u8]) {
    if let Some(room) = room.get_mut(to..to + part.len()) {
        room.copy_from_slice(part);
    }
}

/// What stands between two gaps is mostly no longer.
const SHORT: usize = 32;

/// The constant part of a line before the data.
pub(crate) fn head(stream: &str, namespace: Option<&str>) -> Box<[u8]> {
    let namespace = namespace.map(|name| format!("\"namespace\":{},", quoted(name))).unwrap_or_default();
    format!("{{\"type\":\"RECORD\",\"record\":{{\"stream\":{},{namespace}\"data\":", quoted(stream)).into_bytes().into()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
