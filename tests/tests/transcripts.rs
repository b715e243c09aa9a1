//! The examples do what their transcripts say. `UPDATE_TRANSCRIPTS=1 cargo test -p connector-tests --test transcripts` writes
//! them anew.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use connector_tests::{Api, TOKEN, connector, transcript};
use serde_json::{Value, json};

/// Follows the transcript of an example, with a config made for a fresh API.
fn follow(example: &str, config: impl Fn(&str) -> Value) {
    let api = Api::start().unwrap();
    let origin = api.server.origin();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(example);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.json"), config(&origin).to_string()).unwrap();
    let binary = connector::build(example).unwrap();
    let file = connector::workspace().join("examples").join(example).join("transcript.txt");
    let expected = fs::read_to_string(&file).unwrap();
    // The only thing that can happen between two commands of these transcripts.
    let found = transcript::run(&expected, &binary, &folder, &origin, |_| api.change()).unwrap();
    if std::env::var_os("UPDATE_TRANSCRIPTS").is_some() {
        fs::write(&file, found).unwrap();
    } else if let Some((line, (expected, found))) =
        expected.lines().chain([""]).zip(found.lines().chain([""])).enumerate().find(|(_, (a, b))| a != b)
    {
        panic!("{} line {}:\n expected {expected}\n found    {found}", file.display(), line + 1);
    }
}

fn bearer(origin: &str) -> Value {
    json!({ "base_url": format!("{origin}/v1/"), "api_token": TOKEN })
}

#[test]
fn source_orders_by_hand() {
    follow("source-orders-by-hand", bearer);
}
