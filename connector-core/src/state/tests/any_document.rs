//! Whatever comes in as a state: no panic, and what is accepted is written and read again.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::support::{ID, UPDATED_AT, at, partition};
use crate::ErrorKind;
use crate::cursor::{CursorKind, CursorSpec, Span};
use crate::state::{Listed, PartitionKey, StreamState};
use crate::stream::CursorField;

/// Values with the words that mean something here.
fn document() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        "(updated_at|id|slices|state_type|start|end|most_recent_cursor_value|states|state|partition|cursor)",
        "(use_global_cursor|lookback_window|parent_state|parent_slice|version|partitions|groups|asked|missed|keys|own)",
        "(others|complete|page|resume|sync_id|__ab_no_cursor_state_message|history)",
        ".{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_u64..3).prop_map(Value::from),
        Just(json!("2024-05-01T10:00:00Z")),
        Just(json!("2024-05-02")),
        "[A-Za-z0-9_-]{0,12}".prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Documents of the right form with anything inside.
fn ours() -> impl Strategy<Value = Value> {
    let keys = prop_oneof![Just("AB1AB2".to_owned()), Just("AB1BBx".to_owned()), "[A-Z0-9]{0,16}", ".{0,10}"];
    let asked = prop_oneof![Just(json!("2024-05-01T10:00:00Z")), Just(json!("2024-05-02")), Just(json!(5)), document()];
    let group = (asked, keys.clone()).prop_map(|(asked, keys)| json!({"asked": asked, "keys": keys}));
    (proptest::collection::vec(group, 0..40), keys, document()).prop_map(|(groups, own, rest)| {
        let mut document = json!({"version": 1, "partitions": {"groups": groups, "own": own}});
        if let (Some(document), Value::Object(rest)) = (document.as_object_mut(), rest) {
            document.extend(rest.into_iter().filter(|(key, _)| key != "partitions" && key != "version"));
        }
        document
    })
}

fn specs() -> Vec<CursorSpec> {
    let kind = |kind| CursorField { path: &["updated_at"], kind };
    vec![
        CursorSpec::new(UPDATED_AT).lookback(Span::days(1)).step(Span::months(1)),
        CursorSpec::new(ID),
        CursorSpec::new(kind(CursorKind::Date)),
        CursorSpec::new(kind(CursorKind::Text)),
    ]
}

fn open(incoming: &Value) -> Result<(), TestCaseError> {
    let now = at("2024-06-01T00:00:00Z");
    for spec in specs() {
        for partitioned in [false, true] {
            let open = |incoming: &Value| match partitioned {
                true => StreamState::open_partitioned(Some(spec.clone()), Some(incoming), now),
                false => StreamState::open(Some(spec.clone()), Some(incoming), now),
            };
            let mut state = match open(incoming) {
                Ok(state) => state,
                Err(error) => {
                    prop_assert_eq!(error.kind(), ErrorKind::State);
                    continue;
                }
            };
            let written = state.document();
            let again = open(&written);
            prop_assert!(again.is_ok(), "{}: {:?}", written, again.err());
            prop_assert_eq!(again.unwrap().document(), written);
            let _ = state.windows(&PartitionKey::root()).take(50).count();
            let _ = state.windows(&partition(1)).take(50).count();
            state.finish(Listed::All);
            prop_assert!(state.document().is_object());
        }
    }
    let state = StreamState::open(None, Some(incoming), now).unwrap();
    prop_assert!(state.document().is_object());
    Ok(())
}

#[test]
fn a_value_of_its_own_has_to_be_json() {
    let open = |own: &str| {
        let document = json!({"version": 1, "partitions": {"complete": true, "groups": [], "own": own}});
        StreamState::open_partitioned(Some(CursorSpec::new(ID)), Some(&document), at("2024-06-01T00:00:00Z"))
    };
    // One entry: nothing shared, a key of one byte, a value of one or three.
    assert_eq!(open("ABB17").unwrap().document()["partitions"]["own"], "ABB17");
    assert_eq!(open("ABD1007").unwrap_err().kind(), ErrorKind::State);
}

proptest! {
    #[test]
    fn no_document_panics(incoming in document()) {
        open(&incoming)?;
    }

    #[test]
    fn no_document_that_looks_like_ours_panics(incoming in ours()) {
        open(&incoming)?;
    }
}
