//! Secrets do not survive the mask in any form, and nothing else is touched.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use connector_core::Mask;
use proptest::prelude::*;
use serde_json::json;

fn mask(secrets: &[&str]) -> Mask {
    let mask = Mask::new();
    secrets.iter().for_each(|secret| mask.add(secret));
    mask
}

/// Percent-encodes all but what a set keeps; upper or lower hex.
fn percent(text: &str, keep: &str, upper: bool) -> String {
    let encode = |byte: u8| match char::from(byte) {
        c if c.is_ascii_alphanumeric() || (byte.is_ascii() && keep.contains(c)) => c.to_string(),
        _ if upper => format!("%{byte:02X}"),
        _ => format!("%{byte:02x}"),
    };
    text.bytes().map(encode).collect()
}

/// The secret in the forms in which clients, servers and loggers write it.
fn forms(secret: &str) -> Vec<String> {
    let unquoted = |text: String| text[1..text.len() - 1].to_owned();
    let json = unquoted(json!(secret).to_string());
    let ascii: String = json.chars().map(|c| if c.is_ascii() { c.to_string() } else { escaped(c) }).collect();
    let user = |name: &str| STANDARD.encode(format!("{name}:{secret}"));
    vec![
        secret.to_owned(),
        json.clone(),
        ascii,
        json.replace('/', "\\/"),
        unquoted(format!("{secret:?}")),
        percent(secret, "-._~", true),
        percent(secret, "-._~", false),
        percent(secret, "-._~!$&'()*+,;=:@/", true),
        percent(secret, "*-._ ", true).replace(' ', "+"),
        percent(&percent(secret, "-._~", true), "-._~", true),
        percent(&json, "-._~", true),
        STANDARD.encode(secret),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        percent(&STANDARD.encode(secret), "", true),
        user(""),
        user("a"),
        user("ab"),
    ]
}

