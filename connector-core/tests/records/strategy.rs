//! Arbitrary JSON texts.

use proptest::prelude::*;

/// Whitespace between tokens.
fn space() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(""), 1 => Just(" "), 1 => Just("\n\t "), 1 => Just("\r\n")]
}

fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z0-9 ]{0,24}",
        1 => Just("é😀".to_owned()),
        1 => Just(r#"\"\\\/\b\f\n\r\t"#.to_owned()),
        1 => Just(r"\u00e9\ud83d\ude00".to_owned()),
        1 => Just("{[,:]}".to_owned()),
    ];
    prop::collection::vec(piece, 0..3).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i8>().prop_map(|n| n.to_string()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u128>().prop_map(|n| n.to_string()),
        "-?(0|[1-9][0-9]{0,24})(\\.[0-9]{1,12})?([eE][+-]?[0-9]{1,2})?",
        prop::sample::select(vec![
            "-0",
            "0",
            "-0.0",
            "1.0",
            "255",
            "256",
            "-1",
            "-128",
            "-129",
            "127",
            "128",
            "18446744073709551615",
            "18446744073709551616",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "170141183460469231731687303715884105727",
            "170141183460469231731687303715884105728",
            "340282366920938463463374607431768211455",
            "340282366920938463463374607431768211456",
        ])
        .prop_map(str::to_owned),
    ]
}

/// Strings that mean something to one of the tables.
fn telling() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        r#""2026-01-31T12:00:00Z""#,
        r#""2026-02-30T12:00:00Z""#,
        r#""2026-01-31 12:00:00+01:00""#,
        r#""2026-01-31""#,
        r#""2026-1-3""#,
        r#""12.50""#,
        r#""1e3""#,
        r#""x""#,
        r#""red""#,
        r#""r\u0065d""#,
        r#""grün""#,
        r#"{"red":null}"#,
        r#"{"red":1}"#,
        r#""127.0.0.1""#,
        r#""127.0.0.1\u0030""#,
        "[7,true]",
        "[7]",
        r#"[1,"x",null]"#,
        r#"[1]"#,
        r#"[1,"x",null,4]"#,
    ])
    .prop_map(str::to_owned)
}

fn key() -> impl Strategy<Value = String> {
    let names = vec![
        "id", "small", "signed", "huge", "huger", "float", "text", "yes", "at", "day", "price", "tags", "prices",
        "color", "inner", "any", "key", "name", "children", "extra",
    ];
    prop_oneof![
        12 => prop::sample::select(names).prop_map(|name| format!("\"{name}\"")),
        1 => Just(r#""\u0069d""#.to_owned()),
        1 => Just(r#""t\u0065xt""#.to_owned()),
        2 => string(),
    ]
}

fn object(value: impl Strategy<Value = String> + Clone, most: usize) -> impl Strategy<Value = String> {
    let member = (space(), key(), space(), space(), value, space());
    prop::collection::vec(member.prop_map(|(a, key, b, c, value, d)| format!("{a}{key}{b}:{c}{value}{d}")), 0..most)
        .prop_map(|members| if members.is_empty() { "{ }".to_owned() } else { format!("{{{}}}", members.join(",")) })
}

/// Any JSON value.
pub(crate) fn value() -> impl Strategy<Value = String> + Clone {
    let leaf = prop_oneof![
        2 => string(),
        4 => number(),
        3 => telling(),
        2 => prop::sample::select(vec!["true", "false", "null", "null"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let item = (space(), inner.clone(), space()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let list = prop::collection::vec(item, 0..4);
        prop_oneof![list.prop_map(|items| format!("[{}]", items.join(","))), object(inner, 5)]
    })
    .boxed()
}

/// Any JSON object; its keys are often those of the tables, and may stand twice.
pub(crate) fn record() -> impl Strategy<Value = String> + Clone {
    object(value(), 7).boxed()
}
