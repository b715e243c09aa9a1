//! The files that come in, and the ones that are replaced.

use std::fs;
use std::path::PathBuf;

use connector_core::{ErrorKind, config};
use serde_json::json;

/// A directory of its own, removed at the end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("connector-core-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_config_is_read() {
    let directory = Directory::new("read");
    let path = directory.file("config.json", b"\xef\xbb\xbf {\"a\": 1}\n");
    assert_eq!(config::load(&path).unwrap(), json!({"a": 1}));
}

#[test]
fn a_config_that_cannot_be_read_says_why_and_shows_nothing_of_it() {
    let directory = Directory::new("faults");
    let cases: [(&[u8], &str); 5] = [
        (b"", "the config is empty"),
        (b"{\"token\": \"hunter2\",", "the config is not JSON: EOF while parsing a value at line 1 column 20"),
        (b"token: hunter2", "the config is not JSON: expected ident at line 1 column 2"),
        (
            b"[\"hunter2\"]",
            "the config has to be a JSON object such as {\"api_token\": \"…\"}; `spec` prints its fields",
        ),
        (b"{\"token\": \"hunter2\xff\"}", "the config is not JSON: invalid unicode code point at line 1 column 19"),
    ];
    for (content, expected) in cases {
        let path = directory.file("config.json", content);
        let error = config::load(&path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.to_string(), format!("{expected} (in the file `{}`)", path.display()));
    }
    let error = config::load(&directory.0.join("none.json")).unwrap_err().to_string();
    assert!(error.starts_with("there is no config file `") && error.ends_with("none.json`; check the path"), "{error}");
    let error = config::load(&directory.0).unwrap_err().to_string();
    assert!(error.ends_with("is a directory; name a file in it"), "{error}");
}

#[test]
fn a_file_is_replaced_whole() {
    let directory = Directory::new("replace");
    let path = directory.0.join("state.json");
    for content in ["[]", "[{\"longer\": true}]", ""] {
        config::replace_file(&path, "state", ErrorKind::State, content.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    let names: Vec<_> = fs::read_dir(&directory.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["state.json"], "nothing is left beside it");
}

#[test]
fn a_file_that_cannot_be_replaced_stays() {
    let directory = Directory::new("stays");
    let error = config::replace_file(&directory.0.join("no/state.json"), "state", ErrorKind::State, b"[]").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::State);
    assert!(error.to_string().ends_with("no/state.json` cannot be replaced: make its directory first"), "{error}");
    // A directory of that name is in the way of the rename.
    fs::create_dir(directory.0.join("dir")).unwrap();
    assert!(config::replace_file(&directory.0.join("dir"), "config", ErrorKind::Config, b"{}").is_err());
    let names: Vec<_> = fs::read_dir(&directory.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["dir"], "the new file is removed again");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let directory = Directory::new("unix");
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let new = directory.0.join("new.json");
    config::replace_file(&new, "config", ErrorKind::Config, b"{}").unwrap();
    assert_eq!(mode(&new), 0o600);

    let old = directory.file("old.json", b"{}");
    fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).unwrap();
    let link = directory.0.join("link.json");
    symlink(&old, &link).unwrap();
    config::replace_file(&link, "config", ErrorKind::Config, b"{\"a\":1}").unwrap();
    assert_eq!((fs::read_to_string(&old).unwrap().as_str(), mode(&old)), ("{\"a\":1}", 0o640));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}
