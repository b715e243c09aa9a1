//! What is read in a campaign: each kind of stream, and several at once.

use serde_json::{Value, json};

/// Streams, what there is of them, and which faults there are besides the cuts.
#[derive(Debug, Clone)]
pub struct Case {
    /// A name for tables.
    pub name: &'static str,
    /// The streams.
    pub streams: &'static [&'static str],
    /// The config of the first sync.
    pub config: Value,
    /// Whether more is written between the syncs.
    pub grows: bool,
    /// How many of a hundred pages fail.
    pub fail_percent: u64,
    /// Whether slices are read one after the other, so that what may come twice is known exactly.
    pub one_after_the_other: bool,
    /// Where all streams are read in full, as attempts of one job: its `sync_id`.
    pub job: Option<i64>,
}

/// All cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    let ordered = |rows: u64| json!({"rows": rows, "users": 6, "shards": 5, "page": 5, "ascending": true});
    let unordered = |rows: u64| json!({"rows": rows, "users": 6, "shards": 5, "page": 5});
    let windows = |rows: u64| json!({"rows": rows, "users": 4, "shards": 4, "page": 5, "step": 4});
    let case = |name, streams, config| Case {
        name,
        streams,
        config,
        grows: true,
        fail_percent: 0,
        one_after_the_other: true,
        job: None,
    };
    let mut cases = vec![
        case("incremental", &["events"], unordered(100)),
        case("incremental, ascending", &["events"], ordered(100)),
        case("windows", &["spans"], unordered(100)),
        case("windows, ascending", &["spans"], ordered(100)),
        case("cursor of two parts", &["entries"], unordered(100)),
        case("cursor of two parts, ascending", &["entries"], ordered(100)),
        case("cursor of two parts, windows", &["entries"], windows(100)),
        case("listed partitions, cursor of two parts", &["shelves"], unordered(40)),
        case("listed partitions, cursor of two parts, ascending", &["shelves"], ordered(40)),
        case("full refresh", &["archive"], unordered(60)),
        Case { job: Some(7), ..case("full refresh, attempts of one job", &["archive"], unordered(60)) },
        case("listed partitions", &["shards"], unordered(40)),
        case("listed partitions, ascending", &["shards"], ordered(40)),
        case("listed partitions, windows", &["shards"], windows(40)),
        case("sub-stream", &["notes"], unordered(15)),
        case("sub-stream with its parent", &["users", "notes"], unordered(15)),
        case("sub-stream with a cursor", &["tasks"], unordered(30)),
        case("sub-stream with a cursor, ascending", &["users", "tasks"], ordered(30)),
        case("incremental dependency", &["replies"], unordered(30)),
        case("incremental dependency with its parent", &["events", "replies"], ordered(30)),
        case("incremental dependency, both with cursors", &["events", "answers"], ordered(30)),
        case("sub-stream of two parents", &["marks"], unordered(15)),
        case("sub-stream of two parents with them", &["users", "events", "marks"], unordered(15)),
        case("sub-stream of two parents with a cursor", &["labels"], unordered(15)),
        case("sub-stream of two parents with a cursor, ascending", &["events", "labels"], ordered(15)),
        case("sub-stream of pairs", &["duels"], json!({"rows": 5, "users": 3, "replies": 7, "page": 5})),
        case("incremental dependency on two parents", &["traces"], unordered(15)),
        case("incremental dependency on two parents with one", &["events", "traces"], ordered(15)),
        case("sub-stream with a cursor, windows", &["tasks"], windows(30)),
    ];
    let all: &[&str] =
        &["events", "spans", "archive", "shards", "users", "notes", "tasks", "answers", "labels", "entries", "shelves"];
    for (name, config) in [("all", unordered(20)), ("all, ascending", ordered(20)), ("all, windows", windows(20))] {
        cases.push(Case { one_after_the_other: false, ..case(name, all, config) });
    }
    let failing = [
        ("failing pages, windows", windows(30)),
        ("failing pages, ascending", ordered(30)),
        ("failing pages", unordered(30)),
    ];
    for (name, config) in failing {
        cases.push(Case { fail_percent: 5, one_after_the_other: false, ..case(name, all, config) });
    }
    cases
}
