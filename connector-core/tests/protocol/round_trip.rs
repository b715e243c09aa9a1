//! Whatever a message holds, its line is one line, and reads back as the same message; and what others write is read.

use connector_core::protocol::{
    Change, ConnectionStatus, ControlMessage, EstimateTrace, Level, LogMessage, Message, RawJson, RecordMessage, State,
    StateMessage, StreamName, StreamStatus, StreamStatusTrace, Trace, TraceMessage,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = StreamName> {
    (".{1,8}", prop::option::of(".{1,8}"))
        .prop_map(|(name, namespace)| StreamName::new(name).within(namespace.as_deref()))
}

/// A value as text, pretty or not: raw line breaks must not leave.
fn raw() -> impl Strategy<Value = RawJson> {
    (json_value(), any::<bool>()).prop_map(|(value, pretty)| {
        if pretty { RawJson::parse(format!("{value:#}")).unwrap() } else { RawJson::from(value) }
    })
}

fn message() -> impl Strategy<Value = Message> {
    let time = any::<i64>();
    prop_oneof![
        (name(), raw(), time, prop::collection::vec(".{0,8}", 0..3)).prop_map(|(name, data, at, changed)| {
            let record = RecordMessage::new(&name, data, at);
            let changes: Vec<Change> = changed.into_iter().map(Change::nulled).collect();
            (if changes.is_empty() { record } else { record.with_changes(changes) }).into()
        }),
        (name(), raw(), 0..i64::MAX as u64 / 1024)
            .prop_map(|(name, blob, count)| StateMessage::stream(name, blob, count).into()),
        (prop::option::of(raw()), 0..1u64 << 50).prop_map(|(shared, count)| StateMessage::global(
            shared,
            vec![],
            count
        )
        .into()),
        (".*", prop::option::of(".*")).prop_map(|(text, trace)| {
            let log = LogMessage::new(Level::Debug, text);
            match trace {
                Some(trace) => log.with_stack_trace(trace),
                None => log,
            }
            .into()
        }),
        (name(), prop::option::of(any::<i64>()), time).prop_map(|(name, reset, at)| TraceMessage::new(
            StreamStatusTrace::rate_limited(name, reset),
            at
        )
        .into()),
        (name(), time).prop_map(|(name, at)| TraceMessage::new(
            StreamStatusTrace::new(name, StreamStatus::Complete),
            at
        )
        .into()),
        (name(), prop::option::of(any::<u64>()), time).prop_map(|(name, rows, at)| TraceMessage::new(
            EstimateTrace::stream(&name, rows, None),
            at
        )
        .into()),
        (json_value(), time).prop_map(|(config, at)| ControlMessage::connector_config(config, at).into()),
        ".*".prop_map(|text| ConnectionStatus::failed(text).into()),
    ]
}

proptest! {
    #[test]
    fn every_message_survives_its_line(message in message()) {
        let line = message.to_line().unwrap();
        prop_assert!(line.starts_with("{\"type\":\""), "{line}");
        prop_assert!(!line.contains('\n') && !line.contains('\r'), "{line}");
        // A state without a blob, or with null for one, is a reset: both read back as none.
        if !line.contains("\"stream_state\":null") && !line.contains("\"shared_state\":null") {
            prop_assert_eq!(&Message::parse(line.as_bytes()).unwrap(), &message);
        }
        // Through a parsed value, too, as an embedding program may hand it on.
        let value: Value = serde_json::from_str(&line).unwrap();
        prop_assert!(serde_json::from_value::<Message>(value).is_ok());
    }

    #[test]
    fn no_line_of_bytes_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Message::parse(&bytes);
    }
}

#[test]
fn what_the_python_framework_writes_is_read() {
    let line = br#"{"type":"TRACE","trace":{"type":"STREAM_STATUS","emitted_at":1795431055772.5151,"error":null,
        "stream_status":{"stream_descriptor":{"name":"events","namespace":null},"status":"STARTED","reasons":null}},"log":null,"new":1}"#;
    let Message::Trace(trace) = Message::parse(line).unwrap() else { panic!("no trace") };
    assert_eq!(trace.emitted_at, 1_795_431_055_772);
    let Trace::StreamStatus(status) = trace.trace else { panic!("no status") };
    assert_eq!((status.status, status.reasons.len()), (StreamStatus::Started, 0));

    let spec = br#"{"type":"SPEC","spec":{"connectionSpecification":{"type":"object"},"supportsNormalization":false,
        "supportsDBT":false,"supported_destination_sync_modes":null,"advanced_auth":null}}"#;
    assert!(matches!(Message::parse(spec).unwrap(), Message::Spec(_)));

    let state = br#"{"type":"STATE","state":{"data":{"users":{"id":1}},"sourceStats":{"recordCount":3.0}}}"#;
    let Message::State(state) = Message::parse(state).unwrap() else { panic!("no state") };
    assert!(matches!(state.state, State::Legacy(_)));
    assert_eq!(state.source_stats.unwrap().record_count, Some(3));
}

#[test]
fn what_is_no_message_is_refused_with_a_reason() {
    let cases = [
        ("Traceback", "expected value"),
        (r#"{"type":"RECORD"}"#, "missing field `record`"),
        (r#"{"type":"DEBUG","message":"x"}"#, "unknown variant `DEBUG`"),
        (r#"{"type":"TRACE","trace":{"type":"ERROR","emitted_at":1}}"#, "missing field `error`"),
        (r#"{"type":"STATE","state":{"type":"STREAM"}}"#, "missing field `stream`"),
    ];
    for (line, reason) in cases {
        let error = Message::parse(line.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(reason), "{line}: {error}");
    }
}

#[test]
fn raw_json_is_what_it_was() {
    let raw = RawJson::parse(r#"{"n":1e400,"s":"\ud800"}"#).unwrap();
    assert_eq!(raw.get(), r#"{"n":1e400,"s":"\ud800"}"#);
    assert_eq!(RawJson::from(json!({"a": [1]})).to::<Value>().unwrap(), json!({"a": [1]}));
    assert!(RawJson::parse("{} {}").is_err());
}
