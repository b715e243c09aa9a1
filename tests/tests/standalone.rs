//! An example, copied out of the workspace, builds and runs: its manifest names all that it needs.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use connector_tests::connector::{executable, workspace};

#[test]
fn an_example_builds_outside_of_the_workspace() {
    let root = workspace();
    // Beside the test's own files, but with a `[workspace]` of its own: what is copied out belongs to nobody.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("standalone");
    let _ = fs::remove_dir_all(folder.join("src"));
    fs::create_dir_all(folder.join("src")).unwrap();
    let example = root.join("examples/source-orders");
    fs::copy(example.join("src/main.rs"), folder.join("src/main.rs")).unwrap();
    // The versions that the workspace was tested with, so that nothing is fetched.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let manifest = fs::read_to_string(example.join("Cargo.toml")).unwrap();
    assert!(!manifest.contains("workspace = true"), "{manifest}");
    let absolute = format!("path = \"{}/", root.display());
    let manifest = manifest.replace("path = \"../../", &absolute) + "\n[workspace]\n\n[profile.dev]\ndebug = false\n";
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();

    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap());
    cargo.args(["build", "--offline", "--message-format=json-render-diagnostics"]);
    cargo.current_dir(&folder).env("CARGO_TARGET_DIR", folder.join("target"));
    let binary = executable(&mut cargo, "source-orders").unwrap();
    let output = Command::new(binary).arg("spec").output().unwrap();
    assert!(output.status.success());
    let message: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(message["type"], "SPEC");
}
