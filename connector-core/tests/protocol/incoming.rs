//! States, in all forms in which they come.

use connector_core::ErrorKind;
use connector_core::protocol::{IncomingState, RawJson, StreamName};
use proptest::prelude::*;
use serde_json::{Value, json};

fn parse(text: &str) -> IncomingState {
    IncomingState::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn nothing_is_no_state() {
    for text in [
        "",
        " \n",
        "null",
        "[]",
        "{}",
        "[null]",
        "[{}]",
        "\u{feff}[]",
        r#"{"type":"LEGACY","data":{}}"#,
        r#"{"type":"LEGACY"}"#,
    ] {
        assert!(parse(text).is_empty(), "{text}");
    }
}

/// The same two streams, however they are written.
#[test]
fn every_form_gives_the_states_of_its_streams() {
    let a = r#"{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":{"id":1}}}"#;
    let b = r#"{"type":"STREAM","stream":{"stream_descriptor":{"name":"b"},"stream_state":{"at":"2024"}}}"#;
    let both = r#"[{"stream_descriptor":{"name":"a"},"stream_state":{"id":1}},{"stream_descriptor":{"name":"b"},"stream_state":{"at":"2024"}}]"#;
    let forms = [
        format!("[{a},{b}]"),
        format!("{a}\n{b}\n"),
        format!("{{\"type\":\"STATE\",\"state\":{a}}}\n{{\"type\":\"STATE\",\"state\":{b}}}\n"),
        format!("[{{\"type\":\"STATE\",\"state\":{a}}},{b}]"),
        format!("{{\"type\":\"GLOBAL\",\"global\":{{\"stream_states\":{both}}}}}"),
        format!("[{{\"type\":\"GLOBAL\",\"global\":{{\"shared_state\":null,\"stream_states\":{both}}}}}]"),
        format!("[{{\"type\":\"GLOBAL\",\"global\":null,\"global_\":{{\"stream_states\":{both}}}}}]"),
        r#"{"type":"LEGACY","data":{"a":{"id":1},"b":{"at":"2024"}}}"#.to_owned(),
        r#"[{"data":{"a":{"id":1},"b":{"at":"2024"}}}]"#.to_owned(),
        r#"[{"type":null,"stream":null,"global":null,"data":{"a":{"id":1},"b":{"at":"2024"}}}]"#.to_owned(),
        r#"{"a":{"id":1},"b":{"at":"2024"}}"#.to_owned(),
        r#"[{"a":{"id":1}},{"b":{"at":"2024"}}]"#.to_owned(),
        // PyAirbyte's own dump: pydantic models with their nulls.
        format!(
            "[{},{}]",
            r#"{"type":"STREAM","stream":{"stream_descriptor":{"name":"a","namespace":null},"stream_state":{"id":1}},"global_":null,"data":null,"sourceStats":{"recordCount":2.0},"destinationStats":null,"id":4}"#,
            r#"{"type":"STREAM","stream":{"stream_descriptor":{"name":"b","namespace":null},"stream_state":{"at":"2024"}},"global_":null}"#
        ),
    ];
    for form in forms {
        let state = parse(&form);
        assert_eq!(state.stream_state("a", None), Some(&json!({"id": 1})), "{form}");
        assert_eq!(state.stream_state("b", None), Some(&json!({"at": "2024"})), "{form}");
        assert_eq!(state.stream_state("c", None), None, "{form}");
        let names: Vec<String> = state.streams().map(|(name, _)| name.name).collect();
        assert_eq!(names, ["a", "b"], "{form}");
    }
}

#[test]
fn the_output_of_a_whole_sync_is_a_state() {
    let state = parse(concat!(
        r#"{"type":"LOG","log":{"level":"INFO","message":"begins"}}"#,
        "\n",
        r#"{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":{"id":1}}}}"#,
        "\n",
        r#"{"type":"RECORD","record":{"stream":"a","data":{"id":2},"emitted_at":1}}"#,
        "\n",
        r#"{"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":{"id":2}}}}"#,
        "\n",
    ));
    assert_eq!(state.stream_state("a", None), Some(&json!({"id": 2})), "the last one counts");
}

#[test]
fn namespaces_tell_streams_apart() {
    let state = parse(
        r#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"a","namespace":"x"},"stream_state":{"id":1}}},
            {"type":"STREAM","stream":{"stream_descriptor":{"name":"a","namespace":""},"stream_state":{"id":2}}}]"#,
    );
    assert_eq!(state.stream_state("a", Some("x")), Some(&json!({"id": 1})));
    assert_eq!(state.stream_state("a", None), Some(&json!({"id": 2})));
    assert_eq!(state.stream_state("a", Some("y")), None);
    // The older forms know no namespaces.
    assert_eq!(parse(r#"{"a":{"id":3}}"#).stream_state("a", Some("x")), Some(&json!({"id": 3})));
}

#[test]
fn null_resets_a_stream() {
    for text in [
        r#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":null}}]"#,
        r#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"}}}]"#,
        r#"[{"a":{"id":1}},{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":null}}]"#,
        r#"{"a":null}"#,
    ] {
        let state = parse(text);
        assert_eq!(state.stream_state("a", None), None, "{text}");
        assert_eq!(state.streams().count(), 0, "{text}");
    }
}

#[test]
fn a_global_state_has_a_shared_part_and_replaces_what_came_before() {
    let state = parse(
        r#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"old"},"stream_state":{"id":1}}},
            {"type":"GLOBAL","global":{"shared_state":{"lsn":5},"stream_states":[{"stream_descriptor":{"name":"a"},"stream_state":{}}]}}]"#,
    );
    assert_eq!(state.shared_state(), Some(&json!({"lsn": 5})));
    assert_eq!(state.streams().map(|(name, _)| name).collect::<Vec<_>>(), [StreamName::new("a")]);
}

#[test]
fn states_keep_their_bytes() {
    let state =
        parse(r#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":{"z":1.10,"a":1e2}}}]"#);
    assert_eq!(state.stream_text("a", None).map(RawJson::get), Some(r#"{"z":1.10,"a":1e2}"#));
    let kept: Vec<_> = state.streams().map(|(name, blob)| (name.name, blob.get().to_owned())).collect();
    assert_eq!(kept, [("a".to_owned(), r#"{"z":1.10,"a":1e2}"#.to_owned())]);
}

#[test]
fn a_state_that_no_value_can_hold_is_not_taken_for_nothing() {
    let state =
        parse(r#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":{"x":"\ud800"}}}]"#);
    let value = state.stream_state("a", None).unwrap();
    assert!(value.as_str().is_some_and(|text| text.starts_with("unreadable: ")), "{value}");
}

#[test]
fn a_stream_can_be_called_like_a_field_of_the_protocol() {
    assert_eq!(
        parse(r#"{"data":{"updated_at":"2024"}}"#).stream_state("data", None),
        Some(&json!({"updated_at": "2024"}))
    );
    assert_eq!(parse(r#"{"type":{"id":1}}"#).stream_state("type", None), Some(&json!({"id": 1})));
    assert_eq!(parse(r#"{"stream":{"id":1}}"#).stream_state("stream", None), Some(&json!({"id": 1})));
}

#[test]
fn a_fault_names_its_place() {
    let cases = [
        ("{", "the state is not JSON: EOF while parsing an object at line 1 column 1"),
        ("3", "the state does not fit: expected an object, found a number"),
        ("[3]", "the state does not fit: [0]: expected an object, found a number"),
        (r#"{"a":1}"#, "the state does not fit: a: expected an object, found a number"),
        (r#"{"type":"DB"}"#, "the state does not fit: type: expected STREAM, GLOBAL or LEGACY, found a string"),
        (r#"[{},{"type":"STREAM"}]"#, "the state does not fit: [1].stream: missing"),
        (
            r#"[{"type":"STREAM","stream":{"stream_descriptor":{}}}]"#,
            "the state does not fit: [0].stream.stream_descriptor.name: missing",
        ),
        (
            r#"[{"type":"STREAM","stream":{"stream_descriptor":{"name":"a"},"stream_state":"2024"}}]"#,
            "the state does not fit: [0].stream.stream_state: expected an object, found a string",
        ),
        (
            "{}\n{\"type\":\"STATE\",\"state\":{\"type\":\"GLOBAL\"}}",
            "the state does not fit: document 2.state.global: missing",
        ),
    ];
    for (text, expected) in cases {
        let error = IncomingState::parse(text.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::State, expected), "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = IncomingState::parse(&bytes);
    }

    #[test]
    fn a_list_of_stream_states_gives_each(ids in prop::collection::btree_map("[a-z]{1,6}", any::<i64>(), 0..6)) {
        let items: Vec<Value> = ids.iter().map(|(name, id)| json!({
            "type": "STREAM", "stream": {"stream_descriptor": {"name": name}, "stream_state": {"id": id}}
        })).collect();
        let state = IncomingState::parse(&serde_json::to_vec(&items).unwrap()).unwrap();
        prop_assert_eq!(state.streams().count(), ids.len());
        for (name, id) in &ids {
            prop_assert_eq!(state.stream_state(name, None), Some(&json!({"id": id})));
        }
    }
}
