//! The program as operators and people at a shell meet it: options, files, exit codes, signals, a reader that goes away.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use connector_tests::messages;
use serde_json::{Value, json};

/// A folder of this test, and files in it.
struct Files(PathBuf);

impl Files {
    fn new(test: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn with(&self, name: &str, content: &Value) -> String {
        self.with_text(name, &content.to_string())
    }

    fn with_text(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_source-numbers"));
    command.args(args).stdin(Stdio::null()).env_remove("RUST_LOG");
    command
}

fn run(args: &[&str]) -> Output {
    let output = command(args).output().unwrap();
    if let Some(verb @ ("spec" | "check" | "discover" | "read")) = args.first().copied()
        && !args.iter().any(|arg| ["--format", "--help", "--version"].contains(arg))
    {
        messages::keep(env!("CARGO_TARGET_TMPDIR"), verb, output.status.code().unwrap_or(-1), &output.stdout);
    }
    output
}

fn spawn(args: &[&str]) -> Child {
    command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    assert!(output.stdout.is_empty() || output.stdout.ends_with(b"\n"), "the last line is whole");
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

fn of_type<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

fn errors(lines: &[Value]) -> Vec<&Value> {
    lines.iter().filter(|line| line["trace"]["type"] == "ERROR").map(|line| &line["trace"]["error"]).collect()
}

fn catalog(streams: &[&str]) -> Value {
    let stream = |name: &&str| {
        json!({"stream": {"name": name, "json_schema": {}, "supported_sync_modes": ["full_refresh"]},
        "sync_mode": "incremental", "destination_sync_mode": "append"})
    };
    json!({"streams": streams.iter().map(stream).collect::<Vec<_>>()})
}

#[test]
fn spec_and_discover_need_nothing() {
    let output = run(&["spec"]);
    assert!(output.status.success());
    let spec = lines(&output);
    assert_eq!(spec.len(), 1);
    assert_eq!(spec[0]["spec"]["connectionSpecification"]["properties"]["numbers"]["type"], "integer");
    let output = run(&["discover"]);
    assert!(output.status.success());
    let streams = &lines(&output)[0]["catalog"]["streams"];
    assert_eq!(streams[0]["supported_sync_modes"], json!(["full_refresh", "incremental"]));
    assert_eq!(streams[0]["default_cursor_field"], json!(["n"]));
    assert_eq!(streams[1]["supported_sync_modes"], json!(["full_refresh"]));
}

#[test]
fn help_and_version_are_text_on_stdout() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    assert!(help.contains("--state-file FILE") && help.contains("source-numbers 1.0.0"), "{help}");
    assert_eq!(run(&["read", "--version"]).stdout, b"source-numbers 1.0.0\n");
}

#[test]
fn a_wrong_command_line_is_one_config_error_on_stdout() {
    let files = Files::new("wrong_command_line");
    let config = files.with("c.json", &json!({}));
    let cases: [(&[&str], &str); 9] = [
        (&[], "no command was given"),
        (&["raed"], "there is no command `raed`; did you mean `read`?"),
        (&["read", "--cofnig", "x"], "there is no option --cofnig; did you mean --config?"),
        (&["read"], "--config FILE is missing"),
        (&["read", "--config"], "missing argument for option '--config'"),
        (&["spec", "discover"], "`discover` is one word too many"),
        (&["read", "--config", &config, "--limit", "many"], "--limit takes a number of records, not `many`"),
        (&["read", "--config", &config, "--format", "csv"], "--format is `protocol` or `records`, not `csv`"),
        (
            &["read", "--config", &config, "--streams", "lettres"],
            "the source has no stream `lettres`; did you mean `letters`?",
        ),
    ];
    for (args, expected) in cases {
        let output = run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(output.stderr.is_empty(), "{args:?}");
        let lines = lines(&output);
        let errors = errors(&lines);
        assert_eq!(errors.len(), 1, "{args:?}: {lines:?}");
        assert_eq!(errors[0]["failure_type"], "config_error");
        let message = errors[0]["message"].as_str().unwrap();
        assert!(message.starts_with(expected), "{args:?}: {message}");
    }
}

#[test]
fn files_that_cannot_be_read_stop_before_the_first_record() {
    let files = Files::new("bad_files");
    let good = files.with("c.json", &json!({}));
    let bad = files.with_text("bad.json", "{\"numbers\": 1,");
    let nowhere = files.path("nowhere.json");
    let list = files.with("list.json", &json!([1]));
    let wrong = files.with("wrong.json", &json!({"numbers": "many", "page": true}));
    let catalog = files.with("k.json", &catalog(&["numbers"]));
    let cases: [(&[&str], &str); 7] = [
        (&["--config", &nowhere], "nowhere.json"),
        (&["--config", &bad], "bad.json"),
        (&["--config", &list], "list.json"),
        (&["--config", &wrong], "numbers"),
        (&["--config", &good, "--catalog", &bad], "bad.json"),
        (&["--config", &good, "--catalog", &nowhere], "nowhere.json"),
        (&["--config", &good, "--catalog", &catalog, "--state", &bad], "bad.json"),
    ];
    for (args, expected) in cases {
        let output = run(&[&["read"], args].concat());
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let lines = lines(&output);
        assert!(of_type(&lines, "RECORD").is_empty(), "{args:?}");
        let errors = errors(&lines);
        assert_eq!(errors.len(), 1, "{args:?}: {lines:?}");
        assert_eq!(errors[0]["failure_type"], "config_error", "{args:?}");
        let message = errors[0]["message"].as_str().unwrap();
        assert!(message.contains(expected) && !message.contains('\n'), "{args:?}: {message}");
    }
}

#[test]
fn check_answers_every_failure_with_exit_0() {
    let files = Files::new("check");
    let good = files.with("c.json", &json!({}));
    let wrong = files.with("wrong.json", &json!({"numbers": "many"}));
    let panics = files.with("panics.json", &json!({"panic": "numbers"}));
    for (config, status) in
        [(&good, "SUCCEEDED"), (&wrong, "FAILED"), (&files.path("nowhere.json"), "FAILED"), (&panics, "SUCCEEDED")]
    {
        let output = run(&["check", "--config", config]);
        assert!(output.status.success(), "{config}");
        let lines = lines(&output);
        let answers = of_type(&lines, "CONNECTION_STATUS");
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0]["connectionStatus"]["status"], status, "{config}: {lines:?}");
        assert_eq!(answers[0]["connectionStatus"]["message"].is_string(), status == "FAILED");
        assert!(of_type(&lines, "TRACE").is_empty(), "{config}: {lines:?}");
    }
}

