//! Text for a person at a terminal, on stderr: log lines, and below them one line of progress.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use crate::log::LogTarget;
use crate::protocol::Level;

/// The line of progress that stands at the bottom, if any. One writer for log lines and progress, so that they do not mix.
static PROGRESS: Mutex<String> = Mutex::new(String::new());

/// Whether a person watches stderr.
pub(super) fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// Whether a line of progress would disturb nothing: stdout goes elsewhere.
pub(super) fn has_room_for_progress() -> bool {
    is_watched() && !std::io::stdout().is_terminal()
}

/// Shows a line of progress in place of the one before.
pub(super) fn show(line: &str) {
    let line: String = line.chars().take(usize::from(width().saturating_sub(1))).collect();
    let mut progress = PROGRESS.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = write!(std::io::stderr().lock(), "\r\x1b[K{line}");
    *progress = line;
}

/// Takes the line of progress away.
pub(super) fn clear() {
    let mut progress = PROGRESS.lock().unwrap_or_else(PoisonError::into_inner);
    if !progress.is_empty() {
        let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        progress.clear();
    }
}

/// The width of the terminal as the shell tells it, or a width that fits most.
fn width() -> u16 {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100)
}

/// Log lines as text.
pub(super) struct Terminal;

impl Terminal {
    pub(super) fn new() -> Self {
        Self
    }
}

impl LogTarget for Terminal {
    fn write(&self, level: Level, text: String) {
        let progress = PROGRESS.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stderr = std::io::stderr().lock();
        let clear = if progress.is_empty() { "" } else { "\r\x1b[K" };
        let level = level.as_str();
        let _ = writeln!(stderr, "{clear}{level:5} {text}");
        let _ = write!(stderr, "{progress}");
    }
}
