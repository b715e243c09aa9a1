//! How large a state gets, in memory and written, and how often it is written.

use serde_json::json;

use super::support::{ID, at, close, reopened, spec};
use crate::cursor::CursorSpec;
use crate::state::front::Writer;
use crate::state::runs::RunMap;
use crate::state::{EmissionPolicy, Listed, PartitionKey, StreamState};

const MILLION: usize = 1_000_000;

/// Reads so many partitions with ids of eight bytes, in an order that has nothing to do with the ids.
fn read(state: &mut StreamState, count: usize, key: impl Fn(usize) -> String, values: &[&str]) {
    for place in 0..count {
        let mixed = place.wrapping_mul(7_654_321) % count;
        let partition = PartitionKey::new([[key(mixed).as_bytes()]]);
        if let Some(window) = state.windows(&partition).next() {
            close(state, &partition, &window, values);
        }
    }
    state.finish(Listed::All);
}

fn digits(place: usize) -> String {
    (10_000_000 + place * 89).to_string()
}

#[test]
fn a_million_partitions_stay_within_64_bytes_each() {
    let mut keys = Writer::default();
    (0..MILLION).for_each(|place| keys.key(&digits(place)));
    let groups = json!([{"asked": "2024-05-31T00:00:00Z", "keys": keys.text}]);
    let document = json!({"version": 1, "partitions": {"groups": groups, "complete": true}});
    let mut state = reopened(spec(), &document, "2024-06-01T00:00:00Z");
    assert!(state.document_bytes() < 12 * MILLION as u64, "{} bytes in memory", state.document_bytes());
    for place in (0..MILLION).step_by(99_991) {
        let known = PartitionKey::new([[digits(place).as_bytes()]]);
        let start = state.windows(&known).next().unwrap().start.unwrap();
        assert_eq!(start.to_text(), "2024-05-31T00:00:00Z");
        let unknown = PartitionKey::new([[(10_000_001 + place * 89).to_string().as_bytes()]]);
        assert_eq!(state.windows(&unknown).next().unwrap().start, None);
    }
    read(&mut state, 10_000, digits, &[]);
    assert!(state.document_bytes() < 16 * MILLION as u64, "{} bytes in memory", state.document_bytes());
    let mut written = Vec::new();
    state.write_to(&mut written);
    assert!(written.len() < 8 * MILLION, "{} bytes written", written.len());
}

#[test]
fn insertions_in_any_order_stay_small() {
    let (mut map, count) = (RunMap::default(), 200_000_usize);
    for place in 0..count {
        map.insert(&digits(place.wrapping_mul(7_654_321) % count), "\u{1}");
    }
    assert!(map.bytes() < 12 * count, "{} bytes", map.bytes());
}

#[test]
fn partitions_with_values_of_their_own_cost_little_more() {
    let count = 20_000;
    let integers = CursorSpec::new(ID);
    let mut state = StreamState::open_partitioned(Some(integers), None, at("2024-06-01T00:00:00Z")).unwrap();
    read(&mut state, count, |place| format!("\"a{place:07}\""), &["1234567890"]);
    assert!(state.document_bytes() < 40 * count as u64, "{}", state.document_bytes());
}

#[test]
fn all_states_together_stay_a_small_part_of_the_records() {
    let policy = EmissionPolicy::default();
    let (mut records, mut states, mut since, mut document) = (0_u64, 0_u64, 0_u64, 300_u64);
    for partition in 0..200_000_u64 {
        let page = 50 + partition % 700;
        (records, since, document) = (records + page, since + page, document + 7);
        if policy.should_emit(since, document) {
            (states, since) = (states + document, 0);
        }
    }
    assert!(states * 20 < records, "{states} bytes of states, {records} bytes of records");
    assert!(states > 0);
    assert!(!policy.should_emit(u64::MAX, u64::MAX), "no overflow");
}
