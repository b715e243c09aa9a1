//! The page of the documentation that holds all defaults is printed from the code: from `Limits`, and from the table of statuses.
//! `UPDATE_DEFAULTS=1 cargo test -p connector-tests --test defaults` writes it anew.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use connector_core::Limits;

const HEAD: &str = "# Defaults

A source changes them in `Source::limits`, a program that embeds it with `Connector::with_limits`; what an author
declares for a stream (rules, pages, quotas) counts more.

Made by `UPDATE_DEFAULTS=1 cargo test -p connector-tests --test defaults`.

## Limits

| limit | default | meaning |
|---|---|---|
";

/// A file of the workspace.
fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// The doc comment above a line that begins like this, as one line.
fn doc_above(source: &str, line: &str) -> String {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let at = lines.iter().position(|found| found.starts_with(line)).unwrap_or_else(|| panic!("no `{line}`"));
    let docs = lines[..at].iter().rev().map_while(|line| line.strip_prefix("///")).map(str::trim);
    let mut docs: Vec<_> = docs.collect();
    docs.reverse();
    docs.join(" ")
}

/// A value of `{:?}` as people say it.
fn human(name: &str, value: &str) -> String {
    if let Some(seconds) = value.strip_suffix('s').and_then(|number| number.parse::<u64>().ok()) {
        return match seconds {
            0..120 => format!("{seconds} s"),
            _ if seconds % 3600 == 0 => format!("{} h", seconds / 3600),
            _ => format!("{} min", seconds / 60),
        };
    }
    match value.parse::<u64>() {
        Ok(bytes) if name.ends_with("_bytes") && bytes >= 1 << 20 => format!("{} MiB", bytes >> 20),
        Ok(bytes) if name.ends_with("_bytes") => format!("{} KiB", bytes >> 10),
        _ => value.to_owned(),
    }
}

fn render() -> String {
    let mut page = HEAD.to_owned();
    let limits = source("connector-core/src/limits.rs");
    let printed = format!("{:#?}", Limits::default());
    let fields = printed.lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(',')?.split_once(": "));
    for (name, value) in fields {
        let meaning = doc_above(&limits, &format!("pub {name}:"));
        writeln!(page, "| `{name}` | {} | {meaning} |", human(name, value)).unwrap();
    }
    page.push_str("\n## What a status means, where no rule of the author speaks\n\n");
    let table = source("connector-http/src/classify/table.rs");
    for row in table.lines().filter_map(|line| line.strip_prefix("/// |")) {
        writeln!(page, "|{row}").unwrap();
    }
    page
}

#[test]
fn the_page_is_what_the_code_says() {
    let page = render();
    assert!(page.contains("| `tries` | 5 |") && page.contains("| `rate_limit_time` | 2 h |"), "{page}");
    assert!(page.contains("| 429 |") || page.contains("429 | a rate limit |"), "{page}");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/defaults.md");
    if std::env::var_os("UPDATE_DEFAULTS").is_some() {
        fs::write(&file, &page).unwrap();
    }
    assert!(fs::read_to_string(&file).is_ok_and(|committed| committed == page), "docs/defaults.md: UPDATE_DEFAULTS=1");
}
