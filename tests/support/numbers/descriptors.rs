//! The constant facts of the streams.

use connector_core::cursor::CursorKind;
use connector_core::record::{Field, Record};
use connector_core::stream::{ParentLink, StreamDescriptor};

static NUMBER: &[Field] = &[Field::new("n", "The number.", &<u64 as Record>::SHAPE)];
static LETTER: &[Field] = &[Field::new("letter", "The letter.", &<String as Record>::SHAPE)];
static USER: &[Field] = &[Field::new("id", "The user.", &<u64 as Record>::SHAPE)];
static ROW: &[Field] = &[
    Field::new("id", "The place of the row in its partition.", &<u64 as Record>::SHAPE),
    Field::new("n", "When it was written; three rows share a value.", &<u64 as Record>::SHAPE),
    Field::new("of", "The partition.", &<u64 as Record>::SHAPE),
    Field::new("text", "Something to fill a line.", &<String as Record>::SHAPE),
];

pub(super) static NUMBERS: StreamDescriptor =
    StreamDescriptor::new("numbers", "Numbers.", || NUMBER).primary_key(&[&["n"]]).cursor(&["n"], CursorKind::Integer);
pub(super) static LETTERS: StreamDescriptor =
    StreamDescriptor::new("letters", "Letters.", || LETTER).primary_key(&[&["letter"]]);
pub(super) static PAIRS: StreamDescriptor =
    StreamDescriptor::new("pairs", "Pairs.", || LETTER).parent(|| &LETTERS, &[&[&["letter"]]]);

const KEY: &[&[&str]] = &[&["of"], &["id"]];

pub(super) static EVENTS: StreamDescriptor =
    StreamDescriptor::new("events", "Rows with a cursor.", || ROW).primary_key(KEY).cursor(&["n"], CursorKind::Integer);
pub(super) static SPANS: StreamDescriptor = StreamDescriptor::new("spans", "Rows, read window after window.", || ROW)
    .primary_key(KEY)
    .cursor(&["n"], CursorKind::Integer);
pub(super) static ARCHIVE: StreamDescriptor =
    StreamDescriptor::new("archive", "Rows without a cursor.", || ROW).primary_key(KEY).resumable();
pub(super) static SHARDS: StreamDescriptor = StreamDescriptor::new("shards", "Rows of listed partitions.", || ROW)
    .primary_key(KEY)
    .cursor(&["n"], CursorKind::Integer);
pub(super) static ENTRIES: StreamDescriptor =
    StreamDescriptor::new("entries", "Rows with a cursor of two parts.", || ROW)
        .primary_key(KEY)
        .cursor(&["n"], CursorKind::Integer)
        .then(&["id"], CursorKind::Integer);
pub(super) static SHELVES: StreamDescriptor =
    StreamDescriptor::new("shelves", "Rows of listed partitions, with a cursor of two parts.", || ROW)
        .primary_key(KEY)
        .cursor(&["n"], CursorKind::Integer)
        .then(&["id"], CursorKind::Integer);
pub(super) static USERS: StreamDescriptor = StreamDescriptor::new("users", "Users.", || USER).primary_key(&[&["id"]]);
pub(super) static NOTES: StreamDescriptor =
    StreamDescriptor::new("notes", "Rows of a user.", || ROW).primary_key(KEY).parent(|| &USERS, &[&[&["id"]]]);
pub(super) static TASKS: StreamDescriptor = StreamDescriptor::new("tasks", "Rows of a user, with a cursor.", || ROW)
    .primary_key(KEY)
    .cursor(&["n"], CursorKind::Integer)
    .parent(|| &USERS, &[&[&["id"]]]);

pub(super) static REPLIES: StreamDescriptor = StreamDescriptor::new("replies", "Rows of a changed event.", || ROW)
    .primary_key(KEY)
    .parent(|| &EVENTS, &[&[&["id"]]])
    .incremental_dependency();
pub(super) static ANSWERS: StreamDescriptor =
    StreamDescriptor::new("answers", "Rows of a changed event, with a cursor.", || ROW)
        .primary_key(KEY)
        .cursor(&["n"], CursorKind::Integer)
        .parent(|| &EVENTS, &[&[&["id"]]])
        .incremental_dependency();
pub(super) static ECHOES: StreamDescriptor =
    StreamDescriptor::new("echoes", "Rows of any event.", || ROW).primary_key(KEY).parent(|| &EVENTS, &[&[&["id"]]]);

pub(super) static ROSTER: StreamDescriptor =
    StreamDescriptor::new("roster", "Rows of which the first go.", || ROW).primary_key(KEY).deletions();

const ID: &[&[&[&str]]] = &[&[&["id"]]];

pub(super) static MARKS: StreamDescriptor =
    StreamDescriptor::new("marks", "Rows of a user's or an event's number.", || ROW)
        .primary_key(KEY)
        .parent(|| &USERS, ID)
        .or_parents(&[ParentLink::new(|| &EVENTS, ID)]);
pub(super) static LABELS: StreamDescriptor =
    StreamDescriptor::new("labels", "Rows of a user or of an event, with a cursor.", || ROW)
        .primary_key(KEY)
        .cursor(&["n"], CursorKind::Integer)
        .parent(|| &USERS, ID)
        .named(&[("kind", "user")])
        .or_parents(&[ParentLink::new(|| &EVENTS, ID).named(&[("kind", "event")])]);
pub(super) static TRACES: StreamDescriptor =
    StreamDescriptor::new("traces", "Rows of a changed event, or of a changed span.", || ROW)
        .primary_key(KEY)
        .parent(|| &EVENTS, ID)
        .named(&[("kind", "event")])
        .or_parents(&[ParentLink::new(|| &SPANS, ID).named(&[("kind", "span")])])
        .incremental_dependency();
/// A user's notes are below the user, too: what waits for the one must not wait for the other.
pub(super) static KNOTS: StreamDescriptor = StreamDescriptor::new("knots", "Rows of a user or of a note.", || ROW)
    .parent(|| &USERS, ID)
    .or_parents(&[ParentLink::new(|| &NOTES, ID)]);

pub(super) static DUELS: StreamDescriptor =
    StreamDescriptor::new("duels", "Rows of a user and a note of any user.", || ROW)
        .primary_key(KEY)
        .cursor(&["n"], CursorKind::Integer)
        .parent(|| &USERS, ID)
        .second_parent(|| &NOTES, ID);

/// All of them.
pub(super) const ALL: [&StreamDescriptor; 21] = [
    &NUMBERS, &LETTERS, &PAIRS, &EVENTS, &SPANS, &ARCHIVE, &SHARDS, &USERS, &NOTES, &TASKS, &REPLIES, &ANSWERS,
    &ECHOES, &ROSTER, &MARKS, &LABELS, &TRACES, &KNOTS, &ENTRIES, &SHELVES, &DUELS,
];
