//! A built connector: found, run, and what it wrote.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The binary of a package of this workspace, built if need be with the profile of the running test.
///
/// # Errors
/// When cargo cannot be run or the package does not build; the message has what cargo said.
pub fn build(package: &str) -> io::Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").as_deref().unwrap_or(OsStr::new("cargo")));
    cargo.args(["build", "--message-format=json-render-diagnostics", "--package", package]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    executable(cargo.current_dir(workspace()), package)
}

/// Runs a `cargo build` that writes JSON messages and picks the package's binary out of them.
///
/// # Errors
/// As [`build`].
pub fn executable(cargo: &mut Command, package: &str) -> io::Result<PathBuf> {
    let output = cargo.stdin(Stdio::null()).output()?;
    let failed = |why: &str| {
        io::Error::other(format!("cargo build of {package}: {why}\n{}", String::from_utf8_lossy(&output.stderr)))
    };
    if !output.status.success() {
        return Err(failed("failed"));
    }
    output
        .stdout
        .split(|&byte| byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == package)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| failed("made no binary of that name"))
}

/// The root of the workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests)
}
