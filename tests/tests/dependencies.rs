//! What a connector pulls in, and what it must not: a second TLS stack or C build, tables of Unicode that no URL needs,
//! engines of regular expressions, a second copy of what is large.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

use connector_tests::connector::workspace;

/// `name version` of each package that a connector is built from, on this platform.
fn packages() -> BTreeSet<String> {
    let output = Command::new(std::env::var_os("CARGO").unwrap())
        .args(["tree", "--offline", "--locked", "--package", "connector-http", "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn nothing_heavy_gets_in() {
    let banned =
        // reqwest: its layers cost more than all that hyper does for a request (docs/performance.md).
        ["aws-lc-rs", "aws-lc-sys", "cmake", "native-tls", "openssl", "openssl-sys", "regex", "regex-automata", "reqwest"];
    let found: Vec<_> = packages()
        .into_iter()
        .filter(|package| {
            let (name, version) = package.split_once(' ').unwrap();
            banned.contains(&name) || name.starts_with("icu_") || (name == "syn" && !version.starts_with("v3."))
        })
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn nothing_large_comes_twice() {
    let packages = packages();
    for name in ["hyper", "hyper-util", "rustls", "url", "tokio", "serde_json", "chrono", "syn"] {
        let copies: Vec<_> = packages.iter().filter(|package| package.split(' ').next() == Some(name)).collect();
        assert_eq!(copies.len(), 1, "{name}: {copies:?}");
    }
}
