//! What tests made a source write, kept for those who want to judge it against the protocol.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Keeps the output of a command in `messages/<test>-<n>.<exit code>.<verb>.jsonl` below a folder (the test binary's
/// `CARGO_TARGET_TMPDIR`). A failure to do so is the judge's problem, not the test's.
pub fn keep(folder: &str, verb: &str, code: i32, output: &[u8]) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
    let folder = Path::new(folder).join("messages");
    let _ = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join(format!("{test}-{number}.{code}.{verb}.jsonl")), output));
}
