//! What the state costs: a cursor value per record, a document of a million partitions per emission.
//!
//! `cargo bench -p connector-core --bench state`
#![allow(clippy::unwrap_used, missing_docs)]

use connector_core::cursor::{CursorFold, CursorFormat, CursorKind, CursorSpec};
use connector_core::state::{PartitionKey, StreamState};
use connector_core::stream::CursorField;
use divan::{Bencher, black_box, counter::ItemsCount};
use serde_json::{Value, json};

const FIELD: CursorField = CursorField { path: &["updated_at"], kind: CursorKind::DateTime };
const RECORDS: u64 = 10_000;
const PARTITIONS: u64 = 1_000_000;

fn main() {
    divan::main();
}

/// Date-times in JSON, a minute apart.
fn values(suffix: &str, descending: bool) -> Vec<String> {
    let text = |minute: u64| {
        let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
        format!("\"2024-05-{day:02}T{hour:02}:{minute:02}:00{suffix}\"")
    };
    let mut values: Vec<_> = (0..RECORDS).map(text).collect();
    if descending {
        values.reverse();
    }
    values
}

fn push_all(bencher: Bencher<'_, '_>, spec: CursorSpec, values: Vec<String>) {
    let fold = CursorFold::new(&spec);
    bencher.counter(ItemsCount::new(values.len())).bench_local(|| {
        let mut fold = fold.fresh();
        for value in &values {
            let _ = black_box(fold.push(Some(black_box(value.as_bytes()))));
        }
        fold
    });
}

/// Newest first: each value is compared, none becomes the maximum.
#[divan::bench]
fn rfc3339_compare(bencher: Bencher<'_, '_>) {
    push_all(bencher, CursorSpec::new(FIELD), values("Z", true));
}

/// Oldest first: each value becomes the maximum.
#[divan::bench]
fn rfc3339_new_maximum(bencher: Bencher<'_, '_>) {
    push_all(bencher, CursorSpec::new(FIELD), values("Z", false));
}

/// Another zone each time: parsed, not compared as bytes.
#[divan::bench]
fn rfc3339_parse(bencher: Bencher<'_, '_>) {
    let mut values = values("Z", true);
    for (place, value) in values.iter_mut().enumerate().skip(1) {
        let zone = if place % 2 == 0 { "+01:00\"" } else { ".5-03:00\"" };
        value.truncate(value.len() - 2);
        value.push_str(zone);
    }
    push_all(bencher, CursorSpec::new(FIELD), values);
}

#[divan::bench]
fn strftime_parse(bencher: Bencher<'_, '_>) {
    let formats = vec![CursorFormat::parse("%Y-%m-%dT%H:%M:%SZ").unwrap()];
    push_all(bencher, CursorSpec::new(FIELD).formats(formats), values("Z", true));
}

/// A document of sorted ids of eight digits: nothing shared, eight bytes, the id (see `docs/state.md`).
fn document() -> Value {
    let keys: String = (0..PARTITIONS).map(|place| format!("AI{}", 10_000_000 + place * 89)).collect();
    json!({"version": 1, "partitions": {"complete": true, "groups": [{"asked": "2024-05-01T00:00:00Z", "keys": keys}]}})
}

fn opened(document: &Value) -> StreamState {
    StreamState::open_partitioned(Some(CursorSpec::new(FIELD)), Some(document), "2024-06-01T00:00:00Z".parse().unwrap())
        .unwrap()
}

#[divan::bench(sample_count = 10)]
fn open_a_million_partitions(bencher: Bencher<'_, '_>) {
    let document = document();
    bencher.counter(ItemsCount::new(PARTITIONS)).bench_local(|| opened(&document));
}

#[divan::bench(sample_count = 10)]
fn write_a_million_partitions(bencher: Bencher<'_, '_>) {
    let state = opened(&document());
    bencher.counter(ItemsCount::new(PARTITIONS)).bench_local(|| {
        let mut out = Vec::new();
        state.write_to(&mut out);
        out
    });
}

/// Where a partition starts, one of a million.
#[divan::bench]
fn begin_a_partition(bencher: Bencher<'_, '_>) {
    let mut state = opened(&document());
    let mut place = 0_u64;
    bencher.bench_local(move || {
        place = (place + 7_654_321) % PARTITIONS;
        let key = PartitionKey::new([[(10_000_000 + place * 89).to_string().as_bytes()]]);
        state.windows(&key).next()
    });
}