#[test]
fn a_failed_stream_is_exit_1_and_the_others_are_read() {
    let files = Files::new("failed_stream");
    let config = files.with("c.json", &json!({"panic": "letters"}));
    let catalog = files.with("k.json", &catalog(&["letters", "numbers", "nonsense"]));
    let output = run(&["read", "--config", &config, "--catalog", &catalog]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = lines(&output);
    let errors = errors(&lines);
    let streams: Vec<_> = errors.iter().map(|error| error["stream_descriptor"]["name"].as_str().unwrap()).collect();
    assert_eq!(streams, ["nonsense", "letters"]);
    assert_eq!(errors[1]["failure_type"], "system_error");
    assert!(errors[1]["internal_message"].as_str().unwrap().contains("numbers/memory.rs"), "{}", errors[1]);
    let done = lines.iter().filter(|line| line["trace"]["stream_status"]["status"] == "COMPLETE").count();
    assert_eq!(done, 1);
}

#[test]
fn a_state_file_is_kept_and_used() {
    let files = Files::new("state_file");
    let nine = files.with("nine.json", &json!({"numbers": 9}));
    let twelve = files.with("twelve.json", &json!({"numbers": 12}));
    let state = files.path("state.json");
    for (config, records) in [(&nine, 9), (&twelve, 4)] {
        let output = run(&["read", "--config", config, "--streams", "numbers", "--state-file", &state]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(of_type(&lines(&output), "RECORD").len(), records);
    }
    let kept: Value = serde_json::from_slice(&std::fs::read(&state).unwrap()).unwrap();
    assert_eq!(kept[0]["stream"]["stream_state"], json!({"n": 12}));
}

#[test]
fn bare_records_are_all_that_stdout_shows() {
    let files = Files::new("bare");
    let config = files.with("c.json", &json!({"numbers": 1000}));
    let output = run(&["read", "-c", &config, "--streams", "numbers", "--format", "records", "--limit", "3"]);
    assert!(output.status.success());
    assert_eq!(output.stdout, b"{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
}

#[test]
fn text_logs_go_to_stderr_and_leave_stdout_alone() {
    let files = Files::new("text_logs");
    let config = files.with("c.json", &json!({}));
    let output = run(&["read", "-c", &config, "--streams", "letters", "--log-format", "text"]);
    assert!(of_type(&lines(&output), "LOG").is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("stream `letters`: 2 records emitted of 2 found; 1 page,"), "{text}");
}

#[test]
fn a_reader_that_goes_away_ends_the_process_quietly() {
    let files = Files::new("closed_stdout");
    let config = files.with("c.json", &json!({"numbers": 3_000_000, "page": 1000}));
    let mut child = spawn(&["read", "--config", &config, "--streams", "numbers"]);
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[cfg(unix)]
fn sigterm_ends_the_sync_in_order() {
    let files = Files::new("sigterm");
    let config = files.with("c.json", &json!({"hang": "numbers"}));
    let mut child = spawn(&["read", "--config", &config, "--streams", "numbers,letters"]);
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("\"RECORD\"") {
        stdout.read_line(&mut text).unwrap();
    }
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    stdout.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let errors = errors(&lines);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["failure_type"], "transient_error");
    assert!(errors[0]["message"].as_str().unwrap().contains("SIGTERM"), "{}", errors[0]);
    let story: Vec<_> = lines
        .iter()
        .filter(|line| {
            line["trace"]["stream_status"]["stream_descriptor"]["name"] == "numbers" || line["type"] == "STATE"
        })
        .map(|line| line["trace"]["stream_status"]["status"].as_str().unwrap_or("STATE"))
        .collect();
    assert_eq!(story.last(), Some(&"INCOMPLETE"), "{story:?}");
}
