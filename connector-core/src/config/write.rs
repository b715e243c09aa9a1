//! Files that are replaced whole: a reader sees the old one or the new one, never a half.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::{Error, ErrorKind, Result};

/// Replaces a file: writes a new one beside it, waits until it is on the disk, and renames it. Killed at any moment, the
/// old file or the new one is there. A link is followed; an existing file keeps its permissions, and a new one can be read
/// by its owner only, because configs and states may hold what is nobody else's business.
///
/// `what` names it in the error: `state`, `config`.
///
/// # Errors
/// Of the kind given, if the new file cannot be written or put in place; the old one is untouched then.
pub fn replace_file(path: &Path, what: &str, kind: ErrorKind, content: &[u8]) -> Result<()> {
    // A link to a file that is not there yet cannot be followed; it is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = beside(&path);
    let outcome = write_new(&beside, &path, content).and_then(|()| fs::rename(&beside, &path));
    if let Err(error) = outcome {
        // It may not exist; what matters is told below.
        let _ = fs::remove_file(&beside);
        let shown = path.display();
        let help = match error.kind() {
            io::ErrorKind::NotFound => "make its directory first".to_owned(),
            io::ErrorKind::PermissionDenied => "its directory must be writable".to_owned(),
            _ => format!("{error}"),
        };
        return Err(Error::new(kind, format!("the {what} file `{shown}` cannot be replaced: {help}")));
    }
    sync_directory(&path);
    Ok(())
}

/// A name in the same directory, since a rename does not cross file systems; the process makes it its own.
fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}

fn write_new(beside: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    // What an earlier process of the same number left behind.
    if beside.exists() {
        fs::remove_file(beside)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(beside)?;
    file.write_all(content)?;
    if let Ok(old) = fs::metadata(path) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()
}

/// Makes the rename itself last; where directories cannot be synced, the system does it in its own time.
fn sync_directory(path: &Path) {
    if let Some(directory) = path.parent().and_then(|directory| File::open(directory).ok()) {
        let _ = directory.sync_all();
    }
}
