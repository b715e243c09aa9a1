//! A stream's constant table, compiled for one sync: what the walk over a record's bytes follows.
//!
//! The tree of the table becomes two flat lists, values ([`Node`]) and objects ([`ObjectPlan`]), so that the walk indexes
//! instead of chasing pointers. `compile` builds them.

use super::compile::Compiler;
use super::keys::fingerprint;
use super::order::Orders;
use super::shape::Format;
use super::transform::{Transform, Transformer};
use super::walk::Scratch;
use crate::error::Result;
use crate::stream::StreamDescriptor;
use std::sync::{Mutex, PoisonError};

/// What to do with a record that does not fit its struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Misfit {
    /// It leaves as it is; it is counted, and the first of each field is noted.
    #[default]
    Keep,
    /// The field at fault leaves as null, with an entry in the record's `meta.changes`. A required field that is missing
    /// stays missing, a null where none is allowed stays; both are counted.
    Null,
    /// It does not leave; it is counted as rejected.
    Skip,
    /// The page fails with [`ErrorKind::Record`](crate::ErrorKind::Record).
    Fail,
}

/// What a sync wants of a stream's records.
///
/// ```
/// use connector_core::record::PlanOptions;
/// let options = PlanOptions { check: false, ..PlanOptions::default() };
/// # assert!(options.render && options.children.is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct PlanOptions {
    /// Whether values are compared with the struct's types. Without that, and if nothing is picked out of the records (no cursor, no
    /// sub-streams, no fields added or removed), they are only cut out of the body: their brackets, strings and UTF-8 are looked
    /// at, not what stands between them, and a key given twice is not noticed.
    pub check: bool,
    /// What happens to a record that does not fit.
    pub misfit: Misfit,
    /// For each child stream: the paths of the fields that it uses.
    pub children: Vec<Vec<Vec<&'static str>>>,
    /// Whether lines are written; a stream that is only read as a parent writes none.
    pub render: bool,
    /// Of records with the same primary key (and the same cursor value) only the first leaves.
    pub distinct: bool,
    /// The primary key of each record is kept beside its line. (The engine asks for it where deletions are told.)
    pub keys: bool,
    /// How many keys may be remembered, if not as many as [`Limits::remembered_keys`](crate::Limits::remembered_keys) says.
    pub remembered_keys: Option<usize>,
    /// The stream declares formats of its own for the cursor's values: the fold judges them, not the struct's type.
    pub cursor_formats: bool,
    /// The same of the values of the cursor's second part.
    pub then_formats: bool,
    /// What is made of records before they are compared with the struct.
    pub transform: Option<Transform>,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            check: true,
            misfit: Misfit::Keep,
            children: Vec::new(),
            render: true,
            distinct: false,
            keys: false,
            remembered_keys: None,
            cursor_formats: false,
            then_formats: false,
            transform: None,
        }
    }
}

/// A stream's table, compiled for the walk over its records. Made once a sync, shared by all its batches.
pub struct Plan {
    pub(crate) stream: &'static str,
    /// The constant part of a line before the data.
    pub(crate) head: Box<[u8]>,
    /// What does not fit counts.
    pub(crate) check: bool,
    pub(crate) misfit: Misfit,
    /// Nobody reads the records: they are only cut out.
    pub(crate) unread: bool,
    pub(crate) render: bool,
    /// All values of the table; the number of a node is its place here.
    pub(crate) nodes: Vec<Node>,
    /// The path of each node in words: `address.zip`, `lines[].price`, `prices.*`.
    pub(crate) paths: Vec<String>,
    pub(crate) objects: Vec<ObjectPlan>,
    pub(crate) bounds: Vec<Bounds>,
    pub(crate) choices: Vec<&'static [&'static str]>,
    /// How many values are remembered of each record.
    pub(crate) slots: usize,
    /// Where the cursor's value is remembered.
    pub(crate) cursor: Option<u16>,
    /// Where its second part is, if it has one.
    pub(crate) then: Option<u16>,
    /// Where the parts of the key are that is kept beside each line; empty where none is.
    pub(crate) key: Vec<KeyPart>,
    /// The dotted paths of the primary key, whose values stay whether they fit or not.
    pub(crate) kept: Vec<String>,
    /// Where the values that a child uses are remembered.
    pub(crate) children: Vec<Vec<u16>>,
    /// Where the values are remembered that an expression of the stream reads.
    pub(crate) reads: Vec<u16>,
    /// Where the values are remembered that do not leave: removed, or replaced by added ones.
    pub(crate) cut: Vec<u16>,
    /// What batches that are done with leave to those to come: their memory, and what they learned of the order of keys.
    pub(crate) spare: Mutex<Vec<(Scratch, Orders)>>,
    /// What is made of records first.
    pub(crate) transform: Option<Transformer>,
}

/// So many kits wait for batches to come.
const SPARE: usize = 16;
/// Where a part of a record's key is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum KeyPart {
    /// In the record.
    Slot(u16),
    /// Among the fields that are added.
    Added(&'static str),
}

/// The object that a record is.
pub(crate) const ROOT: u32 = 0;
/// The value is not remembered.
pub(crate) const NO_SLOT: u16 = u16::MAX;

/// One value of the table.
#[derive(Clone, Copy)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Null fits, too.
    pub(crate) nullable: bool,
    /// Where its bytes are remembered, or [`NO_SLOT`].
    pub(crate) slot: u16,
    /// Its own place among the nodes.
    pub(crate) number: u32,
}

/// serde's opinion of a value: the reason of a refusal, or nothing.
pub(crate) type Check = fn(&[u8]) -> std::result::Result<(), String>;

