//! `docs/families.txt` says what is supported; each line names the test that shows it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_listed_family_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeSet::new();
    for file in fs::read_dir(root.join("tests/families")).unwrap() {
        let file = file.unwrap().path();
        if file.is_dir() {
            continue;
        }
        let module = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&file).unwrap();
        for (_, after) in text.match_indices("#[test]\nfn ").map(|(at, found)| text.split_at(at + found.len())) {
            tests.insert(format!("{module}::{}", after.split('(').next().unwrap_or_default()));
        }
    }
    let families = fs::read_to_string(root.join("../docs/families.txt")).unwrap();
    let mut seen = BTreeSet::new();
    for line in families.lines().filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty()) {
        let (family, test) = line.split_once('#').unwrap_or((line, ""));
        assert!(tests.contains(test.trim()), "`{}` names no test: `{}`", family.trim(), test.trim());
        assert!(seen.insert(family.trim()), "`{}` is listed twice", family.trim());
    }
    assert!(seen.len() > 50, "{}", seen.len());
}
