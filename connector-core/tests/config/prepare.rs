//! From the config as given to the config as the source reads it.

use connector_core::{Mask, Secret, config};
use serde_json::{Value, json};

fn schema() -> Value {
    json!({"type": "object", "required": ["api_token"], "properties": {
        "api_token": {"type": "string", "airbyte_secret": true},
        "name": {"type": "string"},
        "limit": {"type": "integer"},
        "headers": {"type": "object", "airbyte_secret": true},
        "keys": {"type": "array", "items": {"type": "string", "airbyte_secret": true}},
        "credentials": {"type": "object", "oneOf": [
            {"type": "object", "properties": {"kind": {"const": "a"}, "value": {"type": "string", "airbyte_secret": true}}},
            {"type": "object", "properties": {"kind": {"const": "b"}, "value": {"type": "string"}, "note": {"type": "string"}}},
        ]},
    }})
}

fn lookup(name: &str) -> Result<String, String> {
    match name {
        "FIRST" => Ok("first-secret".to_owned()),
        "SECOND" => Ok("second-secret".to_owned()),
        _ => Err("is not set".to_owned()),
    }
}

#[test]
fn secrets_come_from_the_environment_wherever_they_are() {
    let given = json!({
        "api_token": "${FIRST}", "keys": ["plain-key", "${SECOND}"], "headers": {"X-Key": "${FIRST}"},
        "credentials": {"kind": "a", "value": "${SECOND}"},
    });
    let mask = Mask::new();
    let prepared = config::prepare(&schema(), &given, &lookup, &mask).unwrap();
    assert_eq!(
        prepared.config,
        json!({
            "api_token": "first-secret", "keys": ["plain-key", "second-secret"], "headers": {"X-Key": "first-secret"},
            "credentials": {"kind": "a", "value": "second-secret"},
        })
    );
    assert_eq!(mask.mask("first-secret plain-key second-secret"), "*** *** ***");
}

#[test]
fn only_secrets_come_from_the_environment() {
    let given =
        json!({"api_token": "x${FIRST}", "name": "${FIRST}", "credentials": {"kind": "b", "value": "${FIRST}"}});
    let prepared = config::prepare(&schema(), &given, &lookup, &Mask::new()).unwrap();
    assert_eq!(prepared.config, given);
}

#[test]
fn a_missing_variable_is_a_fault_among_the_others() {
    let given = json!({"api_token": "${NOPE}", "limit": "many", "keys": ["${NADA}"]});
    let error = config::prepare(&schema(), &given, &lookup, &Mask::new()).err().unwrap();
    assert_eq!(
        error.to_string(),
        concat!(
            "the config does not fit the spec: api_token: the environment variable `NOPE` is not set; ",
            "keys[0]: the environment variable `NADA` is not set; limit: expected a whole number, found a string"
        )
    );
}

#[test]
fn the_mask_knows_the_secrets_of_a_config_that_does_not_fit() {
    let mask = Mask::new();
    let given = json!({"api_token": "first-secret", "limit": "many"});
    assert!(config::prepare(&schema(), &given, &lookup, &mask).is_err());
    assert!(mask.is_secret("first-secret"));
}

#[test]
fn nulls_of_known_fields_go_so_that_defaults_apply() {
    let given = json!({"api_token": "x", "limit": null, "__own": null, "credentials": {"kind": "b", "value": "v", "note": null}});
    let prepared = config::prepare(&schema(), &given, &lookup, &Mask::new()).unwrap();
    assert_eq!(prepared.config, json!({"api_token": "x", "__own": null, "credentials": {"kind": "b", "value": "v"}}));
}

#[test]
fn the_struct_of_the_source() {
    #[derive(serde::Deserialize)]
    struct Config {
        api_token: Secret,
        #[serde(default)]
        limit: u8,
    }
    let config: Config = config::parse(&json!({"api_token": "abc"})).unwrap();
    assert_eq!((config.api_token.expose(), config.limit), ("abc", 0));
    assert!(!config.api_token.is_empty());
    let error = config::parse::<Config>(&json!({"api_token": "abc", "limit": 300})).err().unwrap();
    assert_eq!(error.to_string(), "the config does not fit: invalid value: integer `300`, expected u8");
}

#[test]
fn a_rotated_token_is_kept_and_references_stay() {
    let given = json!({"a": ["${FIRST}", {"b": "${SECOND}"}], "gone": 1});
    let resolved = json!({"a": ["first-secret", {"b": "second-secret"}], "gone": 1});
    let updated = json!({"a": ["first-secret", {"b": "third-secret"}], "new": 2});
    assert_eq!(
        config::keep_references(&given, &resolved, &updated),
        json!({"a": ["${FIRST}", {"b": "third-secret"}], "new": 2})
    );
    assert_eq!(config::keep_references(&given, &resolved, &resolved), given);
}
