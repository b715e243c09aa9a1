//! The lock's file: missing, spoilt, out of date; when it is written, and when not.

use super::{of, orders};
use connector_core::lock::{CatalogLock, Impact};
use serde_json::json;
use std::path::PathBuf;

/// A folder of a test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("catalog-lock-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn lock(&self, update: Option<&str>) -> CatalogLock {
        CatalogLock::in_package(self.0.to_str().unwrap(), "catalog.lock.json").with_update(update)
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.0.join("catalog.lock.json")).unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn it_is_written_when_asked() {
    let folder = Folder::new("written");
    let (small, large) = (of(&orders(&json!({}))), of(&orders(&json!({ "id": { "type": "integer" } }))));
    let text = folder.lock(None).verify(&small).unwrap_err().to_string();
    assert!(text.contains("has no lock yet") && text.contains("CATALOG_LOCK=additions cargo test"), "{text}");
    folder.lock(Some("additions")).verify(&small).unwrap();
    folder.lock(None).verify(&small).unwrap();
    let before = folder.text();
    assert!(before.ends_with("}\n") && before.contains("\"name\": \"orders\""), "{before}");

    let fault = folder.lock(None).verify(&large).unwrap_err();
    assert_eq!(fault.impact(), Some(Impact::Addition));
    let text = format!("{fault:?}");
    assert!(text.contains("\n  addition: orders.id: the field is new\n"), "{text}");
    assert!(text.ends_with("CATALOG_LOCK=additions cargo test writes the lock anew; commit it"), "{text}");
    assert_eq!(folder.text(), before, "a failing test writes nothing");
    folder.lock(Some("additions")).verify(&large).unwrap();
    folder.lock(None).verify(&large).unwrap();
}

#[test]
fn what_breaks_wants_its_own_word() {
    let folder = Folder::new("breaking");
    let (small, large) = (of(&orders(&json!({ "new": {} }))), of(&orders(&json!({ "id": { "type": "integer" } }))));
    folder.lock(Some("additions")).verify(&large).unwrap();
    for update in [None, Some("additions")] {
        let fault = folder.lock(update).verify(&small).unwrap_err();
        assert_eq!(fault.impact(), Some(Impact::Breaking));
        let told: Vec<String> = fault.changes().iter().map(ToString::to_string).collect();
        assert_eq!(told, ["orders.id: the field is gone", "orders.new: the field is new"], "what breaks comes first");
        let text = fault.to_string();
        assert!(text.contains("new major version") && text.contains("CATALOG_LOCK=breaking cargo test"), "{text}");
    }
    folder.lock(None).verify(&large).unwrap();
    folder.lock(Some("breaking")).verify(&small).unwrap();
    folder.lock(None).verify(&small).unwrap();
}

#[test]
fn a_spoilt_file_is_told() {
    let folder = Folder::new("spoilt");
    let catalog = of(&orders(&json!({})));
    std::fs::write(folder.0.join("catalog.lock.json"), "<<<<<<< HEAD").unwrap();
    for update in [None, Some("additions")] {
        let fault = folder.lock(update).verify(&catalog).unwrap_err();
        assert_eq!(fault.impact(), None);
        assert!(fault.to_string().contains("cannot be read: expected value at line 1"), "{fault}");
    }
    folder.lock(Some("breaking")).verify(&catalog).unwrap();
    folder.lock(None).verify(&catalog).unwrap();
    let fault = folder.lock(Some("yes")).verify(&catalog).unwrap_err();
    assert!(fault.to_string().contains("CATALOG_LOCK=yes says nothing"), "{fault}");
}