fn escaped(character: char) -> String {
    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

#[test]
fn every_form_of_a_secret_is_masked() {
    let secret = "p@ß w/\"ö\\rd+%41~*\u{1F511}end";
    let mask = mask(&[secret]);
    for form in forms(secret) {
        let text = format!("GET https://x/?key={form}&page=2");
        let masked = mask.mask(&text);
        assert!(masked.starts_with("GET https://x/?key="), "{masked}");
        assert!(masked.contains("***"), "{form} survived: {masked}");
    }
    assert_eq!(mask.mask(&format!("a {secret} b")), "a *** b");
}

#[test]
fn a_stray_escape_character_in_front_hides_nothing() {
    let secret = "pass/word 1\"2";
    let mask = mask(&[secret]);
    for form in
        [percent(secret, "-._~", true), "pass/word 1\\\"2".to_owned(), percent(&STANDARD.encode(secret), "-._~", true)]
    {
        for stray in ["%", "%%", "%4", "\\", "\\u", "+"] {
            assert_eq!(mask.mask(&format!("{stray}{form}")), format!("{stray}***"));
        }
    }
}

#[test]
fn basic_credentials_are_masked_within_their_base64() {
    let mask = mask(&["correct horse battery"]);
    for user in ["", "u", "us", "use", "user"] {
        let header = format!("Authorization: Basic {}", STANDARD.encode(format!("{user}:correct horse battery")));
        let masked = mask.mask(&header);
        let rest = masked.strip_prefix("Authorization: Basic ").unwrap();
        assert!(rest.contains("***"), "{masked}");
        // What is left decodes to the user's name at most.
        let left: String = rest.chars().take_while(|c| *c != '*').collect();
        assert!(left.len() <= (user.len() + 1) * 4 / 3, "{masked}");
        assert!(rest.trim_end_matches('=').ends_with("***"), "{masked}");
    }
}

#[test]
fn what_is_no_secret_is_borrowed_and_unchanged() {
    let mask = mask(&["hunter2", "abc"]);
    for text in ["", "plain", "50% off + more \\n", "abcdef", "{\"hunter\":2}"] {
        assert!(matches!(mask.mask(text), Cow::Borrowed(same) if same == text), "{text}");
    }
    assert!(matches!(Mask::new().mask("anything"), Cow::Borrowed(_)));
}

#[test]
fn a_short_secret_is_masked_only_as_a_whole_value() {
    let mask = mask(&["x", "é!z"]);
    assert_eq!(mask.mask("unexpected é!z"), "unexpected é!z");
    for value in ["x", "é!z", "%C3%A9%21z", "\\u00e9!z"] {
        assert!(mask.is_secret(value), "{value}");
        assert_eq!(mask.mask_value(value), "***");
    }
    assert_eq!(mask.mask_value("xy"), "xy");
    assert!(!mask.is_secret(""));
}

#[test]
fn secrets_that_overlap_leave_nothing_between_them() {
    let mask = mask(&["abcdef", "defghi", "abcdefghijkl", "bcde"]);
    assert_eq!(mask.mask("-abcdefghi-"), "-***-");
    assert_eq!(mask.mask("-abcdefghijkl-"), "-***-");
    assert_eq!(mask.mask("aaaa"), "aaaa");
    let repeated = mask_of_repeated();
    assert_eq!(repeated.mask("xaaaaaay"), "x***y");
}

fn mask_of_repeated() -> Mask {
    mask(&["aaaa"])
}

#[test]
fn a_key_in_lines_is_masked_line_by_line() {
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----\n";
    let mask = mask(&[key]);
    assert_eq!(mask.mask(&format!("key: {key}")), "key: ***");
    assert_eq!(mask.mask("line 2: AASCBKcwggSjAgEAAoIBAQC7"), "line 2: ***");
    assert_eq!(mask.mask(&json!({ "key": key }).to_string()), "{\"key\":\"***\"}");
    assert_eq!(mask.mask("-----BEGIN PRIVATE KEY-----"), "-----BEGIN PRIVATE KEY-----");
}

#[test]
fn clones_share_what_is_added_later() {
    let first = Mask::new();
    let second = first.clone();
    first.add("rotated-token");
    first.add("   ");
    first.add("");
    assert_eq!(second.mask("token rotated-token"), "token ***");
    assert_eq!(format!("{second:?}"), "Mask(1 secrets)");
}

#[test]
fn the_secrets_of_a_config_are_found_by_its_schema() {
    let schema = json!({"properties": {
        "token": {"type": "string", "airbyte_secret": true},
        "name": {"type": "string"},
        "pin": {"type": "integer", "airbyte_secret": true},
        "keys": {"type": "array", "items": {"type": "string", "airbyte_secret": true}},
        "headers": {"type": "object", "airbyte_secret": true},
        "credentials": {"oneOf": [
            {"properties": {"kind": {"const": "a"}}},
            {"properties": {"kind": {"const": "b"}, "password": {"type": "string", "airbyte_secret": true}}},
        ]},
        "nested": {"properties": {"deep": {"type": "string", "airbyte_secret": true}}},
    }});
    let mask = Mask::new();
    mask.collect(&schema, &json!({
        "token": "secret-1", "name": "innocent", "pin": 12345, "keys": ["secret-2", "secret-3"],
        "headers": {"X-Key": "secret-4"}, "credentials": {"kind": "b", "password": "secret-5"}, "nested": {"deep": "secret-6"},
        "unknown": "innocent",
    }));
    for secret in ["secret-1", "secret-2", "secret-3", "secret-4", "secret-5", "secret-6", "12345"] {
        assert_eq!(mask.mask(secret), "***");
    }
    assert_eq!(mask.mask("innocent X-Key b"), "innocent X-Key b");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// `*` is left out, since the stars themselves could spell such a secret.
    #[test]
    fn no_secret_survives_in_any_form(
        secret in "[^*\\s]{1,3}[^*]{2,20}[^*\\s]",
        other in "[a-z]{4,8}",
        before in "[^*%\\\\]{0,10}",
        after in "[^*]{0,10}",
    ) {
        prop_assume!(secret.chars().count() >= 4);
        let mask = mask(&[&secret, &other]);
        for form in forms(&secret).into_iter().take(16) {
            let text = format!("{before}{form}{after}");
            let masked = mask.mask(&text);
            let count = |text: &str| text.matches(form.as_str()).count();
            // The form may stand in the text around it by chance only if that part was masked, too.
            prop_assert_eq!(count(&masked), 0, "{:?} in {:?}", form, masked);
        }
    }

    #[test]
    fn any_text_is_masked_without_panic(secret in ".{0,12}", text in ".{0,60}") {
        let masked = mask(&[&secret]).mask(&text).into_owned();
        prop_assert!(secret.chars().count() < 4 || secret.trim().is_empty() || secret.contains('*') || !masked.contains(&secret));
    }
}
