//! The quickstart shows what the README says: everything at first, then only what changed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};

use connector_tests::connector;

/// The records, pages, requests and retries of a stream, once for each table.
fn rows(output: &str, stream: &str) -> Vec<[u32; 4]> {
    let row = |line: &str| {
        let mut words = line.split_whitespace();
        let numbers: Vec<u32> =
            (words.next() == Some(stream)).then(|| words.map_while(|word| word.parse().ok()).collect())?;
        <[u32; 4]>::try_from(numbers.get(..4)?).ok()
    };
    output.lines().filter_map(row).collect()
}

#[test]
fn reads_everything_and_then_what_changed() {
    let binary = connector::build("quickstart").unwrap();
    let output = Command::new(binary).env("TMPDIR", env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let wrong = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}{wrong}");
    assert!(text.contains("SUCCEEDED"), "{text}");
    let (users, orders, posts) = (rows(&text, "users"), rows(&text, "orders"), rows(&text, "posts"));
    assert_eq!((users[0][0], orders[0][0], posts[0][0]), (40, 1200, 80), "{text}");
    assert_eq!(orders[0][1], 24, "{text}");
    let retries: u32 = [users[0], orders[0], posts[0]].iter().map(|row| row[3]).sum();
    assert!(retries > 0, "{text}");
    // What changed, and the rows at the last moment of the first read, for which the filter is inclusive.
    assert_eq!((users[1][0], orders[1][0], posts[1][0]), (1 + 1, 8 + 1, 2), "{text}");
}
