//! Configured catalogs, as platforms and people write them.

use std::path::Path;

use connector_core::ErrorKind;
use connector_core::protocol::{ConfiguredCatalog, ConfiguredStream, DestinationSyncMode, StreamName, SyncMode};
use serde_json::json;

#[test]
fn all_fields_of_the_protocol() {
    let catalog = ConfiguredCatalog::parse(
        &serde_json::to_vec(&json!({"streams": [{
            "stream": {"name": "users", "namespace": "crm", "json_schema": {"type": "object"}, "supported_sync_modes": ["full_refresh"]},
            "sync_mode": "incremental", "destination_sync_mode": "append_dedup", "cursor_field": ["meta", "updated_at"],
            "primary_key": [["id"], ["meta", "region"]], "generation_id": 3, "minimum_generation_id": 2, "sync_id": 12,
            "include_files": true, "destination_object_name": "people", "something": {"new": []},
        }]}))
        .unwrap(),
    )
    .unwrap();
    let stream = &catalog.streams[0];
    assert_eq!(stream.stream, StreamName::new("users").within(Some("crm")));
    assert_eq!(stream.sync_mode, SyncMode::Incremental);
    assert_eq!(stream.destination_sync_mode, Some(DestinationSyncMode::AppendDedup));
    assert_eq!(stream.cursor_field, ["meta", "updated_at"]);
    assert_eq!(stream.primary_key, [vec!["id"], vec!["meta", "region"]]);
    assert_eq!((stream.generation_id, stream.minimum_generation_id, stream.sync_id), (Some(3), Some(2), Some(12)));
    assert_eq!(stream.json_schema, Some(json!({"type": "object"})));
    assert!(stream.include_files);
}

#[test]
fn explicit_nulls_are_missing_fields() {
    let catalog = ConfiguredCatalog::parse(
        br#"{"streams": [{"stream": {"name": "users", "namespace": null, "json_schema": null, "default_cursor_field": null},
            "sync_mode": null, "destination_sync_mode": null, "cursor_field": null, "primary_key": null,
            "generation_id": null, "minimum_generation_id": null, "sync_id": null, "include_files": null}], "extra": null}"#,
    )
    .unwrap();
    assert_eq!(catalog.streams, [ConfiguredStream::new(StreamName::new("users"), SyncMode::FullRefresh)]);
}

#[test]
fn an_unknown_mode_is_kept_for_its_stream_to_fail() {
    let text = br#"{"streams": [{"stream": {"name": "a"}, "sync_mode": "INVALID", "destination_sync_mode": "what"}]}"#;
    let catalog = ConfiguredCatalog::parse(text).unwrap();
    assert_eq!(catalog.streams[0].sync_mode, SyncMode::Other("INVALID".to_owned()));
    assert_eq!(catalog.streams[0].destination_sync_mode, Some(DestinationSyncMode::Other("what".to_owned())));
}

#[test]
fn no_streams_are_no_fault() {
    assert!(ConfiguredCatalog::parse(br#"{"streams": []}"#).unwrap().streams.is_empty());
    assert!(ConfiguredCatalog::parse(b"\xef\xbb\xbf{\"streams\": []}").is_ok());
}

#[test]
fn a_fault_names_its_place() {
    let cases = [
        ("", "the configured catalog is empty"),
        ("  \n", "the configured catalog is empty"),
        ("{\"streams\": [", "the configured catalog is not JSON: EOF while parsing a list at line 1 column 13"),
        ("[]", "the configured catalog does not fit: expected an object, found a list"),
        ("{}", "the configured catalog does not fit: streams: missing"),
        (r#"{"streams": {}}"#, "the configured catalog does not fit: streams: expected a list, found an object"),
        (r#"{"streams": [null]}"#, "the configured catalog does not fit: streams[0]: expected an object, found null"),
        (r#"{"streams": [{}]}"#, "the configured catalog does not fit: streams[0].stream: missing"),
        (
            r#"{"streams": [{"stream": {"name": "a"}}, {"stream": {"name": null}}]}"#,
            "the configured catalog does not fit: streams[1].stream.name: missing",
        ),
        (
            r#"{"streams": [{"stream": {"name": 3}}]}"#,
            "the configured catalog does not fit: streams[0].stream.name: expected a string, found a number",
        ),
        (
            r#"{"streams": [{"stream": {"name": "a"}, "primary_key": ["id"]}]}"#,
            "the configured catalog does not fit: streams[0].primary_key[0]: expected a list, found a string",
        ),
        (
            r#"{"streams": [{"stream": {"name": "a"}, "sync_id": "7"}]}"#,
            "the configured catalog does not fit: streams[0].sync_id: expected a whole number, found a string",
        ),
        (
            r#"{"streams": [{"stream": {"name": "a"}}, {"stream": {"name": "a", "namespace": ""}}]}"#,
            "the configured catalog lists the stream `a` twice",
        ),
    ];
    for (text, expected) in cases {
        let error = ConfiguredCatalog::parse(text.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Catalog, expected), "{text}");
    }
}

#[test]
fn what_cannot_be_read_names_the_file() {
    let error = ConfiguredCatalog::read(Path::new("no/such/catalog.json")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Catalog);
    assert_eq!(error.to_string(), "there is no configured catalog file `no/such/catalog.json`; check the path");
}

#[test]
fn a_catalog_that_we_write_is_one_that_we_read() {
    let mut stream = ConfiguredStream::new(StreamName::new("a").within(Some("b")), SyncMode::Incremental);
    stream.cursor_field = vec!["at".to_owned()];
    stream.primary_key = vec![vec!["id".to_owned()]];
    stream.sync_id = Some(1);
    stream.include_files = true;
    stream.json_schema = Some(json!({"type": "object"}));
    stream.destination_sync_mode = Some(DestinationSyncMode::Overwrite);
    let catalog = ConfiguredCatalog::new(vec![stream]);
    assert_eq!(ConfiguredCatalog::parse(&serde_json::to_vec(&catalog).unwrap()).unwrap(), catalog);
}
