//! Log lines: LOG messages on stdout, or text on stderr when a person watches.

use std::fmt;
use std::sync::Arc;

use crate::Mask;
use crate::protocol::Level;

/// Where log lines go after filtering and masking.
pub(crate) trait LogTarget: Send + Sync {
    fn write(&self, level: Level, text: String);
}

/// A handle to write log lines with: cheap to clone, masks secrets, never blocks.
///
/// A line names its stream itself. A line below the level is not rendered: write `log.info(format_args!("…"))`.
#[derive(Clone)]
pub struct Log {
    level: Level,
    mask: Mask,
    target: Arc<dyn LogTarget>,
}

impl Log {
    pub(crate) fn new(level: Level, mask: Mask, target: Arc<dyn LogTarget>) -> Self {
        Self { level, mask, target }
    }

    /// A log that drops everything, for code that is tested on its own.
    #[must_use]
    pub fn silent() -> Self {
        struct Nowhere;
        impl LogTarget for Nowhere {
            fn write(&self, _: Level, _: String) {}
        }
        Self::new(Level::Fatal, Mask::default(), Arc::new(Nowhere))
    }

    /// The secrets that its lines do not show.
    pub(crate) fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Whether lines of a level are written.
    #[must_use]
    pub fn enabled(&self, level: Level) -> bool {
        level >= self.level
    }

    /// Writes a line of any level.
    pub fn log(&self, level: Level, text: impl fmt::Display) {
        if self.enabled(level) {
            let text = text.to_string();
            self.target.write(level, self.mask.mask(&text).into_owned());
        }
    }

    /// Something a user must know: a stream failed.
    pub fn error(&self, text: impl fmt::Display) {
        self.log(Level::Error, text);
    }

    /// Something a user should look at.
    pub fn warn(&self, text: impl fmt::Display) {
        self.log(Level::Warn, text);
    }

    /// What the sync does, a few lines a stream.
    pub fn info(&self, text: impl fmt::Display) {
        self.log(Level::Info, text);
    }

    /// Each request; shown with `--debug`.
    pub fn debug(&self, text: impl fmt::Display) {
        self.log(Level::Debug, text);
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("level", &self.level).finish_non_exhaustive()
    }
}
