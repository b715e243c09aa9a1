//! What is known of a stream before a config is: name, fields, keys, cursor, parent. All of it constants.

use crate::cursor::CursorKind;
use crate::record::Field;
use crate::state::{StateCodec, StateType};

/// The way to a field inside a record, by wire names: `&["meta", "updated_at"]`.
pub type FieldPath = &'static [&'static str];

/// The constant facts of a stream; `discover` prints them without running connector code.
#[derive(Clone, Copy)]
pub struct StreamDescriptor {
    /// The stream's name.
    pub name: &'static str,
    /// The namespace of its records, where it has one.
    pub namespace: Option<&'static str>,
    /// The doc comment of its struct.
    pub doc: &'static str,
    /// Its fields.
    pub fields: fn() -> &'static [Field],
    /// The fields that identify a record; empty where none do.
    pub primary_key: &'static [FieldPath],
    /// The field that tells what is new, where there is one.
    pub cursor: Option<CursorField>,
    /// The second part of the cursor, where it has two: it orders the records of one value of the first.
    pub then: Option<CursorField>,
    /// The forms that the values of both have in records, by the names of [`CursorFormat`](crate::cursor::CursorFormat); none
    /// where they have that of their types.
    pub cursor_formats: [&'static [&'static str]; 2],
    /// The stream whose records are this one's partitions; the first of several.
    pub parent: Option<ParentLink>,
    /// A stream each of whose records is paired with each of the parents'.
    pub second_parent: Option<ParentLink>,
    /// Whether a full refresh that was cut off can go on at a page ([`SliceWriter::commit_at`](super::SliceWriter::commit_at)).
    pub resumable: bool,
    /// Whether records that are gone are told, where the stream is read incrementally.
    pub deletions: bool,
    /// How its state is read and written, where that is of an author's type.
    pub state: Option<StateCodec>,
    /// What is done with its records before they leave.
    pub edits: RecordEdits,
    /// What of it is known only when the source is opened over a config.
    pub asked: Asked,
}

/// What of a stream is no constant: `discover` asks for it, with the config.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// Its schema has further fields ([`Stream::schema_fields`](super::Stream::schema_fields)).
    pub schema: bool,
    /// There is one stream of this kind for each value that a function finds, and each has its own name.
    pub streams: bool,
}

/// What a stream does with its records before they leave. A record is not changed otherwise.
#[derive(Clone, Copy, Default)]
pub struct RecordEdits {
    /// The fields of the record that its [`Editor`](crate::record::Editor) reads, in the order in which it is handed them.
    pub reads: &'static [FieldPath],
    /// The fields that do not leave.
    pub removed: &'static [FieldPath],
    /// The fields that are added, beside the record's own; one of the same name gives way.
    pub added: &'static [Field],
}

/// The cursor field of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorField {
    /// Where it is.
    pub path: FieldPath,
    /// How its values are read and compared.
    pub kind: CursorKind,
}

/// A sub-stream's link to its parent, or to each of several.
#[derive(Clone, Copy)]
pub struct ParentLink {
    /// The parent's facts. A function, because a circle of constants does not compile.
    pub stream: fn() -> &'static StreamDescriptor,
    /// The fields of the nearest parent first, then the grandparent's, and so on: what the child's requests use.
    /// `fields[0]` is never empty in a stream that uses its parent.
    pub fields: &'static [&'static [FieldPath]],
    /// The fields of the nearest parent that hold lists which divide its record ([`Stream::divide`](super::Stream::divide)). They
    /// are not part of a partition's identity.
    pub lists: &'static [FieldPath],
    /// Texts under names that each partition of this parent has besides ([`Partition::value`](super::Partition::value)): what tells
    /// the records of one parent from those of another.
    pub named: &'static [(&'static str, &'static str)],
    /// Whether the parent is read incrementally for this stream, so that only the partitions of parents that changed are read.
    /// One answer for all parents.
    pub incremental: bool,
    /// The stream's other parents ([`StreamDescriptor::or_parents`]).
    pub others: &'static [ParentLink],
}

