//! Each message as the line that leaves: byte for byte, so that a change of the wire shows in review.

use connector_core::cursor::CursorKind;
use connector_core::protocol::{
    AdvancedAuth, AnalyticsTrace, AuthFlowType, Catalog, CatalogStream, Change, ConnectionStatus, ControlMessage,
    ErrorTrace, EstimateTrace, Level, LogMessage, Message, OAuthConfigSpecification, OAuthConnectorInput, RawJson,
    RecordMessage, Spec, StateMessage, StreamName, StreamStateMessage, StreamStatus, StreamStatusTrace, TraceMessage,
};
use connector_core::record::{Field, Record};
use connector_core::stream::StreamDescriptor;
use connector_core::{Error, ErrorKind, schema};
use serde_json::json;

const NOW: i64 = 1_795_431_055_797;

fn raw(text: &str) -> RawJson {
    RawJson::parse(text).unwrap()
}

fn users() -> StreamName {
    StreamName::new("users")
}

/// The message leaves as this line, and the line is read as the message.
#[track_caller]
fn line(message: impl Into<Message>, expected: &str) {
    let message = message.into();
    assert_eq!(message.to_line().unwrap(), expected);
    assert_eq!(Message::parse(expected.as_bytes()).unwrap().to_line().unwrap(), expected);
    let mut out = b"before".to_vec();
    message.write_line(&mut out).unwrap();
    assert_eq!(out, format!("before{expected}\n").into_bytes());
}