/// What fits a node. Numbers are places of the plan's lists.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Any,
    Bool,
    /// Any number of so many digits is within the bounds.
    Int {
        bounds: u32,
        digits: u8,
    },
    Number,
    Decimal,
    Str,
    Format(Format),
    List(u32),
    Map(u32),
    Object(u32),
    Choice(u32),
    Typed(Check),
}

/// The bounds of an integer.
pub(crate) struct Bounds {
    pub(crate) min: i128,
    pub(crate) max: i128,
    /// Any number of so many digits is within the bounds.
    pub(crate) digits: usize,
    /// Read as serde reads 128-bit integers, where `-0` is one.
    pub(crate) wide: bool,
    /// `u128`, whose upper half the bounds cannot say.
    pub(crate) above: bool,
    /// The type in words.
    pub(crate) words: String,
}

/// An object with known members.
pub(crate) struct ObjectPlan {
    pub(crate) members: Vec<Member>,
    /// The keys of the members as they usually stand.
    pub(crate) keys: Vec<Box<[u8]>>,
    /// The first 64 members that must be there, a bit each.
    pub(crate) required: u64,
    /// Whether a member behind the 64th must be there.
    pub(crate) required_more: bool,
    /// Fingerprints of all names, aliases included, in order.
    pub(crate) lookup: Vec<(u64, u16)>,
    /// Names as they were written, aliases included: what a fingerprint finds is compared with these.
    pub(crate) names: Vec<(&'static str, u16)>,
    /// What fits under other names.
    pub(crate) rest: Option<u32>,
    /// Something else than an object fits, too: the members are only there to be remembered.
    pub(crate) loose: bool,
    /// serde accepts the values of the members as a list, in order.
    pub(crate) sequence: bool,
    /// serde's opinion, where the type has no table and the members are only there to be remembered.
    pub(crate) typed: Option<Check>,
}

/// A member of an object; everything the walk needs of it lies side by side.
pub(crate) struct Member {
    /// Its bit among the members that were seen; none behind the 64th.
    pub(crate) bit: u64,
    pub(crate) node: Node,
    pub(crate) required: bool,
}

impl Plan {
    /// Compiles a stream's table.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`](crate::ErrorKind::Internal) if the path of a cursor or of a child's field goes through a list or a scalar.
    pub fn new(descriptor: &StreamDescriptor, options: PlanOptions) -> Result<Self> {
        Compiler::new(&options).plan(descriptor, options)
    }

    /// The stream's name.
    #[must_use]
    pub fn stream(&self) -> &'static str {
        self.stream
    }

    /// How many children take fields of each record.
    #[must_use]
    pub fn children(&self) -> usize {
        self.children.len()
    }

    /// What a batch needs for its walks.
    pub(crate) fn kit(&self) -> (Scratch, Orders) {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| (Scratch::new(self), Orders::new(self)))
    }

    /// Takes it back.
    pub(crate) fn give_back(&self, kit: (Scratch, Orders)) {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < SPARE {
            spare.push(kit);
        }
    }

    pub(crate) fn path(&self, node: u32) -> &str {
        self.paths.get(node as usize).map_or("", String::as_str)
    }

    /// Whether the value at a path is of the primary key, or around a part of it.
    pub(crate) fn keeps(&self, path: &str) -> bool {
        self.kept.iter().any(|key| key.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// What a node wants, in words.
    pub(crate) fn wants(&self, node: u32) -> String {
        let Some(node) = self.nodes.get(node as usize) else { return "an object".to_owned() };
        let words = match node.kind {
            Kind::Any => "any value".to_owned(),
            Kind::Bool => "true or false".to_owned(),
            Kind::Int { bounds, .. } => {
                self.bounds.get(bounds as usize).map(|bounds| bounds.words.clone()).unwrap_or_default()
            }
            Kind::Number => "a number".to_owned(),
            Kind::Decimal => "a decimal number, plain or as a string".to_owned(),
            Kind::Str => "a string".to_owned(),
            Kind::Format(Format::DateTime) => "a date-time with a zone (RFC 3339)".to_owned(),
            Kind::Format(Format::NaiveDateTime) => "a date-time without a zone (`2026-01-31T12:00:00`)".to_owned(),
            Kind::Format(Format::Date) => "a date (`2026-01-31`)".to_owned(),
            Kind::Format(Format::Time) => "a time (`12:00:00`)".to_owned(),
            Kind::List(_) => "a list".to_owned(),
            Kind::Map(_) | Kind::Object(_) => "an object".to_owned(),
            Kind::Choice(names) => one_of(self.choices.get(names as usize).copied().unwrap_or_default()),
            Kind::Typed(_) => "a value of its type".to_owned(),
        };
        if node.nullable { format!("{words} or null") } else { words }
    }
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("stream", &self.stream).field("nodes", &self.nodes.len()).finish_non_exhaustive()
    }
}

/// At most eight names of a list.
fn one_of(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > shown.len() { ", …" } else { "" };
    format!("one of {}{more}", shown.join(", "))
}

impl ObjectPlan {
    /// The member of a name, which is given decoded.
    pub(crate) fn find(&self, name: &[u8]) -> Option<usize> {
        let print = fingerprint(name);
        let mut at = self.lookup.partition_point(|(known, _)| *known < print);
        while let Some((known, entry)) = self.lookup.get(at)
            && *known == print
        {
            if let Some((text, member)) = self.names.get(usize::from(*entry))
                && text.as_bytes() == name
            {
                return Some(usize::from(*member));
            }
            at += 1;
        }
        None
    }
}