impl ParentLink {
    /// A link to a parent of which these fields are used, level by level.
    #[must_use]
    pub const fn new(stream: fn() -> &'static StreamDescriptor, fields: &'static [&'static [FieldPath]]) -> Self {
        Self { stream, fields, lists: &[], named: &[], incremental: false, others: &[] }
    }

    /// The same, whose record is divided by these lists.
    #[must_use]
    pub const fn divided_by(mut self, lists: &'static [FieldPath]) -> Self {
        self.lists = lists;
        self
    }

    /// The same, whose partitions have these texts besides.
    #[must_use]
    pub const fn named(mut self, named: &'static [(&'static str, &'static str)]) -> Self {
        self.named = named;
        self
    }

    /// Whether both use as many fields and lists, so that the one's stand for the other's. What is used of the parents' parents
    /// is the same in both.
    const fn fits(&self, other: &Self) -> bool {
        let as_many = self.lists.len() == other.lists.len() && self.fields.len() == other.fields.len();
        if !as_many || self.named.len() != other.named.len() {
            return false;
        }
        let mut level = 0;
        while level < self.fields.len() {
            let (own, others) = (self.fields[level], other.fields[level]);
            if own.len() != others.len() {
                return false;
            }
            let mut at = 0;
            while level > 0 && at < own.len() {
                if !equal_paths(own[at], others[at]) {
                    return false;
                }
                at += 1;
            }
            level += 1;
        }
        true
    }
}

const fn equal_paths(a: FieldPath, b: FieldPath) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if !super::stream_type::equal(a[at], b[at]) {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}

impl StreamDescriptor {
    /// A stream with a name, a description and fields, and nothing else.
    #[must_use]
    pub const fn new(name: &'static str, doc: &'static str, fields: fn() -> &'static [Field]) -> Self {
        Self {
            name,
            namespace: None,
            doc,
            fields,
            primary_key: &[],
            cursor: None,
            then: None,
            cursor_formats: [&[], &[]],
            parent: None,
            second_parent: None,
            resumable: false,
            deletions: false,
            state: None,
            edits: RecordEdits { reads: &[], removed: &[], added: &[] },
            asked: Asked { schema: false, streams: false },
        }
    }

    /// The same, identified by these fields.
    #[must_use]
    pub const fn primary_key(mut self, key: &'static [FieldPath]) -> Self {
        self.primary_key = key;
        self
    }

    /// The same, incremental over this field.
    #[must_use]
    pub const fn cursor(mut self, path: FieldPath, kind: CursorKind) -> Self {
        self.cursor = Some(CursorField { path, kind });
        self
    }

    /// The same, whose records of one cursor value are ordered by this field: the second part of the cursor.
    #[must_use]
    pub const fn then(mut self, path: FieldPath, kind: CursorKind) -> Self {
        self.then = Some(CursorField { path, kind });
        self
    }