#[test]
fn a_record_keeps_its_bytes() {
    let data = r#"{"z":1.10,"a":123456789012345678901234567890,"n":null,"e":"\u00e9\/"}"#;
    line(
        RecordMessage::new(&users(), raw(data), NOW),
        &format!(r#"{{"type":"RECORD","record":{{"stream":"users","data":{data},"emitted_at":{NOW}}}}}"#),
    );
}

#[test]
fn a_record_with_namespace_and_changes() {
    let stream = StreamName::new("users").within(Some("crm"));
    line(
        RecordMessage::new(&stream, raw("{}"), NOW).with_changes(vec![Change::nulled("age")]),
        concat!(
            r#"{"type":"RECORD","record":{"stream":"users","namespace":"crm","data":{},"meta":{"changes":["#,
            r#"{"field":"age","change":"NULLED","reason":"SOURCE_SERIALIZATION_ERROR"}]},"emitted_at":1795431055797}}"#
        ),
    );
}

#[test]
fn a_line_break_between_tokens_does_not_break_the_line() {
    let record = RecordMessage::new(&users(), raw("{\n  \"a\":\r\n [1,\n2]\n}"), NOW);
    let line = Message::from(record).to_line().unwrap();
    assert!(line.contains(r#""data":{  "a": [1,2]}"#), "{line}");
}

#[test]
fn the_count_of_a_state_always_has_a_decimal_point() {
    for (count, expected) in
        [(0, "0.0"), (3, "3.0"), (10_000_000, "10000000.0"), (10_000_000_000_000_001, "10000000000000001.0")]
    {
        line(
            StateMessage::stream(users(), raw(r#"{"updated_at":"2024-01-07T00:00:00Z"}"#), count),
            &format!(
                concat!(
                    r#"{{"type":"STATE","state":{{"type":"STREAM","stream":{{"stream_descriptor":{{"name":"users"}},"#,
                    r#""stream_state":{{"updated_at":"2024-01-07T00:00:00Z"}}}},"sourceStats":{{"recordCount":{}}}}}}}"#
                ),
                expected
            ),
        );
    }
}

#[test]
fn a_state_line_without_parsing_is_the_same_line() {
    let stream = StreamName::new("us\"ers").within(Some("crm"));
    let blob = r#"{"id":[1,2.0]}"#;
    let mut fast = Vec::new();
    StateMessage::write_stream_line(&mut fast, &stream, blob.as_bytes(), 12);
    let mut slow = Vec::new();
    Message::from(StateMessage::stream(stream, raw(blob), 12)).write_line(&mut slow).unwrap();
    assert_eq!(fast, slow);
}

#[test]
fn a_global_state() {
    let state: StreamStateMessage =
        serde_json::from_str(r#"{"stream_descriptor":{"name":"users"},"stream_state":{"id":1}}"#).unwrap();
    line(
        StateMessage::global(Some(raw(r#"{"lsn":5}"#)), vec![state], 7),
        concat!(
            r#"{"type":"STATE","state":{"type":"GLOBAL","global":{"shared_state":{"lsn":5},"stream_states":["#,
            r#"{"stream_descriptor":{"name":"users"},"stream_state":{"id":1}}]},"sourceStats":{"recordCount":7.0}}}"#
        ),
    );
}

#[test]
fn logs() {
    line(
        LogMessage::new(Level::Warn, "a \"quoted\"\nline"),
        r#"{"type":"LOG","log":{"level":"WARN","message":"a \"quoted\"\nline"}}"#,
    );
    line(
        LogMessage::new(Level::Fatal, "panicked").with_stack_trace("at main.rs:1"),
        r#"{"type":"LOG","log":{"level":"FATAL","message":"panicked","stack_trace":"at main.rs:1"}}"#,
    );
}

#[test]
fn a_trace_of_an_error() {
    let error = Error::new(ErrorKind::Auth, "the API refused the credentials (401); check `api_token`")
        .with_internal("GET https://api.example.com/users: 401")
        .in_stream("users")
        .in_slice("page 3");
    line(
        TraceMessage::new(ErrorTrace::of(&error, Some("crm")), NOW),
        concat!(
            r#"{"type":"TRACE","trace":{"type":"ERROR","emitted_at":1795431055797,"error":{"message":"#,
            r#""stream `users`, page 3: the API refused the credentials (401); check `api_token`","#,
            r#""internal_message":"GET https://api.example.com/users: 401","failure_type":"config_error","#,
            r#""stream_descriptor":{"name":"users","namespace":"crm"}}}}"#
        ),
    );
    let error = Error::new(ErrorKind::Panic, "a bug").with_failure_type(connector_core::FailureType::Transient);
    line(
        TraceMessage::new(ErrorTrace::of(&error, None).with_stack_trace("at x"), NOW),
        concat!(
            r#"{"type":"TRACE","trace":{"type":"ERROR","emitted_at":1795431055797,"error":{"message":"a bug","#,
            r#""stack_trace":"at x","failure_type":"transient_error"}}}"#
        ),
    );
}

#[test]
fn stream_statuses() {
    let statuses = [
        (StreamStatus::Started, "STARTED"),
        (StreamStatus::Running, "RUNNING"),
        (StreamStatus::Complete, "COMPLETE"),
        (StreamStatus::Incomplete, "INCOMPLETE"),
    ];
    for (status, name) in statuses {
        line(
            TraceMessage::new(StreamStatusTrace::new(users(), status), NOW),
            &format!(
                concat!(
                    r#"{{"type":"TRACE","trace":{{"type":"STREAM_STATUS","emitted_at":1795431055797,"stream_status":"#,
                    r#"{{"stream_descriptor":{{"name":"users"}},"status":"{}"}}}}}}"#
                ),
                name
            ),
        );
    }
    line(
        TraceMessage::new(StreamStatusTrace::rate_limited(users(), Some(NOW + 60_000)), NOW),
        concat!(
            r#"{"type":"TRACE","trace":{"type":"STREAM_STATUS","emitted_at":1795431055797,"stream_status":"#,
            r#"{"stream_descriptor":{"name":"users"},"status":"RUNNING","reasons":[{"type":"RATE_LIMITED","#,
            r#""rate_limited":{"quota_reset":1795431115797}}]}}}"#
        ),
    );
    line(
        TraceMessage::new(StreamStatusTrace::rate_limited(users(), None), NOW),
        concat!(
            r#"{"type":"TRACE","trace":{"type":"STREAM_STATUS","emitted_at":1795431055797,"stream_status":"#,
            r#"{"stream_descriptor":{"name":"users"},"status":"RUNNING","reasons":[{"type":"RATE_LIMITED"}]}}}"#
        ),
    );
}

#[test]
fn estimates_and_analytics() {
    line(
        TraceMessage::new(EstimateTrace::stream(&users(), Some(250), None), NOW),
        concat!(
            r#"{"type":"TRACE","trace":{"type":"ESTIMATE","emitted_at":1795431055797,"#,
            r#""estimate":{"name":"users","type":"STREAM","row_estimate":250}}}"#
        ),
    );
    line(
        TraceMessage::new(AnalyticsTrace::new("source-example-login", Some("oauth".to_owned())), NOW),
        concat!(
            r#"{"type":"TRACE","trace":{"type":"ANALYTICS","emitted_at":1795431055797,"#,
            r#""analytics":{"type":"source-example-login","value":"oauth"}}}"#
        ),
    );
}

#[test]
fn a_changed_config() {
    let message = ControlMessage::connector_config(json!({"refresh_token": "two"}), NOW);
    assert!(!format!("{message:?}").contains("two"), "Debug shows the config");
    line(
        message,
        concat!(
            r#"{"type":"CONTROL","control":{"type":"CONNECTOR_CONFIG","emitted_at":1795431055797,"#,
            r#""connectorConfig":{"config":{"refresh_token":"two"}}}}"#
        ),
    );
}

#[test]
fn the_answers_to_check() {
    line(ConnectionStatus::succeeded(), r#"{"type":"CONNECTION_STATUS","connectionStatus":{"status":"SUCCEEDED"}}"#);
    line(
        ConnectionStatus::failed("no such host"),
        r#"{"type":"CONNECTION_STATUS","connectionStatus":{"status":"FAILED","message":"no such host"}}"#,
    );
}

#[test]
fn a_spec() {
    let raw = json!({"properties": {"b": {"type": "string", "order": 0}, "a": {"type": "string", "order": 1}}});
    let auth = AdvancedAuth {
        auth_flow_type: Some(AuthFlowType::OAuth20),
        predicate_key: vec!["credentials".to_owned(), "auth_type".to_owned()],
        predicate_value: Some("oauth".to_owned()),
        oauth_config_specification: Some(OAuthConfigSpecification {
            oauth_connector_input_specification: Some(OAuthConnectorInput {
                consent_url: "https://x/authorize".to_owned(),
                access_token_url: "https://x/token".to_owned(),
                extract_output: vec!["refresh_token".to_owned()],
                ..OAuthConnectorInput::default()
            }),
            complete_oauth_output_specification: Some(json!({"refresh_token": {"type": "string"}})),
            ..OAuthConfigSpecification::default()
        }),
    };
    line(
        Spec::new(schema::of_config(raw))
            .documentation_url(Some("https://docs.example.com"))
            .supports_incremental(true)
            .advanced_auth(Some(auth)),
        concat!(
            r#"{"type":"SPEC","spec":{"documentationUrl":"https://docs.example.com","connectionSpecification":{"#,
            r#""$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"#,
            r#""b":{"title":"B","type":"string","order":0},"a":{"title":"A","type":"string","order":1}},"#,
            r#""additionalProperties":true},"supportsIncremental":true,"advanced_auth":{"auth_flow_type":"oauth2.0","#,
            r#""predicate_key":["credentials","auth_type"],"predicate_value":"oauth","oauth_config_specification":{"#,
            r#""oauth_connector_input_specification":{"consent_url":"https://x/authorize","#,
            r#""access_token_url":"https://x/token","extract_output":["refresh_token"]},"#,
            r#""complete_oauth_output_specification":{"refresh_token":{"type":"string"}}}},"protocol_version":"0.3.2"}}"#
        ),
    );
}

fn fields() -> &'static [Field] {
    static FIELDS: [Field; 2] =
        [Field::new("updated_at", "", &<String as Record>::SHAPE), Field::new("id", "", &<u64 as Record>::SHAPE)];
    &FIELDS
}

#[test]
fn a_catalog() {
    const ORDERS: StreamDescriptor = StreamDescriptor::new("orders", "What was bought.", fields)
        .primary_key(&[&["id"]])
        .cursor(&["updated_at"], CursorKind::Text);
    const PLAIN: StreamDescriptor = StreamDescriptor::new("plain", "", fields).namespace("crm");
    let schema =
        r#""properties":{"updated_at":{"type":"string"},"id":{"type":"integer"}},"additionalProperties":true}"#;
    line(
        Catalog::new(vec![CatalogStream::of(&ORDERS)]),
        &format!(
            concat!(
                r#"{{"type":"CATALOG","catalog":{{"streams":[{{"name":"orders","json_schema":{{"#,
                r#""$schema":"http://json-schema.org/draft-07/schema#","title":"Orders","description":"What was bought.","#,
                r#""type":"object",{},"supported_sync_modes":["full_refresh","incremental"],"#,
                r#""source_defined_cursor":true,"default_cursor_field":["updated_at"],"#,
                r#""source_defined_primary_key":[["id"]],"is_resumable":true}}]}}}}"#
            ),
            schema
        ),
    );
    let message = Message::from(Catalog::new(vec![CatalogStream::of(&PLAIN)])).to_line().unwrap();
    let tail = r#""supported_sync_modes":["full_refresh"],"namespace":"crm","is_resumable":false}]}}"#;
    assert!(message.ends_with(tail), "{message}");
    let resumable = CatalogStream::of(&PLAIN).resumable(true);
    assert_eq!((resumable.is_resumable, resumable.source_defined_cursor), (Some(true), Some(true)));
}
