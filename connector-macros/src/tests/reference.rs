//! The reference of the attributes is written from the table that the parser reads.
//!
//! `UPDATE_REFERENCE=1 cargo test -p connector-macros reference` writes it anew.

use crate::keys::{
    ADD, AUTHENTICATORS, Attribute, CONFIG, CURSOR, HTTP, JOB, Key, ON, PAGINATE, PARTITION, PRIMARY_KEY, RECORD,
    REMOVE, SENT, SOURCE, STATE, Shape, TRANSFORM, VARIANTS,
};
use std::fmt::Write as _;
use std::{env, fs};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/attributes.md");
const COPY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/attributes.md");

#[test]
fn the_reference_is_the_table() {
    let text = render();
    if env::var_os("UPDATE_REFERENCE").is_some() {
        fs::write(FILE, &text).unwrap();
        fs::write(COPY, &text).unwrap();
    }
    assert!(
        fs::read_to_string(FILE).unwrap() == text,
        "connector-macros/docs/attributes.md is not what the table says; UPDATE_REFERENCE=1"
    );
    if let Ok(copy) = fs::read_to_string(COPY) {
        assert!(copy == text, "docs/attributes.md is not what the table says; UPDATE_REFERENCE=1");
    }
}

#[test]
fn every_key_has_its_words() {
    for attribute in [&HTTP, &PAGINATE, &JOB, &CURSOR, &ON, &SOURCE, &CONFIG, &STATE] {
        for key in attribute.keys {
            assert!(key.doc.ends_with('.'), "{}: {}", attribute.name, key.name);
            assert!(key.example.contains(key.name), "{}: {}", attribute.name, key.name);
            syn::parse_str::<syn::Meta>(&format!("x({})", key.example)).unwrap();
        }
    }
}

fn render() -> String {
    let mut out = String::from(include_str!("../../docs/attributes.head.md"));
    for attribute in [
        &SOURCE,
        &CONFIG,
        &HTTP,
        &PAGINATE,
        &JOB,
        &PRIMARY_KEY,
        &CURSOR,
        &PARTITION,
        &TRANSFORM,
        &VARIANTS,
        &ADD,
        &REMOVE,
        &ON,
        &RECORD,
        &STATE,
    ] {
        section(attribute, &mut out);
        if attribute.name == "source" {
            authenticators(&mut out);
        }
    }
    out.push_str(include_str!("../../docs/attributes.tail.md"));
    out
}

fn section(attribute: &Attribute, out: &mut String) {
    let Attribute { name, place, doc, example, keys, .. } = attribute;
    write!(out, "\n## `#[{name}]`: on {place}\n\n{doc}\n\n```text\n{example}\n```\n").unwrap();
    table(keys, out);
    for key in *keys {
        if let Shape::Keys(inner) = key.shape {
            write!(out, "\nIn `{}(…)`:\n", key.name).unwrap();
            table(inner, out);
        }
    }
}

fn table(keys: &[Key], out: &mut String) {
    if keys.is_empty() {
        return;
    }
    out.push_str("\n| key | takes | meaning | without it | example |\n|---|---|---|---|---|\n");
    for Key { name, shape, doc, default, example, several: _ } in keys {
        let default = if *default == "due" { "an error" } else { default };
        writeln!(out, "| `{name}` | {} | {doc} | {default} | `{example}` |", shape.words()).unwrap();
    }
}

fn authenticators(out: &mut String) {
    out.push_str(
        "\n### Authenticators: what `auth = …` knows by name\n\n| name | meaning | example |\n|---|---|---|\n",
    );
    for known in AUTHENTICATORS {
        writeln!(out, "| `{}` | {} | `{}` |", known.name, known.doc, known.example).unwrap();
    }
    for known in AUTHENTICATORS.iter().filter(|known| !known.keys.is_empty()) {
        write!(out, "\nIn `{}(…)`:\n", known.name).unwrap();
        table(known.keys, out);
    }
    out.push_str("\nIn `sent(…)`, one place and a prefix:\n");
    table(SENT, out);
    out.push_str(
        "\nA template in a credential, `bearer(\"{config.id}:{config.secret}\")`, may hold secrets, and is one. Its value may call \
         `base64(…)`, `sha256(…)` and `hmac_sha256(key, …)` (both in hexadecimal): `header(\"Authorization\", base64(\"{config.id}:{config.secret}\"))`.\n",
    );
}
