//! What a newcomer wants to see, step by step.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::api::{Api, TOKEN};
use crate::{ROLE, table};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Check, discover, a full read, a change at the source, an incremental read.
pub fn walk() -> Outcome {
    let api = Api::start()?;
    let folder = fresh_folder()?;
    fs::write(folder.join("config.json"), json!({ "base_url": api.base_url(), "api_token": TOKEN }).to_string())?;
    println!("A shop's API answers at {} and wants a token.", api.base_url());

    step("1. check: can the connector get in?", "check --config config.json");
    let status = only(&run(&folder, &["check", "--config", "config.json"])?, "connectionStatus")?;
    println!("{}", text(&status["status"]));

    step("2. discover: what is there to read?", "discover --config config.json > catalog.json");
    let catalog = run(&folder, &["discover", "--config", "config.json"])?;
    fs::write(folder.join("catalog.json"), &catalog)?;
    describe(&only(&catalog, "catalog")?);

    step("3. read everything", "read --config config.json --state-file state.json > first.jsonl");
    api.take_log();
    read(&api, &folder, "first.jsonl")?;

    println!("\nMeanwhile: one user renamed, three orders sent, five orders and two posts are new.");
    api.change();

    step("4. read again: only what changed", "read --config config.json --state-file state.json > second.jsonl");
    read(&api, &folder, "second.jsonl")?;

    println!("\nConfig, catalog, state and the output of both reads lie in {}", folder.display());
    println!("The connector itself is examples/quickstart/src/shop.rs.");
    Ok(())
}

fn step(title: &str, command: &str) {
    println!("\n{title}\n   $ source-shop {command}");
}

/// Runs the connector; its standard output. What it tells a person (standard error) goes to the person.
fn run(folder: &Path, args: &[&str]) -> Outcome<String> {
    let output = connector(folder, args)?.stdout(Stdio::piped()).spawn()?.wait_with_output()?;
    let text = String::from_utf8(output.stdout)?;
    if output.status.success() { Ok(text) } else { Err(format!("the connector failed: {text}").into()) }
}

fn read(api: &Api, folder: &Path, file: &str) -> Outcome {
    let path = folder.join(file);
    let args = ["read", "--config", "config.json", "--state-file", "state.json"];
    let status = connector(folder, &args)?.stdout(File::create(&path)?).status()?;
    if !status.success() {
        return Err(format!("the read failed; see {}", path.display()).into());
    }
    println!("{}", table::of(&fs::read_to_string(&path)?, &api.take_log())?);
    Ok(())
}

fn connector(folder: &Path, args: &[&str]) -> Outcome<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(args).current_dir(folder).env(ROLE, "1").stdin(Stdio::null());
    Ok(command)
}

/// A folder under the system's temporary one, empty at the start of each tour.
fn fresh_folder() -> Outcome<PathBuf> {
    let folder = std::env::temp_dir().join("connector-quickstart");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The one message of the output that has this key, without its envelope.
fn only(output: &str, key: &str) -> Outcome<Value> {
    for line in output.lines() {
        let mut message: Value = serde_json::from_str(line)?;
        if let Some(found) = message.get_mut(key) {
            return Ok(found.take());
        }
    }
    Err(format!("the connector wrote no {key}").into())
}

fn describe(catalog: &Value) {
    for stream in catalog["streams"].as_array().into_iter().flatten() {
        let fields = stream["json_schema"]["properties"].as_object().map_or(0, serde_json::Map::len);
        let list = |value: &Value| -> Vec<String> { value.as_array().into_iter().flatten().map(text).collect() };
        println!(
            "{:8} {fields} fields, key {}, cursor {}; {}",
            text(&stream["name"]),
            stream["source_defined_primary_key"]
                .as_array()
                .map_or_else(String::new, |key| key.iter().flat_map(list).collect()),
            list(&stream["default_cursor_field"]).join("."),
            list(&stream["supported_sync_modes"]).join(" or "),
        );
    }
}

/// A string without its quotes.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
