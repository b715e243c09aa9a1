//! Faults and warnings of a config.

use connector_core::{ErrorKind, config};
use serde_json::{Value, json};

fn schema() -> Value {
    json!({"type": "object", "required": ["api_token", "region"], "properties": {
        "api_token": {"type": "string", "airbyte_secret": true, "minLength": 8},
        "region": {"type": "string", "enum": ["eu", "us"]},
        "start_date": {"type": "string", "format": "date-time"},
        "until": {"type": "string", "format": "date"},
        "page_size": {"type": "integer", "minimum": 1, "maximum": 100},
        "ratio": {"type": "number", "exclusiveMinimum": 0},
        "shops": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["id"], "properties": {
            "id": {"type": "integer"}, "key": {"type": "string", "airbyte_secret": true}}}},
        "labels": {"type": "object"},
        "credentials": {"type": "object", "oneOf": [
            {"type": "object", "required": ["auth_type", "token"], "properties": {
                "auth_type": {"type": "string", "const": "token"}, "token": {"type": "string", "airbyte_secret": true}}},
            {"type": "object", "required": ["auth_type", "client_id"], "properties": {
                "auth_type": {"type": "string", "const": "oauth"}, "client_id": {"type": "string"},
                "client_secret": {"type": "string", "airbyte_secret": true}}},
        ]},
    }})
}

fn good() -> Value {
    json!({"api_token": "secret-token", "region": "eu"})
}

/// The good config with some fields changed.
fn with(changes: Value) -> Value {
    let mut config = good();
    for (name, value) in changes.as_object().unwrap() {
        config[name] = value.clone();
    }
    config
}

fn reason(config: &Value) -> String {
    let error = config::check(&schema(), config).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    error.to_string().strip_prefix("the config does not fit the spec: ").unwrap().to_owned()
}

#[test]
fn what_fits_has_no_warnings() {
    let all = with(json!({
        "start_date": "2024-01-31T00:00:00+02:00", "until": "2024-02-29", "page_size": 100, "ratio": 0.5,
        "shops": [{"id": 1, "key": "k"}], "labels": {"any": ["thing"]},
        "credentials": {"auth_type": "oauth", "client_id": "x"},
    }));
    for config in [good(), all, with(json!({"start_date": null, "credentials": null, "page_size": null}))] {
        assert_eq!(config::check(&schema(), &config).unwrap(), [], "{config}");
    }
}

#[test]
fn each_fault_names_place_and_expectation() {
    let cases = [
        (with(json!({"api_token": null})), "api_token: missing"),
        (with(json!({"api_token": 5})), "api_token: expected a string, found a number"),
        (with(json!({"api_token": "short"})), "api_token: expected at least 8 characters, found another"),
        (with(json!({"region": "EU"})), r#"region: expected "eu" or "us" (perhaps "eu"), found "EU""#),
        (
            with(json!({"start_date": "2024-01-31"})),
            r#"start_date: expected a date-time with a zone, such as 2024-01-31T00:00:00Z, found "2024-01-31""#,
        ),
        (with(json!({"until": "2023-02-29"})), r#"until: expected a date, such as 2024-01-31, found "2023-02-29""#),
        (with(json!({"page_size": 0})), "page_size: expected at least 1, found 0"),
        (with(json!({"page_size": 101})), "page_size: expected at most 100, found 101"),
        (with(json!({"page_size": 1.5})), "page_size: expected a whole number, found a number with a fraction"),
        (with(json!({"page_size": "5"})), "page_size: expected a whole number, found a string"),
        (with(json!({"ratio": 0})), "ratio: expected more than 0, found 0"),
        (with(json!({"shops": []})), "shops: expected at least 1 items, found 0"),
        (with(json!({"shops": {}})), "shops: expected a list, found an object"),
        (with(json!({"shops": [{"id": 1}, {"id": "2"}]})), "shops[1].id: expected a whole number, found a string"),
        (with(json!({"credentials": {}})), r#"credentials.auth_type: missing; expected "token" or "oauth""#),
        (
            with(json!({"credentials": {"auth_type": "basic"}})),
            r#"credentials.auth_type: expected "token" or "oauth", found "basic""#,
        ),
        (with(json!({"credentials": {"auth_type": "token"}})), "credentials.token: missing"),
        (json!([]), "expected an object, found a list"),
    ];
    for (config, expected) in cases {
        assert_eq!(reason(&config), expected, "{config}");
    }
}

#[test]
fn all_faults_come_at_once() {
    let config = json!({"region": "mars", "page_size": 0, "shops": [{}, {}]});
    assert_eq!(
        reason(&config),
        concat!(
            r#"api_token: missing; page_size: expected at least 1, found 0; region: expected "eu" or "us", found "mars"; "#,
            "shops[0].id: missing; shops[1].id: missing"
        )
    );
    let many: Vec<Value> = (0..30).map(|_| json!({})).collect();
    assert!(reason(&with(json!({"shops": many}))).ends_with("shops[19].id: missing; and 10 more"));
}

#[test]
fn a_misspelt_required_key_is_named_at_the_fault() {
    let config = json!({"api_tokn": "secret-token", "region": "eu"});
    assert_eq!(reason(&config), "api_token: missing (there is an unknown `api_tokn`)");
}

#[test]
fn unknown_keys_are_warnings_with_the_nearest_name() {
    let config = with(json!({
        "start_dat": "x", "colour": 1, "__injected_declarative_manifest": {}, "_limit": 3,
        "shops": [{"id": 1, "kee": "k"}],
        "credentials": {"auth_type": "token", "token": "t", "client_idd": "x"},
    }));
    let warnings = config::check(&schema(), &config).unwrap();
    let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "the config key `credentials.client_idd` is unknown and has no effect",
            "the config key `shops[0].kee` is unknown and has no effect; did you mean `key`?",
            "the config key `colour` is unknown and has no effect",
            "the config key `start_dat` is unknown and has no effect; did you mean `start_date`?",
        ]
    );
}

#[test]
fn no_fault_shows_a_secret() {
    let secret = "hunter2-hunter2";
    for config in [
        json!({"api_token": [secret], "region": "eu"}),
        json!({"api_token": {"token": secret}, "region": "eu"}),
        json!({"api_tokn": secret}),
        with(json!({"shops": [{"id": 1, "key": [secret]}]})),
        with(json!({"credentials": {"auth_type": "token", "token": {"deep": secret}}})),
        json!(secret),
    ] {
        let reason = reason(&config);
        assert!(!reason.contains("hunter2"), "{reason}");
    }
    let short = config::check(
        &json!({"properties": {"k": {"type": "string", "airbyte_secret": true, "maxLength": 3}}}),
        &json!({"k": secret}),
    );
    assert!(!short.unwrap_err().to_string().contains("hunter2"));
}

#[test]
fn a_choice_without_a_tag_takes_any_form_that_fits() {
    let schema = json!({"type": "object", "properties": {"auth": {"type": "object", "oneOf": [
        {"type": "object", "required": ["Token"], "properties": {"Token": {"type": "string"}}},
        {"type": "object", "required": ["Basic"], "properties": {"Basic": {"type": "object"}}},
    ]}}});
    assert_eq!(config::check(&schema, &json!({"auth": {"Basic": {}}})).unwrap(), []);
    let error = config::check(&schema, &json!({"auth": {"Nothing": {}}})).unwrap_err().to_string();
    assert!(error.ends_with("auth: expected one of 2 forms, and it fits none of them"), "{error}");
}
