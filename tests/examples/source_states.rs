//! The streams of `.ci/python_states.py`: each shape of a state that the Python framework writes, read by ours.

use std::process::ExitCode;

use connector_http::prelude::*;

/// The API of `.ci/python_states.py`.
#[source(
    name = "source-states",
    base_url = config.base_url,
    streams(Event, Change, Count, User, Chest, Shop, Note, Item, AllNotes, Reply, Legacy),
)]
struct States {
    /// Where the API is.
    base_url: String,
    /// Where a first sync begins.
    start: DateTime<Utc>,
}

/// Read window after window.
#[derive(HttpStream)]
#[http(name = "events", path = "events", records = "rows")]
struct Event {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", until = "until", start = config.start, step = days(3), granularity = seconds(1), format = "%Y-%m-%dT%H:%M:%SZ")]
    updated_at: DateTime<Utc>,
}

/// The parent of replies.
#[derive(HttpStream)]
#[http(name = "changes", path = "changes", records = "rows")]
struct Change {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = config.start)]
    updated_at: DateTime<Utc>,
}

/// An integer that counts up.
#[derive(HttpStream)]
#[http(name = "counts", path = "counts", records = "rows")]
struct Count {
    #[primary_key]
    #[cursor(since = "after", start = 0_u64)]
    id: u64,
}

/// Listed partitions.
#[derive(HttpStream)]
#[http(name = "shops", path = "shops/{partition.shop}", records = "rows")]
#[partition(shop = ["a", "b"])]
struct Shop {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = config.start)]
    updated_at: DateTime<Utc>,
}

/// A parent.
#[derive(HttpStream)]
#[http(name = "users", path = "users", records = "rows")]
struct User {
    #[primary_key]
    id: u64,
}

/// A sub-stream that is a parent itself.
#[derive(HttpStream)]
#[http(name = "boxes", path = "users/{parent.id}/boxes", records = "rows", parent = User)]
struct Chest {
    #[primary_key]
    id: u64,
}

/// A sub-stream.
#[derive(HttpStream)]
#[http(name = "notes", path = "users/{parent.id}/notes", records = "rows", parent = User)]
struct Note {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = config.start)]
    updated_at: DateTime<Utc>,
}

/// Two levels of parents.
#[derive(HttpStream)]
#[http(name = "items", path = "boxes/{parent.id}/items", records = "rows", parent = Chest)]
struct Item {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = config.start)]
    updated_at: DateTime<Utc>,
}

/// One state for all partitions.
#[derive(HttpStream)]
#[http(name = "all_notes", path = "users/{parent.id}/notes", records = "rows", parent = User)]
struct AllNotes {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = config.start, global)]
    updated_at: DateTime<Utc>,
}

/// An incremental dependency on the parent.
#[derive(HttpStream)]
#[http(name = "replies", path = "events/{parent.id}/replies", records = "rows", parent = Change, incremental)]
struct Reply {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = config.start)]
    updated_at: DateTime<Utc>,
}

/// A stream of the framework's older kind, with `get_updated_state`.
#[derive(HttpStream)]
#[http(name = "legacy", path = "legacy", records = "rows")]
struct Legacy {
    #[primary_key]
    id: u64,
    #[cursor(since = "since", start = config.start)]
    updated_at: DateTime<Utc>,
}

fn main() -> ExitCode {
    connector_http::run::<States>()
}