    /// The same, whose records have dates and date-times of the cursor in these forms, those of its two parts: the schema says so.
    /// What they are read by is said again in [`CursorSpec::formats`](crate::cursor::CursorSpec::formats).
    #[must_use]
    pub const fn cursor_formats(mut self, first: &'static [&'static str], second: &'static [&'static str]) -> Self {
        self.cursor_formats = [first, second];
        self
    }

    /// The same, read once for each record of a parent stream.
    #[must_use]
    pub const fn parent(
        mut self,
        stream: fn() -> &'static StreamDescriptor,
        fields: &'static [&'static [FieldPath]],
    ) -> Self {
        self.parent = Some(ParentLink::new(stream, fields));
        self
    }

    /// The same, read once for each record of these parents, too. The fields of each stand, in their order, for those of the first:
    /// under its paths they are known ([`Partition::get`](super::Partition::get)). What two parents give alike is one partition, and is
    /// read once; where their records are asked for in different ways, [`ParentLink::named`] tells them apart.
    ///
    /// ```
    /// use connector_core::stream::{ParentLink, StreamDescriptor};
    ///
    /// static ISSUES: StreamDescriptor = StreamDescriptor::new("issues", "Issues.", || &[]);
    /// static CHANGES: StreamDescriptor = StreamDescriptor::new("changes", "Changes.", || &[]);
    /// static COMMENTS: StreamDescriptor = StreamDescriptor::new("comments", "Comments of an issue or a change.", || &[])
    ///     .parent(|| &ISSUES, &[&[&["number"]]])
    ///     .named(&[("kind", "issues")])
    ///     .or_parents(&[ParentLink::new(|| &CHANGES, &[&[&["change_number"]]]).named(&[("kind", "changes")])]);
    /// assert_eq!(COMMENTS.parents().count(), 2);
    /// ```
    /// A slice's partition has the number under `number` then, and `value("kind")` is `"issues"` or `"changes"`.
    ///
    /// # Panics
    /// While it is compiled: there is no first parent, or other fields are used of these.
    #[must_use]
    pub const fn or_parents(mut self, others: &'static [ParentLink]) -> Self {
        assert!(self.parent.is_some(), "the other parents of a stream that has no first");
        let Some(mut link) = self.parent else { return self };
        let mut at = 0;
        while at < others.len() {
            assert!(
                link.fits(&others[at]),
                "the parents of a stream give the same fields, and what is read above them has the same names there"
            );
            at += 1;
        }
        link.others = others;
        self.parent = Some(link);
        self
    }

    /// The same, read once for each pair of a parent's record and one of this stream, of which these fields are used
    /// ([`Partition::second`](super::Partition::second)). The records of both are held in memory, up to `Limits::paired_records`.
    #[must_use]
    pub const fn second_parent(
        mut self,
        stream: fn() -> &'static StreamDescriptor,
        fields: &'static [&'static [FieldPath]],
    ) -> Self {
        self.second_parent = Some(ParentLink::new(stream, fields));
        self
    }

    /// The links to its parents: none, one, or several.
    pub fn parents(&self) -> impl Iterator<Item = &ParentLink> {
        let others = self.parent.as_ref().map_or(&[][..], |link| link.others);
        self.parent.iter().chain(others)
    }

    /// The same, of whose first parent the records have these texts besides.
    #[must_use]
    pub const fn named(mut self, named: &'static [(&'static str, &'static str)]) -> Self {
        if let Some(mut link) = self.parent {
            link.named = named;
            self.parent = Some(link);
        }
        self
    }

    /// The same, read once for each element of lists in the (first) parent's record.
    #[must_use]
    pub const fn divided_by(mut self, lists: &'static [FieldPath]) -> Self {
        if let Some(mut link) = self.parent {
            link.lists = lists;
            self.parent = Some(link);
        }
        self
    }

    /// The same, reading its parent incrementally: a sync visits the parents that changed since the last one in which all
    /// partitions were read to their ends. The parent's state is kept within this stream's. A change below a parent that does
    /// not change the parent itself is not seen.
    #[must_use]
    pub const fn incremental_dependency(mut self) -> Self {
        if let Some(mut link) = self.parent {
            link.incremental = true;
            self.parent = Some(link);
        }
        self
    }

    /// The same, whose editor reads these fields of each record.
    #[must_use]
    pub const fn reads(mut self, fields: &'static [FieldPath]) -> Self {
        self.edits.reads = fields;
        self
    }

    /// The same, without these fields in what leaves.
    #[must_use]
    pub const fn removed(mut self, fields: &'static [FieldPath]) -> Self {
        self.edits.removed = fields;
        self
    }

    /// The same, with these fields added by its editor.
    #[must_use]
    pub const fn added(mut self, fields: &'static [Field]) -> Self {
        self.edits.added = fields;
        self
    }

    /// Whether it can be read incrementally: by a cursor of its own, by that of its parent, or by telling what was deleted.
    #[must_use]
    pub fn is_incremental(&self) -> bool {
        self.deletions || self.state.is_some() || self.has_cursor()
    }

    fn has_cursor(&self) -> bool {
        let by_parents =
            |first: ParentLink| first.incremental && self.parents().all(|link| (link.stream)().has_cursor());
        self.cursor.is_some() || self.second_parent.is_none() && self.parent.is_some_and(by_parents)
    }

    /// The same, telling what was deleted: in an incremental sync all its records are read, and those of the sync before that are
    /// gone come as records of their primary key and `_ab_cdc_deleted_at`. Its state remembers the keys. It has a primary key and no
    /// cursor.
    #[must_use]
    pub const fn deletions(mut self) -> Self {
        self.deletions = true;
        self
    }

    /// The same, whose state is of a type of the author's own: a token, a map of things. It is read in one slice and has no cursor.
    /// [`Window::state`](crate::cursor::Window::state) has it as the slice began, and what
    /// [`SliceWriter::draft`](super::SliceWriter::draft) made of it counts when the slice has ended.
    #[must_use]
    pub const fn state<T>(mut self) -> Self
    where
        T: StateType + serde::Serialize + Default + Clone + Send + Sync + 'static,
    {
        self.state = Some(StateCodec::of::<T>());
        self
    }

    /// The same, whose own state counts after each page: what it says then is true of all records up to there.
    #[must_use]
    pub const fn state_at_each_page(mut self) -> Self {
        if let Some(mut codec) = self.state {
            codec.each_page = true;
            self.state = Some(codec);
        }
        self
    }

    /// The same, whose full refresh goes on at a page if it was cut off.
    #[must_use]
    pub const fn resumable(mut self) -> Self {
        self.resumable = true;
        self
    }

    /// The same, with a schema that has more fields than are known without asking.
    #[must_use]
    pub const fn asks_schema(mut self) -> Self {
        self.asked.schema = true;
        self
    }

    /// The same, as a kind of streams: a function makes one for each value that it finds.
    #[must_use]
    pub const fn made(mut self) -> Self {
        self.asked.streams = true;
        self
    }

    /// The same, in a namespace.
    #[must_use]
    pub const fn namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = Some(namespace);
        self
    }
}

impl std::fmt::Debug for StreamDescriptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamDescriptor").field("name", &self.name).finish_non_exhaustive()
    }
}
